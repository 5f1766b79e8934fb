// Somebody rings in a thread that is not open on this page: says so, and leads there. Answering is done in the thread.

import { slot } from "./slots.js";

export class CallElsewhere {
  #place;
  #column;
  #call = "";
  #put = new Set(); // calls that the person put away here

  // column: where the links to the person's rooms are
  constructor(place, column) {
    this.#place = place;
    this.#column = column;
    slot(place, "away").addEventListener("click", () => {
      this.#put.add(this.#call);
      this.#hide();
    });
  }

  heard({ call, room, state, name }) {
    if (state !== "ringing") return call === this.#call && this.#hide();
    const link = this.#column.querySelector(`[data-room-link="${CSS.escape(room)}"]`);
    if (!link || this.#put.has(call) || call === this.#call) return undefined;
    this.#call = call;
    slot(this.#place, "name").textContent = name;
    slot(this.#place, "go").href = (link.href ? link : link.closest("li").querySelector("a[href]")).href;
    this.#place.hidden = false;
    return undefined;
  }

  #hide() {
    this.#place.hidden = true;
    this.#call = "";
  }
}
