// What is new since the page was last read: a crisis that waits and did not then, wherever it is, and other new cases in the list that
// is shown. The tab's title says how many crises wait, and nothing else.

import { isLeaving } from "../leave.js";

export class Arrivals {
  #place;
  #events;
  #title = document.title;
  #crises = new Set();
  #others = new Set();

  // events: onCrises(count), onOthers(count)
  constructor(place, events) {
    this.#place = place;
    this.#events = events;
  }

  begin() {
    this.#note();
  }

  look() {
    const crises = this.#waitingCrises().filter((id) => !this.#crises.has(id)).length;
    const others = this.#shown().filter((id) => !this.#others.has(id) && !this.#crises.has(id)).length;
    this.#note();
    if (crises) this.#events.onCrises(crises);
    else if (others) this.#events.onOthers(others);
  }

  #note() {
    const crises = this.#waitingCrises();
    this.#crises = new Set(crises); // one that somebody took and that waits again is heard again
    for (const id of this.#shown()) this.#others.add(id);
    if (!isLeaving()) document.title = crises.length ? `(${crises.length}) ${this.#title}` : this.#title;
  }

  #waitingCrises() {
    return this.#place.querySelector("[data-live=rows]").dataset.crises.split(" ").filter(Boolean);
  }

  #shown() {
    return [...this.#place.querySelectorAll("[data-case]")].map((row) => row.dataset.case);
  }
}
