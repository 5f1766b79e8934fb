// Who belongs to the room, who is here now and who is writing.

import { slot, stamp, write } from "./slots.js";
import { counted, word } from "./words.js";

const TYPING_HOLDS = 5000; // milliseconds
const JUST_WROTE = 2000; // a typing notice may overtake or trail the message it was for
const NAMED = 2;
const CROWD = 100; // members
const byName = new Intl.Collator(document.documentElement.lang).compare;

export class Presence {
  #places;
  #context;
  #members = new Map();
  #rows = new Map();
  #typing = [];
  #wroteAt = new Map();
  #typingTimer = 0;
  #drawing = false;

  // places: { list, counts, typing }; context: { you, mutes, areTwo }; onMute(member), onFlag(member)
  constructor(places, context, { onMute, onFlag }) {
    this.#places = places;
    this.#context = context;
    places.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      const member = button && this.#members.get(button.closest("[data-member]").dataset.member);
      if (member) (button.dataset.slot === "flag" ? onFlag : onMute)(member);
    });
  }

  pseudonymOf(id) {
    return this.#members.get(id)?.pseudonym;
  }

  all(members) {
    this.#members = new Map(members.map((member) => [member.id, member]));
    this.draw();
  }

  changed({ members = [], here = [], away = [], gone = [] }) {
    for (const member of members) this.#members.set(member.id, member);
    for (const id of here) this.#mark(id, true);
    for (const id of away) this.#mark(id, false);
    for (const id of gone) this.#members.delete(id);
    this.draw();
  }

  typing(ids) {
    const others = ids.filter((id) => id !== this.#context.you.id);
    this.#typing = others.filter((id) => Date.now() - (this.#wroteAt.get(id) ?? 0) > JUST_WROTE);
    this.#drawTyping();
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.typing([]), TYPING_HOLDS);
    if (ids.length === 0) clearTimeout(this.#typingTimer);
  }

  // Somebody whose message has just come is not writing any more.
  wrote(id) {
    this.#wroteAt.set(id, Date.now());
    if (this.#typing.includes(id)) this.typing(this.#typing.filter((other) => other !== id));
  }

  // A crowd may come in one by one: the count follows at once, the list when it has calmed.
  draw() {
    this.#drawCount();
    if (this.#drawing) return;
    this.#drawing = true;
    const wait = this.#members.size > CROWD ? 2000 : 50; // milliseconds
    setTimeout(() => { this.#drawing = false; this.#drawList(); }, wait);
  }

  #mark(id, here) {
    const member = this.#members.get(id);
    if (member) this.#members.set(id, { ...member, here });
  }

  #drawCount() {
    const here = [...this.#members.values()].filter((member) => member.here);
    if (this.#context.areTwo) return this.#drawOther(here.some(({ id }) => id !== this.#context.you.id));
    for (const place of this.#places.counts) place.textContent = counted("here_now", here.length);
    return undefined;
  }

  // Where two talk, only one of them is of interest.
  #drawOther(isHere) {
    for (const place of this.#places.counts) {
      place.textContent = word(isHere ? "other_here" : "other_away");
      place.parentElement.classList.toggle("room__here--alone", !isHere);
    }
  }

  // A row stays the same element for as long as its member stays: a dialog gives the focus back to the button that opened it.
  #drawList() {
    const { list } = this.#places;
    const focused = document.activeElement;
    const rows = [...this.#members.values()].sort(hereFirst).map((member) => this.#row(member));
    const shown = new Set(rows);
    for (const row of [...list.children]) if (!shown.has(row)) row.remove();
    rows.forEach((row, index) => {
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    for (const id of this.#rows.keys()) if (!this.#members.has(id)) this.#rows.delete(id);
    if (list.contains(focused)) focused.focus(); // who is moved loses it
  }

  #row(member) {
    const row = this.#rows.get(member.id) ?? this.#newRow(member.id);
    const mine = member.id === this.#context.you.id;
    const muted = this.#context.mutes.has(member.id);
    row.dataset.colour = member.colour;
    row.classList.toggle("member--here", member.here);
    write(row, "initial", [...member.pseudonym][0]);
    write(row, "pseudonym", member.pseudonym);
    write(row, "badge", member.badge && word(`badge_${member.badge}`));
    slot(row, "leads").hidden = !member.leads;
    const state = [mine && word("you"), member.here ? word("here") : word("away"), muted && word("muted")];
    write(row, "state", state.filter(Boolean).join(" · "));
    const button = slot(row, "mute");
    button.hidden = mine;
    button.textContent = word(muted ? "unmute_short" : "mute_short");
    button.setAttribute("aria-label", word(muted ? "unmute" : "mute", { name: member.pseudonym }));
    slot(row, "flag").hidden = mine;
    slot(row, "flag").setAttribute("aria-label", word("flag_about", { name: member.pseudonym }));
    return row;
  }

  // The page came with its own: who is on a button of it keeps it.
  #newRow(id) {
    const row = this.#places.list.querySelector(`[data-member="${CSS.escape(id)}"]`) ?? stamp("member");
    row.dataset.member = id;
    this.#rows.set(id, row);
    return row;
  }

  #drawTyping() {
    const names = this.#typing.filter((id) => !this.#context.mutes.has(id)).map((id) => this.pseudonymOf(id)).filter(Boolean);
    const [one, two] = names;
    let line = "";
    if (names.length === 1) line = word("typing_one", { one });
    else if (names.length === NAMED) line = word("typing_two", { one, two });
    else if (names.length > NAMED) line = word("typing_many");
    this.#places.typing.textContent = line;
  }
}

function hereFirst(one, other) {
  return Number(other.here) - Number(one.here) || byName(one.pseudonym, other.pseudonym);
}
