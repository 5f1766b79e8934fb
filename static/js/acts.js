// What a person may do with a message that is there, and doing it: each act is one question to the server.

import { confirmed } from "./confirm.js";
import { part, say } from "./page.js";
import * as wire from "./wire.js";
import { word } from "./words.js";

export class Acts {
  #page;
  #ask;
  #mutes;

  constructor(page, ask, mutes) {
    this.#page = page;
    this.#ask = ask;
    this.#mutes = mutes;
  }

  // What the panel of a message offers.
  allowed(message) {
    const mine = message.author.id === this.#page.you.id;
    const young = Date.now() - new Date(message.at) < this.#page.limits.editSeconds * 1000;
    return {
      reply: true,
      edit: mine && young,
      redact: mine,
      mute: !mine,
      flag: !mine,
      muted: this.#mutes.has(message.author.id),
      reactions: wire.REACTIONS.filter((kind) => this.#chose(message, kind)),
    };
  }

  async react(message, kind) {
    report(await this.#ask(wire.react(this.#page.room, message.id, kind, !this.#chose(message, kind))));
  }

  async redact(message) {
    if (await confirmed(part("confirm"))) report(await this.#ask(wire.redact(this.#page.room, message.id)));
  }

  // Answers null when it is done, { waits } when a moderator looks at it first, else what to tell the person: { text, parts }.
  async edit(message, { body, warning }) {
    const answer = await this.#ask(wire.edit(this.#page.room, message.id, body, warning));
    if (answer?.type === "done") return null;
    if (answer?.type === "held" && answer.waits) return { waits: { id: answer.id, body, warning, text: answer.text } };
    return { text: answer?.text ?? word("not_connected"), parts: answer?.parts };
  }

  // Answers whether the member is muted, or shown again, from now on.
  async turnMute(member) {
    const on = !this.#mutes.has(member.id);
    const answer = await this.#ask(wire.mute(this.#page.room, member.id, on));
    if (answer?.type !== "done") {
      report(answer);
      return false;
    }
    this.#mutes.turn(member, on);
    say(word(on ? "muted_now" : "unmuted_now", { name: member.pseudonym }));
    return true;
  }

  #chose(message, kind) {
    return message.reactions[kind]?.includes(this.#page.you.id) ?? false;
  }
}

function report(answer) {
  if (answer?.type !== "done") say(answer?.text ?? word("not_connected"));
}
