// The middle of the room page: the timeline, what is on its way into it, the composer, and how far the person has read.

import { Actions } from "./actions.js";
import { Acts } from "./acts.js";
import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { Flagging } from "./flagging.js";
import { isLeaving } from "./leave.js";
import { Marks } from "./marks.js";
import { Older } from "./older.js";
import { Outbox } from "./outbox.js";
import { part, say } from "./page.js";
import { PendingBubbles } from "./pending.js";
import { Reading } from "./reading.js";
import { Timeline } from "./timeline.js";
import * as wire from "./wire.js";
import { counted, word } from "./words.js";

const PAGES_BACK = 20; // how far a press on a quote looks for the message

export class Conversation {
  #page;
  #mutes;
  #events;
  #online = true; // until it is known to be otherwise: a page just opened does not cry wolf
  #unseen = 0;
  #waiting = new Map(); // by id: messages of one's own that wait for a moderator

  // line: { ask(frame), send(frame) }, both only once the room is entered;
  // events: onWritten(authorId), onMutesTurned(), onSilence()
  constructor(page, mutes, line, events) {
    this.#page = page;
    this.#mutes = mutes;
    this.#events = events;
    const context = { you: page.you, mutes };
    this.acts = new Acts(page, line.ask, mutes);
    this.timeline = new Timeline(part("timeline"), part("messages"), context, page.more);
    this.outbox = new Outbox(page.room, line.send, {
      onChange: (draft) => this.bubbles.show(draft),
      onSettled: (draft, answer) => this.#settle(draft, answer),
      onWaits: (draft, { id, text }) => {
        this.bubbles.remove(draft);
        this.#wait({ id, body: draft.body, warning: draft.warning, text });
      },
      onSilence: events.onSilence,
    });
    part("pending").replaceChildren(); // what the server put there for a page without script
    this.bubbles = new PendingBubbles(part("pending"), {
      onEdit: (draft) => { this.#drop(draft); this.composer.giveBack(draft); },
      onDiscard: (draft) => { this.#drop(draft); this.#focus(); },
      onRetry: (draft) => this.outbox.retry(draft),
    });
    this.composer = new Composer(part("composer"), page.room, page.limits, {
      onPost: (said) => this.#post(said),
      onEdit: (message, said) => this.#saveEdit(message, said),
      onTyping: () => line.send(wire.typing(page.room)),
    });
    this.actions = new Actions(part("actions"), part("timeline"), (message) => this.acts.allowed(message), {
      onReact: (message, kind) => this.acts.react(this.timeline.message(message.id) ?? message, kind),
      onReply: (message) => this.composer.replyTo(message),
      onEdit: (message) => this.composer.edit(message),
      onRedact: (message) => this.acts.redact(message),
      onMute: (message) => this.turnMute(message.author),
      onFlag: (message) => this.flagging.message(message),
    });
    this.flagging = new Flagging(part("flag"), page.room, line.ask, {
      isMuted: (member) => mutes.has(member.id),
      onMute: (member) => this.turnMute(member),
    });
    this.older = new Older(part("older"), page.room, this.timeline, line.ask);
    this.reading = new Reading(page.room, page.you.read, line.send);
    this.announcer = new Announcer(part("announcer"));
    this.marks = page.marks && new Marks(page, this.timeline, line.send); // in a thread of two
    this.#begin();
  }

  // All that the room says is new or changed.
  take(messages) {
    for (const message of messages) this.#dropTwin(message);
    for (const { id } of messages) this.#settled(id);
    const wasAtNewest = this.timeline.isAtNewest;
    const fresh = this.timeline.apply(messages).filter((message) => this.#isFromOthers(message));
    for (const message of fresh) this.#events.onWritten(message.author.id);
    if (messages.some(({ redacted, blurred }) => redacted || blurred)) this.announcer.forget();
    this.announcer.announce(fresh.map(sentenceOf), (count) => word("announce_many", { count }));
    this.#unseen = wasAtNewest && isLookedAt() ? 0 : this.#unseen + fresh.length;
    this.#showEmpty();
    this.#look();
  }

  // held: what this person wrote that waits for a moderator now; what waits no longer was released or refused meanwhile.
  entered(held) {
    const ids = new Set(held.map(({ id }) => id));
    for (const id of [...this.#waiting.keys()]) if (!ids.has(id)) this.#settled(id);
    for (const each of held) this.#wait(each);
    this.connection(true);
    this.outbox.deliverAll();
    this.older.entered();
    this.#look();
  }

  // A moderator has decided: a released message comes like any other, and of a refused one a card tells.
  #settled(id) {
    const draft = this.#waiting.get(id);
    if (!draft) return;
    this.#waiting.delete(id);
    if (this.bubbles.remove(draft)) this.#focus();
    this.#showEmpty();
  }

  // Gives the words of a message back to the person who wrote it.
  giveBack(said) {
    this.composer.giveBack(said);
  }

  lost() {
    this.outbox.lost();
    this.older.lost();
    this.connection(false);
  }

  connection(online) {
    this.#online = online;
    const text = online ? "" : word(this.outbox.isEmpty ? "reconnecting" : "reconnecting_kept");
    part("connection").textContent = text;
    part("room").classList.toggle("room--offline", !online);
    this.bubbles.connection(online, this.outbox.drafts);
  }

  async turnMute(member) {
    if (!(await this.acts.turnMute(member))) return;
    this.timeline.refresh();
    this.#events.onMutesTurned();
  }

  // Shows the message of this number, however far back it is.
  async showFound(id, seq) {
    await this.older.reach(seq);
    this.#reveal(id);
  }

  #begin() {
    this.timeline.adopt(this.#page.messages);
    this.timeline.markNewAfter(this.#page.you.read);
    this.timeline.stopMarking();
    for (const each of this.#page.held) this.#wait(each);
    this.timeline.scrollToMarker();
    this.older.renew();
    part("timeline").addEventListener("click", (event) => this.#pressed(event));
    part("timeline").addEventListener("scroll", () => this.#look(), { passive: true });
    part("jump").addEventListener("click", () => this.#jumpToNewest());
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
    window.addEventListener("beforeunload", (event) => {
      if (!this.outbox.isEmpty && !isLeaving()) event.preventDefault();
    });
    this.#showEmpty();
    this.#look();
  }

  #pressed(event) {
    const message = this.timeline.message(event.target.closest("[data-id]")?.dataset.id);
    if (!message) return;
    const quote = event.target.closest("[data-target]");
    const button = event.target.closest("button");
    const fold = event.target.closest("summary");
    if (quote) {
      event.preventDefault();
      this.#goTo(quote.dataset.target);
    } else if (button?.dataset.slot === "more") {
      this.actions.toggle(button, message);
    } else if (button?.closest("[data-slot=reactions]")) {
      this.acts.react(message, button.dataset.kind);
    } else if (fold) {
      event.preventDefault();
      this.timeline.keepPlaceOf(fold, () => (fold.parentElement.open = !fold.parentElement.open));
    }
  }

  #post(said) {
    const draft = this.outbox.add(said);
    this.timeline.scrollToNewest();
    this.#showEmpty();
    this.outbox.deliver(draft);
    if (!this.#online) this.connection(false); // says now that the message is kept
  }

  async #saveEdit(message, said) {
    const problem = await this.acts.edit(message, said);
    if (problem && !problem.waits) return this.composer.say(problem.text, problem.parts);
    if (problem) this.#wait(problem.waits);
    return this.composer.editDone();
  }

  #wait({ id, body, warning, text = "" }) {
    if (this.#waiting.has(id) || this.timeline.message(id)) return;
    const draft = { key: id, body, warning, text, state: "waiting" };
    this.#waiting.set(id, draft);
    this.bubbles.show(draft);
    this.#showEmpty();
  }

  #settle(draft, answer) {
    this.bubbles.remove(draft);
    this.timeline.apply([wire.settled(draft, answer, this.#page.you)]);
    this.#look();
  }

  #drop(draft) {
    this.outbox.discard(draft);
    this.bubbles.remove(draft);
    this.#showEmpty();
  }

  // The room heard of this post before its author was answered: the bubble would show it a second time.
  #dropTwin(message) {
    if (message.author.id !== this.#page.you.id || this.timeline.has(message.id)) return;
    const draft = this.outbox.takeTwinOf(message);
    if (draft) this.bubbles.remove(draft);
  }

  // The message that a reply answers: its number is not known, so some pages back are tried.
  async #goTo(id) {
    for (let pages = 0; pages < PAGES_BACK && !this.timeline.has(id) && (await this.older.load(100)); pages += 1);
    this.#reveal(id);
  }

  #reveal(id) {
    if (!this.timeline.reveal(id)) say(word("message_gone"));
  }

  #jumpToNewest() {
    this.timeline.scrollToNewest();
    this.#focus();
    this.#look();
  }

  // Not the composer: a phone would open its keyboard.
  #focus() {
    part("timeline").focus({ preventScroll: true });
  }

  #visibilityChanged() {
    if (!isLookedAt()) return this.timeline.markNewAfter(this.timeline.newest);
    this.timeline.stopMarking();
    return this.#look();
  }

  #isFromOthers({ author, redacted }) {
    return author.id !== this.#page.you.id && !redacted && !this.#mutes.has(author.id);
  }

  #look() {
    const atNewest = this.timeline.isAtNewest;
    if (atNewest && isLookedAt()) {
      this.#unseen = 0;
      this.reading.saw(this.timeline.newest);
    }
    this.marks?.took(this.timeline.newest, this.reading.told);
    this.marks?.show();
    part("jump").hidden = atNewest;
    part("jump-count").textContent = this.#unseen ? counted("jump", this.#unseen) : word("jump_newest");
  }

  #showEmpty() {
    part("empty").hidden = !this.timeline.isEmpty || !this.outbox.isEmpty || this.#waiting.size > 0;
  }
}

function isLookedAt() {
  return document.visibilityState === "visible";
}

function sentenceOf({ author, body, warning, blurred }) {
  const name = author.pseudonym;
  if (blurred) return word("announce_blurred", { name });
  return warning ? word("announce_warning", { name, warning }) : word("announce_one", { name, body });
}
