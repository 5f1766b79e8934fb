// Somebody rings: a dialog that takes the focus and keeps it until it is answered, declined or over.

import { slot, write } from "../slots.js";
import { Chime } from "./chime.js";

export class Ringing {
  #dialog;
  #chime = new Chime();
  #call = null;

  // acts: onAccept(call, way), onDecline(call)
  constructor(dialog, acts) {
    this.#dialog = dialog;
    for (const way of ["video", "voice"]) slot(dialog, way).addEventListener("click", () => acts.onAccept(this.#call, way));
    slot(dialog, "decline").addEventListener("click", () => acts.onDecline(this.#call));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (this.#call) acts.onDecline(this.#call);
    });
  }

  get call() { return this.#call?.call ?? ""; }

  show(frame) {
    if (this.call === frame.call) return;
    this.#call = frame;
    slot(this.#dialog, "name").textContent = frame.name;
    for (const way of ["video", "voice"]) slot(this.#dialog, `rings_${way}`).hidden = frame.way !== way;
    slot(this.#dialog, "video").hidden = frame.way !== "video";
    this.problem("");
    this.busy(false);
    if (!this.#dialog.open) this.#dialog.showModal();
    slot(this.#dialog, frame.way).focus();
    this.#chime.start();
  }

  problem(text) {
    write(this.#dialog, "problem", text);
  }

  busy(on) {
    for (const way of ["video", "voice"]) slot(this.#dialog, way).disabled = on;
  }

  close() {
    this.#call = null;
    this.#chime.stop();
    if (this.#dialog.open) this.#dialog.close();
  }
}
