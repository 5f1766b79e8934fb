// Telling a moderator about a message or a member, in the page's own <dialog>. What was typed stays until it has arrived.

import { slot } from "./slots.js";
import * as wire from "./wire.js";
import { word } from "./words.js";

export class Flagging {
  #dialog;
  #form;
  #room;
  #ask;
  #events;
  #about = null;

  // ask(frame) -> answer or null; events: isMuted(member) -> bool, onMute(member)
  constructor(dialog, room, ask, events) {
    this.#dialog = dialog;
    this.#form = dialog.querySelector("form");
    this.#room = room;
    this.#ask = ask;
    this.#events = events;
    this.#form.addEventListener("submit", (event) => this.#send(event));
    slot(dialog, "cancel").addEventListener("click", () => dialog.close());
    slot(dialog, "close").addEventListener("click", () => dialog.close());
    slot(dialog, "mute").addEventListener("click", () => this.#mute());
  }

  message(message) {
    this.#open({ id: message.id, member: message.author }, "flag_message");
  }

  member(member) {
    this.#open({ member }, "flag_member");
  }

  #open(about, title) {
    if (this.#about?.id !== about.id || this.#about?.member.id !== about.member.id) this.#form.reset();
    this.#about = about;
    slot(this.#dialog, "about").textContent = word(title, { name: about.member.pseudonym });
    this.#turn("ask");
    this.#sayWrong("");
    this.#dialog.showModal();
  }

  async #send(event) {
    event.preventDefault();
    const { id, member } = this.#about;
    const { category, words } = this.#form.elements;
    const target = id ? { id } : { member: member.id };
    const button = slot(this.#dialog, "send");
    button.disabled = true;
    const answer = await this.#ask(wire.flag(this.#room, target, category.value, words.value.trim()));
    button.disabled = false;
    if (answer?.type !== "done") return this.#sayWrong(answer?.text ?? word("not_connected"));
    return this.#sent();
  }

  #sent() {
    const { member } = this.#about;
    this.#form.reset();
    const offer = !this.#events.isMuted(member);
    slot(this.#dialog, "offer").hidden = !offer;
    slot(this.#dialog, "offer").textContent = word("flag_mute", { name: member.pseudonym });
    slot(this.#dialog, "mute").hidden = !offer;
    slot(this.#dialog, "mute").textContent = word("mute", { name: member.pseudonym });
    this.#turn("done");
    slot(this.#dialog, "close").focus();
  }

  async #mute() {
    this.#dialog.close();
    await this.#events.onMute(this.#about.member);
  }

  #turn(side) {
    for (const name of ["ask", "done"]) slot(this.#dialog, name).hidden = name !== side;
  }

  #sayWrong(text) {
    const place = slot(this.#dialog, "wrong");
    place.textContent = text;
    place.hidden = !text;
  }
}
