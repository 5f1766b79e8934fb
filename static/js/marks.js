// In a thread of two: tells the other what has arrived here, and shows under one's own newest messages how far they came.

import { write } from "./slots.js";
import * as wire from "./wire.js";
import { word } from "./words.js";

const TELL_EVERY = 1000; // milliseconds

export class Marks {
  #page;
  #timeline;
  #send;
  #got = 0; // of the other
  #read = 0;
  #told = 0;
  #seen = 0;
  #timer = 0;
  #shown = new Map(); // by message: which word stands there

  // marks: [{ member, got, read }], of both
  constructor(page, timeline, send) {
    this.#page = page;
    this.#timeline = timeline;
    this.#send = send;
    this.learn(page.marks);
  }

  learn(marks) {
    for (const mark of marks) this.heard(mark);
  }

  heard({ member, got, read }) {
    if (member === this.#page.you.id) return;
    this.#got = Math.max(this.#got, got);
    this.#read = Math.max(this.#read, read);
    this.show();
  }

  // The page has taken everything up to this number; what it has read says as much (reading.js).
  took(seq, read) {
    this.#seen = Math.max(this.#seen, seq);
    this.#told = Math.max(this.#told, read);
    if (this.#seen > this.#told && !this.#timer) this.#timer = setTimeout(() => this.#tell(), TELL_EVERY);
  }

  // One word under the newest message that was read, that has arrived, that is stored: nothing under those before them.
  show() {
    const places = new Map();
    for (const [name, upTo] of [["mark_sent", Infinity], ["mark_got", this.#got], ["mark_read", this.#read]]) {
      const message = this.#timeline.newestOwn(upTo);
      if (message) places.set(message.id, name);
    }
    for (const id of this.#shown.keys()) if (!places.has(id)) this.#write(id, "");
    for (const [id, name] of places) this.#write(id, word(name));
    this.#shown = places;
  }

  #write(id, text) {
    const element = this.#timeline.element(id);
    if (element) write(element, "mark", text);
  }

  #tell() {
    this.#timer = 0;
    if (this.#seen > this.#told && this.#send(wire.got(this.#page.room, this.#seen))) this.#told = this.#seen;
  }
}
