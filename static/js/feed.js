// The numbers of one room: what this page knows up to, and when it has to ask for what it missed (docs/protocol.md).

import * as wire from "./wire.js";

export class Feed {
  #ask;
  #events;
  #number;
  #heard = 0;
  #entering = false;
  #inside = false;

  // ask(frame) -> answer or null; events: onMessages(list), onEntered(frame), onRefused(frame)
  constructor(room, number, ask, events) {
    this.room = room;
    this.#number = number;
    this.#ask = ask;
    this.#events = events;
  }

  isInside() {
    return this.#inside;
  }

  lost() {
    this.#inside = false;
    this.#entering = false;
  }

  async enter() {
    if (this.#entering) return;
    this.#entering = true;
    const answer = await this.#ask(wire.enter(this.room, this.#number));
    this.#entering = false;
    if (answer?.type === "entered") this.#entered(answer);
    else if (answer) this.#events.onRefused(answer);
  }

  messages({ after, seq, messages }) {
    if (seq <= this.#number) return;
    this.#events.onMessages(messages);
    if (after <= this.#number) {
      this.#number = seq;
    } else {
      this.#heard = Math.max(this.#heard, seq);
      this.enter();
    }
  }

  #entered(frame) {
    this.#inside = true;
    this.#number = Math.max(this.#number, frame.seq);
    this.#events.onMessages(frame.messages);
    this.#events.onEntered(frame);
    if (frame.more || this.#heard > this.#number) this.enter();
  }
}
