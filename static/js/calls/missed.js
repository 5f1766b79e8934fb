// Calls that rang in vain: a line each, until the person puts it away.

import { slot, stamp } from "../slots.js";
import { momentOf } from "../times.js";
import { word } from "../words.js";

export const MISSED = ["missed", "cancelled", "busy"];

export class MissedCalls {
  #list;
  #name;
  #acts;
  #lines = new Map();
  #away = new Set(); // put away here: what is still under way about them changes nothing

  // acts: onPutAway(call), onCallBack(way)
  constructor(list, name, acts) {
    this.#list = list;
    this.#name = name;
    this.#acts = acts;
    list.replaceChildren(); // what the server put there for a page without script
  }

  // All that there are, as the room says when it is entered.
  all(missed) {
    const known = new Set(missed.map(({ call }) => call));
    for (const call of [...this.#lines.keys()]) if (!known.has(call)) this.#remove(call);
    for (const each of missed) this.add(each);
  }

  add({ call, way, at }) {
    if (this.#lines.has(call) || this.#away.has(call)) return;
    const line = stamp("missed-call");
    slot(line, "text").textContent = word(way === "video" ? "missed_video" : "missed_voice", { name: this.#name, when: momentOf(new Date(at)) });
    slot(line, "away").addEventListener("click", () => this.#putAway(call));
    slot(line, "back").addEventListener("click", () => { this.#putAway(call); this.#acts.onCallBack(way); });
    this.#list.append(line);
    this.#lines.set(call, line);
    this.#list.hidden = false;
  }

  #putAway(call) {
    this.#away.add(call);
    this.#remove(call);
    this.#acts.onPutAway(call);
  }

  #remove(call) {
    const held = this.#lines.get(call)?.contains(document.activeElement);
    this.#lines.get(call)?.remove();
    this.#lines.delete(call);
    this.#list.hidden = this.#lines.size === 0;
    if (held) document.getElementById("content").focus({ preventScroll: true });
  }
}
