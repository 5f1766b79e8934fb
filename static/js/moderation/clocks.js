// The clocks of the rows, counting down in words; the same words as the server's (moderation/queue_words.py, rooms/durations.py).

import { word } from "../words.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export class Clocks {
  #place;
  #ahead = 0; // milliseconds that the server's clock is ahead of this device's

  constructor(place) {
    this.#place = place;
    setInterval(() => this.#tick(), 1000);
  }

  // After each answer of the server.
  learn() {
    const { now } = this.#place.querySelector("[data-live=rows]").dataset;
    if (now) this.#ahead = Date.parse(now) - Date.now();
    this.#tick();
  }

  #tick() {
    const now = Date.now() + this.#ahead;
    for (const clock of this.#place.querySelectorAll("time[data-due]")) {
      const left = Math.trunc((Date.parse(clock.dateTime) - now) / 1000);
      const isLate = Date.parse(clock.dateTime) < now;
      const text = word(isLate ? "late" : "left", { span: spoken(Math.abs(left)) });
      if (clock.textContent !== text) clock.textContent = text;
      clock.closest("[data-case]").classList.toggle("row--late", isLate);
    }
  }
}

export function spoken(seconds) {
  if (seconds < MINUTE) return word("seconds", { number: seconds });
  if (seconds < HOUR) return word("minutes", { number: Math.trunc(seconds / MINUTE) });
  if (seconds < 2 * DAY) return two("hours", Math.trunc(seconds / HOUR), "minutes", Math.trunc((seconds % HOUR) / MINUTE));
  return two("days", Math.trunc(seconds / DAY), "hours", Math.trunc((seconds % DAY) / HOUR));
}

function two(large, many, small, few) {
  const told = word(large, { number: many });
  return few ? `${told} ${word(small, { number: few })}` : told;
}
