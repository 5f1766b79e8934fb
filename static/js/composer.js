// Where a person writes: grows with the text, Enter sends where there is a keyboard, tells how much room is left.

import { forget, keep, kept } from "./drafts.js";
import { opened } from "./escape.js";
import { excerptOf } from "./message.js";
import { slot } from "./slots.js";
import { word } from "./words.js";

const TELL_LEFT_FROM = 300; // characters
const TYPING_EVERY = 3000; // milliseconds
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

export class Composer {
  #form;
  #room;
  #limits;
  #acts;
  #replyTo = null;
  #editing = null;
  #closeContext = () => {};
  #lastTyping = 0;
  #isClosed = false;

  // acts: onPost({ body, warning, replyTo }), onEdit(message, { body, warning }), onTyping(); limits: { length, warning }
  constructor(form, room, limits, acts) {
    this.#form = form;
    this.#room = room;
    this.#limits = limits;
    this.#acts = acts;
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("input", (event) => this.#changed(event.isTrusted));
    this.#body.addEventListener("keydown", (event) => this.#pressed(event));
    slot(form, "cancel").addEventListener("click", () => this.#cancelContext());
    this.#body.enterKeyHint = hasKeyboard.matches ? "send" : "enter";
    this.#restore(kept(room));
  }

  get #body() { return this.#form.elements.body; }
  get #warning() { return this.#form.elements.warning; }

  focus() {
    this.#body.focus();
  }

  replyTo(message) {
    this.#leaveEdit();
    this.#replyTo = { id: message.id, author: message.author.pseudonym, excerpt: excerptOf(message) };
    this.#showContext(word("replying_to", { name: message.author.pseudonym }), this.#replyTo.excerpt ?? word("quote_hidden"));
    this.focus();
  }

  edit(message) {
    if (!this.#editing) keep(this.#room, this.#state());
    this.#editing = message;
    this.#fill({ body: message.body, warning: message.warning ?? "" });
    this.#showContext(word("editing"), "");
    this.focus();
  }

  // Gives the words of a stopped message back to the person.
  giveBack({ body, warning, replyTo }) {
    const own = this.#body.value.trim();
    this.#fill({ body: own ? `${body}\n\n${own}` : body, warning: warning || this.#warning.value });
    if (replyTo) {
      this.#replyTo = replyTo;
      this.#showContext(word("replying_to", { name: replyTo.author }), replyTo.excerpt ?? "");
    }
    this.focus();
  }

  // parts: the passages that an edit was held for
  say(text, parts = []) {
    const place = slot(this.#form, "error");
    place.textContent = [text, ...parts.map((part) => `“${part}”`)].filter(Boolean).join(" ");
    place.hidden = !text;
  }

  editDone() {
    if (this.#editing) this.#cancelContext();
  }

  // For good: the person is not of this room any more.
  close(text) {
    this.#isClosed = true;
    this.allow(false);
    this.say(text);
  }

  // Whether one may write now; what was typed stays.
  allow(isOpen) {
    this.#form.querySelector("fieldset").disabled = this.#isClosed || !isOpen;
  }

  #submit(event) {
    event.preventDefault();
    const { body, warning } = this.#state();
    const said = { body: body.trim(), warning: warning.trim() };
    if (!said.body) return this.focus();
    if (this.#isTooLong()) return this.say(word("too_long"));
    this.say("");
    if (this.#editing) return this.#acts.onEdit(this.#editing, said);
    const replyTo = this.#replyTo;
    this.#reset();
    this.#acts.onPost({ ...said, replyTo });
    return this.focus();
  }

  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard.matches) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #changed(byHand) {
    this.#grow();
    this.#tellLeft();
    if (!this.#editing) keep(this.#room, this.#state());
    const now = Date.now();
    if (!byHand || this.#editing || !this.#body.value || now - this.#lastTyping < TYPING_EVERY) return;
    this.#lastTyping = now;
    this.#acts.onTyping();
  }

  #state() {
    return { body: this.#body.value, warning: this.#warning.value, replyTo: this.#replyTo };
  }

  #restore(draft) {
    if (draft.body || draft.warning) this.#fill(draft);
    else this.#changed(false);
  }

  #fill({ body, warning }) {
    this.#body.value = body;
    this.#warning.value = warning ?? "";
    this.#form.querySelector("details").open = Boolean(warning);
    this.#body.setSelectionRange(body.length, body.length);
    this.#changed(false);
  }

  #reset() {
    forget(this.#room);
    this.#fill({ body: "", warning: "" });
    this.#hideContext();
    this.#lastTyping = 0;
  }

  #cancelContext() {
    this.#leaveEdit();
    this.#hideContext();
    this.#changed(false);
    this.focus();
  }

  #leaveEdit() {
    if (!this.#editing) return;
    this.#editing = null;
    this.say("");
    this.#fill(kept(this.#room));
  }

  #showContext(title, excerpt) {
    this.#closeContext();
    this.#closeContext = opened(() => this.#cancelContext());
    slot(this.#form, "context").hidden = false;
    slot(this.#form, "context_title").textContent = title;
    slot(this.#form, "context_excerpt").textContent = excerpt;
    slot(this.#form, "send_word").textContent = word(this.#editing ? "save" : "send");
  }

  #hideContext() {
    this.#closeContext();
    this.#closeContext = () => {};
    this.#replyTo = null;
    slot(this.#form, "context").hidden = true;
    slot(this.#form, "context_excerpt").textContent = "";
    slot(this.#form, "send_word").textContent = word("send");
  }

  #grow() {
    this.#body.style.blockSize = "auto";
    this.#body.style.blockSize = `${this.#body.scrollHeight + 2}px`;
  }

  // Counted as the server counts: characters, not UTF-16 units.
  #left() {
    return this.#limits.length - [...this.#body.value.trim()].length;
  }

  #isTooLong() {
    return this.#left() < 0 || [...this.#warning.value.trim()].length > this.#limits.warning;
  }

  #tellLeft() {
    const left = this.#left();
    const place = slot(this.#form, "left");
    place.hidden = left > TELL_LEFT_FROM;
    place.textContent = left < 0 ? word("over", { count: -left }) : word("left", { count: left });
    place.classList.toggle("composer__left--over", left < 0);
  }
}
