// Two soft notes for a new crisis (sound). A button turns them off, for good.

import { word } from "../words.js";
import { slot } from "../slots.js";
import { play } from "./sound.js";

export class Chime {
  #form;
  #awake = navigator.userActivation?.hasBeenActive ?? false;

  constructor(form) {
    this.#form = form;
    form.addEventListener("submit", (event) => this.#turn(event));
    // A browser lets a page sound only after somebody touched it.
    for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => this.#wake(), { once: true });
    this.#show();
  }

  ring() {
    if (this.#isOn && this.#awake) play();
  }

  get #isOn() {
    return this.#form.dataset.sound === "on";
  }

  #wake() {
    this.#awake = true;
    this.#show();
  }

  async #turn(event) {
    event.preventDefault();
    const button = event.submitter ?? this.#form.querySelector("button");
    const body = new URLSearchParams(new FormData(this.#form, button));
    this.#form.dataset.sound = button.value;
    this.#show();
    this.ring();
    await fetch(this.#form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  }

  #show() {
    const asleep = this.#isOn && !this.#awake;
    slot(this.#form, "label").textContent = word(asleep ? "sound_asleep" : this.#isOn ? "sound_on" : "sound_off");
    this.#form.querySelector("button").value = this.#isOn ? "off" : "on";
  }
}
