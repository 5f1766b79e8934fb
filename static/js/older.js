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

  constructor(head, room, timeline, ask) {
    this.#head = head;
    this.#room = room;
    this.#timeline = timeline;
    this.#ask = ask;
    slot(head, "load").addEventListener("click", (event) => {
      event.preventDefault();
      this.load();
    });
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.load(), {
      root: head.closest("[role=log]"),
      rootMargin: "600px 0px 0px 0px",
    }).observe(head);
    this.renew();
  }

  renew() {
    this.#show();
  }

  // Answers whether more came. Only one request at a time.
  load(limit = 50) {
    if (!this.#timeline.more) return Promise.resolve(false);
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
