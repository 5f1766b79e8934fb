// The window of a call: what is seen, how the line is, and the buttons. It does what it is told and says what was pressed.

import { slot, write } from "../slots.js";
import { word } from "../words.js";
import { devicesOf } from "./media.js";

const KINDS = { audio: "microphones", video: "cameras" };

export class CallWindow {
  #place;
  #name = "";
  #way = "voice";
  #before = null; // what had the focus

  // acts: onHangUp(), onAgain(), onMute(on), onCamera(on), onBlur(on), onChoose(kind, device)
  constructor(place, acts) {
    this.#place = place;
    const on = (name, act) => slot(place, name).addEventListener("click", ({ currentTarget }) => act(!isPressed(currentTarget)));
    on("hang_up", () => acts.onHangUp());
    on("again", () => acts.onAgain());
    on("mute", acts.onMute);
    on("camera", (off) => acts.onCamera(!off));
    on("blur", acts.onBlur);
    on("small", (small) => this.#makeSmall(small));
    for (const [kind, name] of Object.entries(KINDS)) {
      slot(place, name).addEventListener("change", ({ target }) => acts.onChoose(kind, target.value));
    }
  }

  open({ name, initial, colour }, way) {
    this.#name = name;
    this.#way = way;
    this.#before = document.activeElement;
    slot(this.#place, "initial").textContent = initial;
    slot(this.#place, "face").dataset.colour = colour;
    slot(this.#place, "name").textContent = name;
    this.showOther({ microphone: true, camera: way === "video" });
    this.problem("");
    this.#turn(false);
    this.#place.hidden = false;
    document.documentElement.classList.add("is-calling");
    this.#place.focus({ preventScroll: true });
  }

  // word: one of call_calling, call_connecting, call_connected, call_weak, call_reconnecting
  state(name) {
    const text = word(name, { name: this.#name });
    const place = slot(this.#place, "state");
    if (place.textContent !== text) place.textContent = text;
    this.#place.dataset.state = name.replace("call_", "");
  }

  // On a phone: the talk and its field to write in come back under the picture.
  #makeSmall(on) {
    this.#place.classList.toggle("call--small", on);
    press(slot(this.#place, "small"), on);
  }

  // There is no call any more, or none yet: something to read, and to close; with `again`, also to try again, in that word.
  stop(text, again = "") {
    this.problem(text);
    this.#empty();
    this.#turn(true, again);
    slot(this.#place, again ? "again" : "hang_up").focus({ preventScroll: true });
  }

  #turn(stopped, again = "") {
    slot(this.#place, "again").hidden = !again;
    slot(this.#place, "again_word").textContent = again && word(again);
    this.#place.classList.toggle("call--stopped", stopped);
    slot(this.#place, "hang_up_word").hidden = stopped;
    slot(this.#place, "close_word").hidden = !stopped;
  }

  problem(text) {
    write(this.#place, "problem", text);
  }

  showOwn(media) {
    const own = slot(this.#place, "own");
    const track = media.picture;
    own.srcObject = track ? new MediaStream([track]) : null;
    own.hidden = !track;
    slot(this.#place, "own_off").hidden = Boolean(track);
    press(slot(this.#place, "mute"), media.muted);
    press(slot(this.#place, "camera"), !track);
    press(slot(this.#place, "blur"), media.blurs);
    slot(this.#place, "blur").disabled = !track;
  }

  showStream(stream) {
    const other = slot(this.#place, "other");
    if (other.srcObject === stream) return;
    other.srcObject = stream;
    other.play().catch(() => {}); // replaced before it began
  }

  // What the other has switched off.
  showOther({ microphone, camera }) {
    this.#place.classList.toggle("call--without-picture", !camera);
    slot(this.#place, "other").classList.toggle("call__other--off", !camera);
    slot(this.#place, "face").hidden = camera;
    write(this.#place, "other_muted", microphone ? "" : word("call_other_muted", { name: this.#name }));
  }

  // They are away: what was seen of them last is not left standing.
  showNoOther() {
    slot(this.#place, "other").srcObject = null;
    this.showOther({ microphone: true, camera: false });
  }

  #empty() {
    for (const name of ["own", "other"]) slot(this.#place, name).srcObject = null;
    slot(this.#place, "devices").open = false;
    this.#makeSmall(false);
    this.showOther({ microphone: true, camera: false });
  }

  async listDevices(media) {
    for (const [kind, name] of Object.entries(KINDS)) {
      const list = slot(this.#place, name);
      const options = (await devicesOf(kind)).map((device, number) => {
        const option = new Option(device.label || word(kind === "audio" ? "call_microphone" : "call_camera", { number: number + 1 }), device.deviceId);
        option.selected = device.deviceId === media.chosen(kind);
        return option;
      });
      list.replaceChildren(...options);
      list.closest("label").hidden = options.length === 0;
    }
  }

  close() {
    if (this.#place.hidden) return;
    const held = this.#place.contains(document.activeElement);
    this.#place.hidden = true;
    document.documentElement.classList.remove("is-calling");
    this.#empty();
    if (held) (this.#before?.isConnected && this.#before !== document.body ? this.#before : document.getElementById("content")).focus({ preventScroll: true });
  }
}

function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}
