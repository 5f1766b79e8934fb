// How far the person has read: the newest message, once the page is looked at and stands at its end.

import * as wire from "./wire.js";

const TELL_EVERY = 2000; // milliseconds

export class Reading {
  #room;
  #send;
  #told;
  #seen = 0;
  #timer = 0;

  constructor(room, read, send) {
    this.#room = room;
    this.#told = read;
    this.#send = send;
  }

  get told() { return this.#told; }

  saw(seq) {
    this.#seen = Math.max(this.#seen, seq);
    if (this.#seen > this.#told && !this.#timer) this.#tell();
  }

  // While the room is not entered nothing is told: entering looks again.
  #tell() {
    if (!this.#send(wire.read(this.#room, this.#seen))) return;
    this.#told = this.#seen;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      if (this.#seen > this.#told) this.#tell();
    }, TELL_EVERY);
  }
}
