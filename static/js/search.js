// Search in the open room: results stream in, newest first; it can be stopped, and a new one stops the one before.

import { slot, stamp, write } from "./slots.js";
import { dayOf, hourOf } from "./times.js";
import { counted, word } from "./words.js";
import * as wire from "./wire.js";

const SHORTEST = 2; // characters

export class Search {
  #panel;
  #room;
  #send;
  #mutes;
  #current = null;
  #last = 0;
  #count = 0;

  // onChoose(id, seq): the person wants to see this message in the conversation
  constructor(panel, room, send, mutes, onChoose) {
    this.#panel = panel;
    this.#room = room;
    this.#send = send;
    this.#mutes = mutes;
    panel.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#start(event.target.elements.query.value.trim());
    });
    slot(panel, "stop").addEventListener("click", () => this.stop());
    slot(panel, "results").addEventListener("click", (event) => {
      const result = event.target.closest("button");
      if (result) onChoose(result.dataset.id, Number(result.dataset.seq));
    });
  }

  stop() {
    if (!this.#current) return;
    this.#send(wire.stop(this.#room, this.#current));
    this.#finish(word("search_stopped"));
  }

  lost() {
    if (this.#current) this.#finish(word("search_lost"));
  }

  found({ search, messages }) {
    if (search !== this.#current) return;
    for (const message of messages) {
      if (this.#mutes.has(message.author.id)) continue;
      this.#count += 1;
      slot(this.#panel, "results").append(resultOf(message));
    }
    this.#say(counted("search_so_far", this.#count));
  }

  searched({ search, read, stopped }) {
    if (search !== this.#current || stopped) return;
    this.#finish(this.#count ? counted("search_done", this.#count, { read }) : word("search_nothing"));
  }

  refused(answer) {
    if (this.#current) this.#finish(answer.text);
  }

  #start(query) {
    slot(this.#panel, "results").replaceChildren();
    this.#count = 0;
    if ([...query].length < SHORTEST) return this.#finish(word("search_short"));
    this.#current = `s${++this.#last}`;
    if (!this.#send(wire.search(this.#room, this.#current, query))) return this.#finish(word("search_lost"));
    slot(this.#panel, "stop").hidden = false;
    return this.#say(word("searching"));
  }

  #finish(text) {
    this.#current = null;
    slot(this.#panel, "stop").hidden = true;
    this.#say(text);
  }

  #say(text) {
    slot(this.#panel, "status").textContent = text;
  }
}

function resultOf(message) {
  const item = stamp("result");
  const at = new Date(message.at);
  const button = item.querySelector("button");
  button.dataset.id = message.id;
  button.dataset.seq = message.seq;
  item.dataset.colour = message.author.colour;
  write(item, "author", message.author.pseudonym);
  write(item, "time", `${dayOf(at)}, ${hourOf(at)}`);
  write(item, "body", shownOf(message));
  return item;
}

// What is folded in the room is not unfolded by finding it.
function shownOf({ blurred, warning, body }) {
  if (blurred) return word("blurred");
  return warning ? `${word("content_warning")}: ${warning}` : body;
}
