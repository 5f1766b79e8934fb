// The page's one WebSocket: connects, keeps trying, matches answers to questions. Knows no room.

import { CLOSED, PROTOCOL, decode, encode, withRef } from "./wire.js";

const FIRST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 15000;
const WAIT_AFTER_FLOOD = 60000;
const ANSWER_WITHIN = 15000;

export class Socket {
  #address;
  #events;
  #link = null;
  #failures = 0;
  #timer = 0;
  #questions = new Map();
  #lastRef = 0;
  #over = false;

  // events: onOpen(), onFrame(frame), onLost(), onSignedOut(), onStillDown(failures)
  constructor(path, events) {
    this.#address = new URL(path, location.href.replace(/^http/, "ws")).href;
    this.#events = events;
  }

  connect() {
    clearTimeout(this.#timer);
    if (this.#over || this.#link) return;
    const link = new WebSocket(this.#address, PROTOCOL);
    this.#link = link;
    link.onopen = () => this.#opened(link);
    link.onmessage = (event) => this.#heard(link, event.data);
    link.onclose = (event) => this.#closed(link, event.code);
  }

  isOpen() {
    return this.#link?.readyState === WebSocket.OPEN;
  }

  send(frame) {
    if (this.isOpen()) this.#link.send(encode(frame));
    return this.isOpen();
  }

  // Resolves with the direct answer, or with null if the connection was lost first.
  ask(frame) {
    const ref = `q${++this.#lastRef}`;
    return new Promise((answer) => {
      if (!this.send(withRef(frame, ref))) return answer(null);
      const timer = setTimeout(() => this.restart(), ANSWER_WITHIN);
      this.#questions.set(ref, (frame) => { clearTimeout(timer); answer(frame); });
    });
  }

  // Gives up a connection that looks open and is not, and makes a new one at once.
  restart() {
    const link = this.#link;
    if (!link) return this.connect();
    this.#closed(link, 1006, 0);
    link.close();
  }

  end() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#link?.close();
  }

  #opened(link) {
    if (link !== this.#link) return;
    this.#events.onOpen();
  }

  #heard(link, text) {
    const frame = link === this.#link ? decode(text) : null;
    if (!frame) return;
    this.#failures = 0; // a server that cannot serve accepts and closes: only a word from it counts
    const answer = this.#questions.get(frame.ref);
    this.#questions.delete(frame.ref);
    answer?.(frame);
    this.#events.onFrame(frame);
  }

  #closed(link, code, wait = this.#waitAfter(code)) {
    if (link !== this.#link) return;
    this.#link = null;
    for (const answer of this.#questions.values()) answer(null);
    this.#questions.clear();
    if (this.#over) return;
    if (code === CLOSED.signedOut) {
      this.#over = true;
      return this.#events.onSignedOut();
    }
    this.#failures += 1;
    this.#events.onLost();
    this.#events.onStillDown(this.#failures);
    this.#timer = setTimeout(() => this.connect(), wait);
  }

  #waitAfter(code) {
    if (code === CLOSED.tooFast || code === CLOSED.tooMany) return WAIT_AFTER_FLOOD;
    const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    return full * (0.5 + Math.random() / 2); // jitter: a restarted server is not met by everybody at once
  }
}
