// Two soft notes for a new crisis, made here: no file is loaded. A button turns them off, for good.

import { word } from "../words.js";
import { slot } from "../slots.js";

const NOTES = [587.3, 880]; // hertz
const APART = 0.22; // seconds
const LASTS = 0.9;
const LOUD = 0.25;

export class Chime {
  #form;
  #sound = null;

  constructor(form) {
    this.#form = form;
    form.addEventListener("submit", (event) => this.#turn(event));
    // A browser lets a page sound only after somebody touched it.
    for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => this.#wake(), { once: true });
    this.#show();
  }

  ring() {
    if (!this.#isOn || !this.#sound) return;
    this.#sound.resume();
    NOTES.forEach((pitch, number) => this.#note(pitch, this.#sound.currentTime + number * APART));
  }

  get #isOn() {
    return this.#form.dataset.sound === "on";
  }

  #note(pitch, from) {
    const tone = new OscillatorNode(this.#sound, { type: "sine", frequency: pitch });
    const volume = new GainNode(this.#sound, { gain: 0 });
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUD, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + LASTS);
    tone.connect(volume).connect(this.#sound.destination);
    tone.start(from);
    tone.stop(from + LASTS);
  }

  #wake() {
    this.#sound ??= new AudioContext();
    this.#show();
  }

  async #turn(event) {
    event.preventDefault();
    const button = event.submitter ?? this.#form.querySelector("button");
    const body = new URLSearchParams(new FormData(this.#form, button));
    this.#form.dataset.sound = button.value;
    this.#show();
    if (this.#isOn) this.ring();
    await fetch(this.#form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  }

  #show() {
    const asleep = this.#isOn && !this.#sound;
    slot(this.#form, "label").textContent = word(asleep ? "sound_asleep" : this.#isOn ? "sound_on" : "sound_off");
    this.#form.querySelector("button").value = this.#isOn ? "off" : "on";
  }
}
