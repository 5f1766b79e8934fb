// How much is new in the other rooms. They are watched, not entered: entering would show the person as "here" in rooms
// they are not looking at. The socket says that something is new; how much, the room list says, in its own words.

import { watch } from "./wire.js";

const AT_MOST_EVERY = 10000; // milliseconds

export class OtherRooms {
  #column;
  #address;
  #timer = 0;
  #last = 0;

  constructor(column, listAddress) {
    this.#column = column;
    this.#address = listAddress;
    document.addEventListener("visibilitychange", () => this.renewSoon());
  }

  // After each new connection: what was missed meanwhile is asked for once.
  connected(send) {
    for (const link of this.#others()) send(watch(link.dataset.roomLink));
    this.renewSoon();
  }

  renewSoon() {
    if (this.#timer || !this.#others().length || document.visibilityState === "hidden") return;
    this.#timer = setTimeout(() => this.#renew(), Math.max(0, this.#last + AT_MOST_EVERY - Date.now()));
  }

  async #renew() {
    this.#timer = 0;
    this.#last = Date.now();
    const counts = await readCounts(this.#address).catch(() => null);
    if (counts) show(this.#column, counts);
  }

  #others() {
    return [...this.#column.querySelectorAll("[data-room-link]:not([aria-current])")];
  }
}

async function readCounts(address) {
  const answer = await fetch(address, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return new Map([...page.querySelectorAll("[data-room-link]")].map((link) => [link.dataset.roomLink, link]));
}

function show(column, fresh) {
  for (const link of column.querySelectorAll("[data-room-link]")) {
    const newer = fresh.get(link.dataset.roomLink);
    if (!newer || link.hasAttribute("aria-current")) continue;
    for (const name of ["unread", "here"]) {
      const place = link.querySelector(`[data-slot="${name}"]`);
      const said = newer.querySelector(`[data-slot="${name}"]`);
      if (!place || !said) continue;
      place.replaceChildren(...[...said.childNodes].map((node) => document.importNode(node, true)));
      place.hidden = said.hidden;
    }
  }
}
