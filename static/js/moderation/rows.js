// The list of cases: which one is chosen, going through them, and taking over what the server says of them now.

import { part, say } from "../page.js";
import { goQuietly } from "../quiet_history.js";
import { word } from "../words.js";
import { morph } from "./morph.js";

export class Rows {
  #place;
  #left = 0; // where the chosen case stood, once it is gone

  constructor(place) {
    this.#place = place;
    const choose = (event) => this.#choose(event.target.closest("[data-case]"));
    place.addEventListener("focusin", choose);
    place.addEventListener("pointerdown", choose);
  }

  get count() {
    return this.#all().length;
  }

  // fresh: a document with the parts that move, each marked data-live.
  renew(fresh) {
    const chosen = this.#chosen();
    const at = this.#all().indexOf(chosen);
    const hadFocus = chosen?.contains(document.activeElement);
    for (const newer of fresh.querySelectorAll("[data-live]")) {
      const older = document.querySelector(`[data-live="${newer.dataset.live}"]`);
      if (older) morph(older, newer);
    }
    if (!chosen) return;
    if (!chosen.isConnected) this.#lose(at, hadFocus);
    else if (hadFocus && !chosen.contains(document.activeElement)) this.#focus(chosen);
  }

  move(by) {
    const all = this.#all();
    const at = all.indexOf(this.#chosen());
    const to = at >= 0 ? at + by : this.#left + (by > 0 ? 0 : -1);
    const row = all[Math.min(Math.max(to, 0), all.length - 1)];
    return row ? this.#focus(row) : say(word("nothing_chosen"));
  }

  // Puts the focus on the row with this number, counted from 0, if there is one.
  focus(number) {
    const row = this.#all()[number];
    if (row) this.#focus(row);
  }

  claim() {
    const row = this.#chosen();
    if (!row) return say(word("nothing_chosen"));
    const button = row.querySelector("[data-claim]");
    if (button && !button.disabled) return button.click();
    return say(row.querySelector(".row__who")?.textContent ?? word("nothing_to_claim"));
  }

  // act: where on the case's page to begin
  open(act = "") {
    const row = this.#chosen();
    if (!row) return say(word("nothing_chosen"));
    return goQuietly(`${linkOf(row).href}${act && `#${act}`}`);
  }

  #lose(at, hadFocus) {
    this.#left = Math.max(at, 0);
    say(word("selected_left"));
    if (hadFocus) part("cases").focus({ preventScroll: true });
  }

  #all() {
    return [...this.#place.querySelectorAll("[data-case]")];
  }

  #chosen() {
    return this.#place.querySelector("[data-selected]");
  }

  #choose(row) {
    if (!row) return;
    this.#chosen()?.removeAttribute("data-selected");
    row.setAttribute("data-selected", "");
  }

  #focus(row) {
    linkOf(row).focus();
    row.scrollIntoView({ block: "nearest" });
  }
}

function linkOf(row) {
  return row.querySelector(".row__link");
}
