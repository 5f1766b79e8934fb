// What one browser has to tell the other, in order and each once, over a way that may lose or double any of it.
// Numbers and acknowledgements as in docs/protocol.md: what was not acknowledged within a second is said again.

const AGAIN = 1000; // milliseconds
const SOON = 40;

export class Line {
  #send;
  #onData;
  #waiting = [];
  #last = 0;
  #got = 0;
  #taking = Promise.resolve();
  #again = 0;
  #soon = 0;

  // send({ n, got, data }); onData(data) may take its time, the next waits for it
  constructor(send, onData) {
    this.#send = send;
    this.#onData = onData;
    this.#again = setInterval(() => this.repeat(), AGAIN);
  }

  say(data) {
    this.#waiting.push({ n: ++this.#last, data });
    this.#send({ ...this.#waiting.at(-1), got: this.#got });
  }

  heard({ n, got, data }) {
    while (this.#waiting.length && this.#waiting[0].n <= got) this.#waiting.shift();
    if (!data) return;
    if (n === this.#got + 1) {
      this.#got = n;
      // What the browser cannot use, such as a way of before a restart, must not stop what comes after it.
      this.#taking = this.#taking.then(() => this.#onData(data)).catch(() => {});
    }
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#send({ n: 0, got: this.#got, data: null }), SOON);
  }

  repeat() {
    for (const each of this.#waiting) this.#send({ ...each, got: this.#got });
  }

  close() {
    this.#send = () => {}; // what its peer was about to say is for nobody
    clearInterval(this.#again);
    clearTimeout(this.#soon);
  }
}
