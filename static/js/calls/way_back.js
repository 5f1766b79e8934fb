// This person was in a call, and their page was loaded again: says so, and leads back. One press, since a browser gives camera and
// microphone, and plays sound, only to who presses.

import { slot, write } from "../slots.js";
import { page } from "../page.js";

export class WayBack {
  #place;
  #acts;
  #frame = null;

  // acts: onBack(frame, way), onEnd(frame)
  constructor(place, acts) {
    this.#place = place;
    this.#acts = acts;
    for (const way of ["video", "voice"]) slot(place, way).addEventListener("click", () => this.press(way));
    slot(place, "end").addEventListener("click", () => acts.onEnd(this.#frame));
  }

  get call() { return this.#frame?.call ?? ""; }

  press(way) {
    return this.#acts.onBack(this.#frame, way);
  }

  heard(frame) {
    const isMine = frame.state === "answered" && frame.away.includes(page.you.id);
    if (isMine && this.call !== frame.call) this.#show(frame);
    else if (!isMine && this.call === frame.call) this.close();
  }

  #show(frame) {
    this.#frame = frame;
    const isVideo = frame.way === "video";
    slot(this.#place, "video").hidden = !isVideo;
    slot(this.#place, "voice_of_video").hidden = !isVideo;
    slot(this.#place, "voice_of_voice").hidden = isVideo;
    this.problem("");
    this.busy(false);
    this.#place.hidden = false;
  }

  problem(text) {
    write(this.#place, "problem", text);
  }

  busy(on) {
    for (const way of ["video", "voice"]) slot(this.#place, way).disabled = on;
  }

  close() {
    this.#frame = null;
    this.#place.hidden = true;
  }
}
