// Older messages: loaded when the reader comes near the oldest one, or presses the button, or jumps to a message far back.

import { slot } from "./slots.js";
import { word } from "./words.js";
import * as wire from "./wire.js";

export class Older {
  #head;
  #room;
  #timeline;
  #ask;
  #loading = null;
  #isInside = false;
  #isNear = false; // the reader stands close to the oldest message

  constructor(head, room, timeline, ask) {
    this.#head = head;
    this.#room = room;
    this.#timeline = timeline;
    this.#ask = ask;
    slot(head, "load").addEventListener("click", (event) => {
      event.preventDefault();
      if (this.#isInside) this.load();
      else this.#show(word("history_failed"));
    });
    new IntersectionObserver((entries) => {
      this.#isNear = entries.at(-1).isIntersecting;
      if (this.#isNear) this.load();
    }, {
      root: head.closest("[role=log]"),
      rootMargin: "600px 0px 0px 0px",
    }).observe(head);
    this.renew();
  }

  renew() {
    this.#show();
  }

  // A page opened far up, or cut off there, wanted more before the room could be asked.
  entered() {
    this.#isInside = true;
    if (!this.#loading) this.#show();
    if (this.#isNear) this.load();
  }

  lost() {
    this.#isInside = false;
  }

  // Answers whether more came. Only one request at a time.
  load(limit = 50) {
    if (!this.#timeline.more || !this.#isInside) return Promise.resolve(false);
    this.#loading ??= this.#load(limit).finally(() => (this.#loading = null));
    return this.#loading;
  }

  // Loads back until the message of this number is there.
  async reach(seq) {
    while (this.#timeline.oldest > seq && (await this.load(100)));
  }

  async #load(limit) {
    this.#show(word("loading"));
    const answer = await this.#ask(wire.history(this.#room, this.#timeline.oldest, limit));
    if (answer?.type !== "history") {
      this.#show(answer?.text ?? word("history_failed"));
      return false;
    }
    const came = this.#timeline.prepend(answer.messages, answer.more);
    this.#show();
    return came;
  }

  #show(status = "") {
    slot(this.#head, "status").textContent = status;
    slot(this.#head, "load").hidden = !this.#timeline.more || status === word("loading");
    slot(this.#head, "beginning").hidden = this.#timeline.more || this.#timeline.isEmpty;
  }
}
