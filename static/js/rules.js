// What the room allows now, as a banner above the talk: a moderator's notice, slow mode, locked, closed until, muted until.
// Each ends by itself at its time; the server says when something new begins.

import { slot, write } from "./slots.js";
import { whenOf } from "./times.js";
import { counted, word } from "./words.js";

const LONGEST_TIMER = 2 ** 31 - 1; // milliseconds

export class Rules {
  #place;
  #onOpen;
  #rules;
  #timer = 0;

  // onOpen(isOpen): whether this person may write now
  constructor(place, rules, onOpen) {
    this.#place = place;
    this.#onOpen = onOpen;
    this.show(rules);
  }

  show(rules) {
    this.#rules = rules;
    this.#draw();
  }

  #draw() {
    const rules = this.#current();
    const when = (at) => whenOf(new Date(at));
    write(this.#place, "notice_text", rules.notice);
    slot(this.#place, "notice").hidden = !rules.notice;
    write(this.#place, "muted_text", rules.muted_until && word("rules_muted", { when: when(rules.muted_until) }));
    slot(this.#place, "muted").hidden = !rules.muted_until;
    const closed = closedText(rules, when);
    write(this.#place, "closed_text", closed);
    slot(this.#place, "closed").hidden = !closed;
    write(this.#place, "slow", rules.slow ? counted("rules_slow", rules.slow) : "");
    this.#place.hidden = ![...this.#place.children].some((line) => !line.hidden);
    this.#onOpen(!isShut(rules));
    this.#wait(rules);
  }

  // Without what is over by now.
  #current() {
    const rules = { ...this.#rules };
    const isOver = (at) => at !== null && new Date(at) <= new Date();
    for (const name of ["muted_until", "locked_until"]) if (isOver(rules[name])) rules[name] = null;
    if (isOver(rules.slow_until)) rules.slow = 0;
    if (isOver(rules.notice_until)) rules.notice = null;
    const left = rules.turns.filter((at) => !isOver(at));
    if ((rules.turns.length - left.length) % 2 === 1) rules.open = !rules.open;
    if (left.length < rules.turns.length) rules.opens_at = rules.open ? null : (left[0] ?? null);
    rules.turns = left;
    return rules;
  }

  #wait({ muted_until, locked_until, slow, slow_until, notice, notice_until, turns }) {
    clearTimeout(this.#timer);
    const ends = [muted_until, locked_until, slow && slow_until, notice && notice_until, turns[0]].filter(Boolean);
    if (ends.length === 0) return;
    const next = Math.min(...ends.map((at) => new Date(at) - Date.now()));
    this.#timer = setTimeout(() => this.#draw(), Math.min(LONGEST_TIMER, Math.max(0, next) + 250));
  }
}

function isShut({ read_only, locked_until, muted_until, open, outside }) {
  return Boolean(read_only || locked_until || muted_until || (!open && outside === "read_only"));
}

function closedText({ read_only, locked_until, open, opens_at, outside }, when) {
  if (read_only) return word("rules_read_only");
  if (locked_until) return word("rules_locked", { when: when(locked_until) });
  if (open) return "";
  const name = outside === "held" ? "rules_held" : "rules_closed";
  return opens_at ? word(name, { when: when(opens_at) }) : word(`${name}_unknown`);
}
