// The conversation: one entry a message, in the order of seq, each once, newest state by changed. Keeps the reader's place.

import { excerptOf, fill, newMessage } from "./message.js";
import { slot } from "./slots.js";
import { dayOf, isSameDay } from "./times.js";

const TOGETHER = 5 * 60 * 1000; // one author's messages this close share a head, in milliseconds
const NEAR_NEWEST = 48; // pixels
const KEPT_IN_PAGE = 400; // a page open all night lets go of the oldest; history brings them back

export class Timeline {
  #scroller;
  #list;
  #context;
  #entries = [];
  #byId = new Map();
  #newAfter = Infinity; // messages of others above this number are "new since you were here"
  #firstNew = null;

  // The scroller is a reversed column: scrollTop is 0 at the newest message and negative above it.
  constructor(scroller, list, context, more) {
    this.#scroller = scroller;
    this.#list = list;
    this.#context = context;
    this.more = more;
  }

  // Takes over what the server rendered, so that script and server never show two versions.
  adopt(messages) {
    const rendered = new Map([...this.#list.children].map((element) => [element.dataset.id, element]));
    for (const message of messages) {
      const element = rendered.get(message.id);
      if (!element) continue;
      this.#add({ message, element: fill(element, message, this.#context), at: new Date(message.at) }, this.#entries.length);
    }
    this.#entries.forEach((_, place) => this.#arrange(place));
  }

  get isEmpty() { return this.#entries.length === 0; }
  get oldest() { return this.#entries[0]?.message.seq ?? 0; }
  get newest() { return this.#entries.at(-1)?.message.seq ?? 0; }
  get isAtNewest() { return this.#scroller.scrollTop > -NEAR_NEWEST; }

  // The newest message of one's own up to this number that is still there to read.
  newestOwn(upTo) {
    const mine = ({ message }) => message.author.id === this.#context.you.id && message.seq <= upTo && !message.redacted;
    return this.#entries.findLast(mine)?.message;
  }

  has(id) { return this.#byId.has(id); }
  message(id) { return this.#byId.get(id)?.message; }
  element(id) { return this.#byId.get(id)?.element; }

  // Puts in what is new, renews what has changed, passes over what it knows. Answers the messages that are new here.
  apply(messages) {
    const fresh = [];
    this.#keepPlace(() => {
      for (const message of messages) {
        if (this.#applyOne(message)) fresh.push(message);
      }
    });
    return fresh;
  }

  // Older messages, from history. Answers whether any came.
  prepend(messages, more) {
    this.more = more;
    this.#keepPlace(() => messages.forEach((message) => this.#put(message)));
    return messages.length > 0;
  }

  // Fills every entry again: a mute changes what is shown of many.
  refresh() {
    this.#keepPlace(() => this.#entries.forEach((entry, place) => {
      fill(entry.element, entry.message, this.#context);
      this.#arrange(place);
    }));
  }

  // From here on the first message of another person above this number carries the "new" line.
  markNewAfter(seq) {
    const old = this.#firstNew;
    this.#newAfter = seq;
    this.#firstNew = null;
    this.#keepPlace(() => {
      for (const entry of this.#entries) this.#considerNew(entry);
      if (old) this.#arrange(this.#entries.indexOf(old));
      if (this.#firstNew) this.#arrange(this.#entries.indexOf(this.#firstNew));
    });
  }

  // The reader is looking: what comes now is not new since they were here.
  stopMarking() {
    if (!this.#firstNew) this.#newAfter = Infinity;
  }

  scrollToNewest() {
    this.#scroller.scrollTop = 0;
  }

  scrollToMarker() {
    if (this.#firstNew) slot(this.#firstNew.element, "new").scrollIntoView({ block: "center" });
  }

  reveal(id) {
    const element = this.element(id);
    if (!element) return false;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("message--found");
    void element.offsetWidth; // restarts the highlight
    element.classList.add("message--found");
    element.focus({ preventScroll: true });
    return true;
  }

  // Runs a change; whatever it adds or grows, what the reader looks at stays where it is. The first message in view is
  // held by its foot: its head may come and go with the message before it.
  #keepPlace(change) {
    const anchor = this.isAtNewest ? null : this.#firstInView();
    const before = anchor?.getBoundingClientRect().bottom;
    change();
    if (anchor?.isConnected) this.#scroller.scrollTop += anchor.getBoundingClientRect().bottom - before;
    else if (!anchor) this.#trim();
  }

  keepPlaceOf(element, change) {
    const before = element.getBoundingClientRect().top;
    change();
    this.#scroller.scrollTop += element.getBoundingClientRect().top - before;
  }

  #applyOne(message) {
    const known = this.#byId.get(message.id);
    if (known && known.message.changed >= message.changed) return false;
    this.#renewQuotesOf(message);
    // A change to a message older than what is loaded: it comes in its newest state with its page of history.
    if (!known && this.more && message.seq < this.oldest) return false;
    this.#put(message);
    return !known;
  }

  #put(message) {
    const known = this.#byId.get(message.id);
    if (known) {
      if (known.message.changed >= message.changed) return;
      known.message = message;
      fill(known.element, message, this.#context);
      return;
    }
    const place = this.#placeFor(message.seq);
    const quoted = this.#byId.get(message.reply_to?.id)?.message;
    const current = quoted ? quoting(message, quoted) : message;
    this.#add({ message: current, element: newMessage(current, this.#context), at: new Date(message.at) }, place);
    this.#arrange(place);
    this.#arrange(place + 1);
  }

  // A message was edited or taken back: whoever answered it quotes it as it is now.
  #renewQuotesOf(message) {
    for (const entry of this.#entries) {
      if (entry.message.reply_to?.id !== message.id) continue;
      entry.message = quoting(entry.message, message);
      fill(entry.element, entry.message, this.#context);
    }
  }

  #add(entry, place) {
    const next = this.#entries[place];
    if (!entry.element.isConnected) this.#list.insertBefore(entry.element, next?.element ?? null);
    this.#entries.splice(place, 0, entry);
    this.#byId.set(entry.message.id, entry);
    this.#considerNew(entry);
  }

  #considerNew(entry) {
    const { seq, author } = entry.message;
    if (seq <= this.#newAfter || author.id === this.#context.you.id || this.#context.mutes.has(author.id)) return;
    const before = this.#firstNew;
    if (before && before.message.seq <= seq) return;
    this.#firstNew = entry;
    if (before) this.#arrange(this.#entries.indexOf(before));
  }

  // From the end: nearly every message is the newest.
  #placeFor(seq) {
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1].message.seq > seq) place -= 1;
    return place;
  }

  // Day line, "new" line and shared head of one entry, from its neighbour before.
  #arrange(place) {
    const entry = this.#entries[place];
    if (!entry) return;
    const before = this.#entries[place - 1];
    const newDay = !before || !isSameDay(before.at, entry.at);
    const day = slot(entry.element, "day");
    day.hidden = !newDay;
    if (newDay) day.textContent = dayOf(entry.at);
    const firstNew = entry === this.#firstNew;
    slot(entry.element, "new").hidden = !firstNew;
    entry.element.classList.toggle("message--follows", !newDay && !firstNew && continues(before, entry));
  }

  #firstInView() {
    const top = this.#scroller.getBoundingClientRect().top;
    return this.#entries.find(({ element }) => element.getBoundingClientRect().bottom > top)?.element;
  }

  #trim() {
    if (this.#entries.length < KEPT_IN_PAGE * 1.5) return;
    for (const { message, element } of this.#entries.splice(0, this.#entries.length - KEPT_IN_PAGE)) {
      this.#byId.delete(message.id);
      element.remove();
    }
    this.more = true;
    this.#arrange(0);
  }
}

function quoting(message, quoted) {
  return { ...message, reply_to: { ...message.reply_to, excerpt: excerptOf(quoted) } };
}

// Whether a message needs no head of its own: the same author went on speaking, with nothing in between to explain.
function continues(before, { message, at }) {
  const sameAuthor = before.message.author.id === message.author.id;
  return sameAuthor && at - before.at < TOGETHER && !message.reply_to && !message.warning && !message.blurred;
}
