// One's own voice and picture: opened, switched off, blurred, taken from another device. Nothing of it is kept anywhere.

import { Blurred } from "./blurred.js";

export class Media {
  #events;
  #voice = null;
  #camera = null; // as it comes from the device
  #blurred = null;
  #chosen = {}; // device by kind, for as long as the page lives
  #muted = false;
  #blurs = false;

  // events: onTrack(kind, track or null): what is to be sent from now on; onEnded(kind): a device has gone
  constructor(events) {
    this.#events = events;
  }

  get voice() { return this.#voice; }
  get picture() { return this.#blurred?.track ?? this.#camera; }
  get muted() { return this.#muted; }
  get blurs() { return this.#blurs; }

  // Opens the microphone, and the camera if it is wanted. A camera that cannot be had is no reason not to talk: answers whether
  // it is there. Throws where there is no voice; see problemOf.
  async open(withCamera) {
    this.#voice = await this.#take("audio");
    this.#muted = false;
    return withCamera ? this.turnCamera(true).then(() => true, () => false) : true;
  }

  mute(muted) {
    this.#muted = muted;
    if (this.#voice) this.#voice.enabled = !muted;
  }

  // Off is off: the device is let go and its light goes out.
  async turnCamera(on) {
    if (on) this.#useCamera(await this.#take("video"));
    else this.#useCamera(null);
  }

  blur(on) {
    this.#blurs = on;
    this.#useCamera(this.#camera);
  }

  async choose(kind, device) {
    this.#chosen[kind] = device;
    if (kind === "audio") {
      const old = this.#voice;
      this.#voice = await this.#take("audio");
      this.#voice.enabled = !this.#muted;
      this.#events.onTrack("audio", this.#voice);
      old?.stop();
    } else if (this.#camera) {
      this.#useCamera(await this.#take("video"));
    }
  }

  chosen(kind) {
    return (kind === "audio" ? this.#voice : this.#camera)?.getSettings().deviceId ?? "";
  }

  close() {
    for (const each of [this.#voice, this.#camera]) each?.stop();
    this.#blurred?.close();
    this.#voice = this.#camera = this.#blurred = null;
    this.#blurs = this.#muted = false;
  }

  async #take(kind) {
    const device = this.#chosen[kind];
    const size = kind === "video" ? { width: { ideal: 1280 }, height: { ideal: 720 } } : {};
    const any = () => navigator.mediaDevices.getUserMedia({ [kind]: kind === "video" ? size : true });
    const chosen = () => navigator.mediaDevices.getUserMedia({ [kind]: { ...size, deviceId: { exact: device } } });
    const stream = device ? await chosen().catch((error) => (error.name === "OverconstrainedError" ? any() : Promise.reject(error))) : await any();
    const [track] = stream.getTracks();
    track.onended = () => this.#events.onEnded(kind); // pulled out, or taken back by the person
    return track;
  }

  #useCamera(track) {
    const old = [this.#blurred, this.#camera !== track ? this.#camera : null];
    this.#camera = track;
    this.#blurred = track && this.#blurs ? new Blurred(track) : null;
    this.#events.onTrack("video", this.picture);
    old[0]?.close();
    old[1]?.stop();
  }
}

// The word (rooms/words.py) for why a device could not be opened.
export function problemOf(error) {
  if (!navigator.mediaDevices) return "media_insecure";
  if (error?.name === "NotAllowedError" || error?.name === "SecurityError") return "media_denied";
  if (error?.name === "NotFoundError" || error?.name === "OverconstrainedError") return "media_none";
  return "media_busy";
}

export async function devicesOf(kind) {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((each) => each.kind === `${kind}input` && each.deviceId);
}
