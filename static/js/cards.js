// What is there for this person alone: letters from moderators, the card of a hard night. The server makes the cards; this
// keeps them fresh without touching the focus or what is being typed into one of them.

const ASKS = { "X-Cards": "1" };
const RENEW_AFTER = 2500; // milliseconds: the letter behind a card that was shown at once

export class Cards {
  #region;
  #list;
  #said;
  #events;
  #renewing = false;
  #again = false;

  // region: holds the list, data-address, data-room and the sentences; said: a polite live region of its own.
  // events: onGiveBack({ body, warning }), onEmptied()
  constructor(region, said, { onGiveBack = () => {}, onEmptied = () => {} } = {}) {
    this.#region = region;
    this.#list = region.querySelector("[data-slot=list]");
    this.#said = said;
    this.#events = { onGiveBack, onEmptied };
    region.addEventListener("submit", (event) => this.#submitted(event));
    region.addEventListener("click", (event) => this.#pressed(event));
    showLocalTimes(region);
  }

  // Asks for the cards anew; a second wish while one is asked for is answered once, afterwards.
  async renew() {
    if (this.#renewing) return void (this.#again = true);
    this.#renewing = true;
    const { address, room } = this.#region.dataset;
    const answer = await fetch(`${address}?${new URLSearchParams({ room: room ?? "" })}`, { headers: ASKS, redirect: "error" }).catch(() => null);
    if (answer?.ok) this.#show(await answer.text());
    this.#renewing = false;
    if (!this.#again) return undefined;
    this.#again = false;
    return this.renew();
  }

  // At once, from the page itself: nobody waits for a server on such a night. `told`: a person hears of it.
  showCrisis({ told }) {
    if (!this.#crisis()) this.#list.prepend(this.#builtIn(told));
    this.#settle();
    this.#open();
    this.#region.parentElement.scrollTop = 0;
    this.#say(this.#region.dataset.saidCrisis);
    setTimeout(() => this.renew(), RENEW_AFTER);
  }

  #show(markup) {
    const before = this.#ids();
    const page = new DOMParser().parseFromString(markup, "text/html");
    const wanted = [...page.querySelectorAll("[data-slot=list] > li")].map((fresh) => this.#kept(fresh));
    const now = this.#list.querySelector('[data-card="now"]');
    if (now && !wanted.some(isCrisis)) wanted.unshift(now);
    const focusWas = this.#list.contains(document.activeElement);
    arrange(this.#list, wanted);
    showLocalTimes(this.#list);
    this.#settle();
    if (focusWas && !this.#list.contains(document.activeElement)) this.#focusNext();
    const fresh = wanted.filter(({ dataset }) => !before.has(dataset.card));
    const isKnown = fresh.every((card) => isCrisis(card) && before.has("now"));
    if (fresh.length === 0 || isKnown) return;
    this.#open();
    this.#say(this.#region.dataset.saidNew);
  }

  // The card as it stands here, where it would say the same; else the new one, with what was typed into the old.
  #kept(fresh) {
    const old = this.#list.querySelector(`[data-card="${CSS.escape(fresh.dataset.card)}"]`);
    if (old && old.dataset.version === fresh.dataset.version) return old;
    const card = document.importNode(fresh, true);
    if (old) carryOver(old, card);
    return card;
  }

  async #submitted(event) {
    const form = event.target;
    if (!form.matches("[data-card-form]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    const button = form.querySelector("button");
    button.setAttribute("aria-disabled", "true");
    const answer = await fetch(form.action, { method: "POST", body, headers: ASKS, redirect: "error" }).catch(() => null);
    button.removeAttribute("aria-disabled");
    if (!answer || !(answer.ok || answer.status === 422)) return this.#say(this.#region.dataset.saidFailed);
    if (answer.ok) form.reset();
    this.#show(await answer.text());
  }

  #pressed(event) {
    const card = event.target.closest("[data-card]");
    if (event.target.closest("[data-close]")) {
      card.remove();
      this.#settle();
      this.#focusNext();
    } else if (event.target.closest("[data-give-back]")) {
      const text = (name) => card.querySelector(`[data-slot="${name}"]`)?.textContent ?? "";
      this.#events.onGiveBack({ body: text("given_body"), warning: text("given_warning") });
      card.querySelector(".own-card__away")?.requestSubmit();
    }
  }

  #crisis() {
    return [...this.#list.children].find(isCrisis);
  }

  #builtIn(told) {
    const card = document.querySelector('template[data-template="card-crisis"]').content.firstElementChild.cloneNode(true);
    card.querySelector("[data-slot=state]").hidden = !told;
    return card;
  }

  #ids() {
    return new Set([...this.#list.children].map(({ dataset }) => dataset.card));
  }

  // Nothing there, nothing shown.
  #settle() {
    this.#region.hidden = this.#list.childElementCount === 0;
    const count = this.#region.querySelector("[data-slot=count]");
    if (count) count.textContent = String(this.#list.childElementCount);
  }

  #open() {
    if ("open" in this.#region) this.#region.open = true;
  }

  #focusNext() {
    const next = this.#list.firstElementChild;
    if (!next) return this.#events.onEmptied();
    next.tabIndex = -1;
    return next.focus({ preventScroll: true });
  }

  #say(text) {
    if (!this.#said) return;
    this.#said.textContent = "";
    setTimeout(() => (this.#said.textContent = text), 50); // the same words twice are news twice
  }
}

const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });

// The server writes times by the program's clock; here they follow the reader's.
export function showLocalTimes(place) {
  for (const time of place.querySelectorAll("time[data-local-time]")) time.textContent = moment.format(new Date(time.dateTime));
}

function isCrisis(card) {
  return card.classList.contains("own-card--crisis");
}

function carryOver(old, card) {
  for (const field of card.querySelectorAll("textarea")) {
    const typed = old.querySelector(`#${CSS.escape(field.id)}`)?.value;
    if (typed && !field.value) field.value = typed;
  }
  const folds = [...old.querySelectorAll("details")];
  card.querySelectorAll("details").forEach((fold, place) => (fold.open ||= Boolean(folds[place]?.open)));
}

// Puts them in order and takes out the others, without moving one that stands right: it may hold the focus.
function arrange(list, wanted) {
  for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((card, place) => {
    if (list.children[place] !== card) list.insertBefore(card, list.children[place] ?? null);
  });
}
