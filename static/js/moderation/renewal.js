// Asks the server for the moving parts of the page anew: soon after something moved, and at most a few times a second.

import { goAtOnce } from "../leave.js";
import { page } from "../page.js";
import { word } from "../words.js";

const AT_MOST_EVERY = 300; // milliseconds
const AFTER_FAILURE = 3000;
const LONGEST_TIMER = 2 ** 31 - 1;

export class Renewal {
  size = page.size; // rows that the page holds
  #address;
  #apply;
  #tell;
  #timer = 0;
  #timed = 0;
  #last = 0;
  #asked = 0;

  // apply(document) puts what came in its place; tell(text) says that it could not be asked for, "" that all is well.
  constructor(address, apply, tell) {
    this.#address = address;
    this.#apply = apply;
    this.#tell = tell;
  }

  soon(wait = AT_MOST_EVERY) {
    if (this.#timer) return;
    this.#timer = setTimeout(() => this.now(), Math.max(0, this.#last + wait - Date.now()));
  }

  // When a claim or a rest ends, nothing moves in the store: the page itself knows the moment.
  at(moment) {
    clearTimeout(this.#timed);
    const wait = Date.parse(moment) - Date.now();
    if (wait >= -AFTER_FAILURE) this.#timed = setTimeout(() => this.soon(), Math.min(wait + 1000, LONGEST_TIMER));
  }

  async now() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#last = Date.now();
    const turn = ++this.#asked;
    const answer = await fetch(this.#where(), { redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") return goAtOnce(location.href); // the screen is locked: the server says where to
    if (answer?.status === 404) return goAtOnce(page.signIn);
    const text = answer?.ok ? await answer.text().catch(() => null) : null;
    if (turn !== this.#asked) return undefined; // a newer question is on its way
    if (text === null) return this.#failed();
    this.#tell("");
    return this.#apply(new DOMParser().parseFromString(text, "text/html"));
  }

  #where() {
    const asked = new URLSearchParams(location.search);
    asked.set("rows", this.size);
    return `${this.#address}?${asked}`;
  }

  #failed() {
    this.#tell(word("not_renewed"));
    this.soon(AFTER_FAILURE);
  }
}
