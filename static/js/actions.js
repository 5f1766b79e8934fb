// What one can do with a message, in one small panel that moves to the message it was opened for. A list of plain
// buttons after the one that opens it: Tab goes through them, Escape closes.

import { opened } from "./escape.js";
import { slot } from "./slots.js";
import { word } from "./words.js";

const SCROLLED_AWAY = 60; // pixels

export class Actions {
  #panel;
  #button = null;
  #message = null;
  #scroller;
  #openedAt = 0;
  #forget = () => {};

  // can(message) -> { reply, edit, redact, mute, flag, … }; acts: onReact, onReply, onEdit, onRedact, onMute, onFlag, each given the message
  constructor(panel, scroller, can, acts) {
    this.#panel = panel;
    this.#scroller = scroller;
    this.can = can;
    panel.addEventListener("click", (event) => this.#chosen(event, acts));
    scroller.addEventListener("scroll", () => {
      if (Math.abs(scroller.scrollTop - this.#openedAt) > SCROLLED_AWAY) this.close();
    }, { passive: true });
    document.addEventListener("pointerdown", (event) => {
      const inside = this.#panel.contains(event.target) || this.#button?.contains(event.target);
      if (!inside) this.close();
    });
    document.addEventListener("focusin", (event) => {
      if (!this.#panel.contains(event.target) && event.target !== this.#button) this.close();
    });
  }

  toggle(button, message) {
    const wasHere = this.#button === button;
    this.close();
    if (!wasHere) this.#open(button, message);
  }

  close(takeFocusBack = false) {
    if (!this.#button) return;
    const button = this.#button;
    this.#forget();
    this.#button = this.#message = null;
    this.#panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (takeFocusBack) button.focus();
  }

  #open(button, message) {
    this.#button = button;
    this.#message = message;
    this.#openedAt = this.#scroller.scrollTop;
    this.#forget = opened(() => this.close(true));
    const allowed = this.can(message);
    for (const item of this.#panel.querySelectorAll("[data-act]")) item.hidden = !allowed[item.dataset.act];
    slot(this.#panel, "mute_word").textContent = word(allowed.muted ? "unmute" : "mute", { name: message.author.pseudonym });
    for (const item of this.#panel.querySelectorAll("[data-kind]")) {
      item.setAttribute("aria-pressed", String(allowed.reactions.includes(item.dataset.kind)));
    }
    button.after(this.#panel);
    button.setAttribute("aria-expanded", "true");
    this.#panel.hidden = false;
    this.#place(button);
    this.#panel.querySelector("button:not([hidden])").focus({ preventScroll: true });
  }

  // Beside the button and inside the window; a narrow window shows it as a sheet instead (actions.css).
  #place(button) {
    const { top, bottom, left, right } = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#panel;
    const below = bottom + height + 8 < innerHeight;
    this.#panel.style.setProperty("--actions-top", `${Math.max(8, below ? bottom + 4 : top - height - 4)}px`);
    const start = left + width + 8 < innerWidth ? left : right - width;
    this.#panel.style.setProperty("--actions-left", `${Math.max(8, start)}px`);
  }

  #chosen(event, acts) {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    const message = this.#message;
    const { act, kind } = chosen.dataset;
    this.close(true);
    if (kind) acts.onReact(message, kind);
    else if (act) acts[{ reply: "onReply", edit: "onEdit", redact: "onRedact", mute: "onMute", flag: "onFlag" }[act]](message);
  }
}
