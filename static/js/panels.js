// The side panels (rooms, about, search): columns where there is room for them, sheets over the conversation where not.
// Without script the same links open them by :target.

import { opened } from "./escape.js";

export class Panels {
  #room;
  #panel = null;
  #opener = null;
  #forget = () => {};

  constructor(room, { onOpen = () => {}, onClose = () => {} } = {}) {
    this.#room = room;
    this.onClose = onClose;
    room.addEventListener("keydown", (event) => {
      if (event.key !== " " || !event.target.matches("[data-opens]")) return;
      event.preventDefault(); // a link that acts as a button answers to the space bar too
      event.target.click();
    });
    room.addEventListener("click", (event) => {
      const opener = event.target.closest("[data-opens]");
      const closer = event.target.closest("[data-closes]");
      if (!opener && !closer) return;
      event.preventDefault();
      if (closer) return this.close();
      this.open(document.getElementById(opener.dataset.opens), opener);
      onOpen(opener.dataset.opens);
    });
  }

  open(panel, opener) {
    const again = panel === this.#panel;
    this.close();
    if (again) return;
    this.#panel = panel;
    this.#opener = opener;
    this.#forget = opened(() => this.close());
    panel.classList.add("panel--open");
    opener?.setAttribute("aria-expanded", "true");
    this.#room.classList.add("room--covered");
    (panel.querySelector("[data-first]") ?? panel.querySelector("a, button, input")).focus();
  }

  close() {
    if (!this.#panel) return;
    const panel = this.#panel;
    this.#forget();
    this.#panel = null;
    panel.classList.remove("panel--open");
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#room.classList.remove("room--covered");
    if (panel.contains(document.activeElement) || document.activeElement === document.body) this.#opener?.focus();
    this.onClose(panel.id);
  }
}
