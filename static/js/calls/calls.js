// A call from its first ring to its end, as this page takes part in it. What the others hear, the server says (docs/protocol.md).

import { page, part, say } from "../page.js";
import * as wire from "../wire.js";
import { word } from "../words.js";
import { Media, problemOf } from "./media.js";
import { MISSED, MissedCalls } from "./missed.js";
import { Ringing } from "./ringing.js";
import { Talk } from "./talk.js";
import { WayBack } from "./way_back.js";
import { CallWindow } from "./window.js";

const STAY_EVERY = 3000; // milliseconds
const ALIVE_EVERY = 20000;
const WAIT_AT_MOST = 60000; // for an other who is away; the house says sooner that they do not come

export class Calls {
  #socket;
  #other;
  // The call that this page is in: { id, mine, way, turn, waits, failed }. turn: 0 until it is answered; waits: a timer while the other is away;
  // failed: it is over, its window stands to be read.
  #now = null;
  #ended = ""; // a call whose end could not be told yet
  #tab = newWord();
  #talk = null; // the connection of the present turn
  #stay = 0;
  #alive = 0;

  // socket: { ask(frame), send(frame) }, both only once the room is entered
  constructor(socket, other) {
    this.#socket = socket;
    this.#other = other;
    this.media = new Media({ onTrack: (kind, track) => this.#talk?.send(kind, track), onEnded: (kind) => this.#lostDevice(kind) });
    this.window = new CallWindow(part("call"), {
      onHangUp: () => this.hangUp(),
      onAgain: () => this.ring(this.#now.way),
      onMute: (on) => { this.media.mute(on); this.#showOwn(); },
      onCamera: (on) => this.#turnCamera(on),
      onBlur: (on) => { this.media.blur(on); this.#showOwn(); },
      onChoose: (kind, device) => this.#choose(kind, device),
    });
    this.ringing = new Ringing(part("ringing"), {
      onAccept: (frame, way) => this.#join("accept", frame, way, this.ringing),
      onDecline: (frame) => { this.ringing.close(); this.#act("decline", frame.call); },
    });
    this.wayBack = new WayBack(part("way-back"), {
      onBack: (frame, way) => this.#join("back", frame, way, this.wayBack),
      onEnd: (frame) => { this.wayBack.close(); this.#act("hang_up", frame.call); },
    });
    this.missed = new MissedCalls(part("missed-calls"), other.pseudonym, {
      onPutAway: (call) => this.#act("notice", call),
      onCallBack: (way) => this.ring(way),
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#now && this.window.listDevices(this.media));
  }

  // Calls the other. The devices come first: nobody is rung by somebody who then has no voice.
  async ring(way) {
    if (this.#isBusy) return undefined;
    if (this.wayBack.call) return this.wayBack.press(way);
    this.#begin({ id: newId(), mine: true, way }, "call_calling");
    if (!(await this.#openMedia(way, (text) => this.#didNotBegin(text)))) return undefined;
    const answer = await this.#act("ring", this.#now?.id, way);
    if (!this.#now) return undefined;
    if (answer?.type !== "call") return this.#finish(answer?.text ?? word("not_connected"));
    this.#now.id = answer.call; // both rang at once: it became one call
    this.#now.mine = answer.from === page.you.id;
    this.#keepUp();
    return this.#heardOwn(answer);
  }

  async hangUp() {
    if (!this.#now) return;
    const { id, turn, mine } = this.#now;
    if (!this.#isBusy) return this.#close();
    this.#finish(word("call_over_hung_up"));
    this.#ended = id;
    if (await this.#act(turn || !mine ? "hang_up" : "cancel", id)) this.#ended = "";
    return undefined;
  }

  // The person leaves, maybe in a hurry: sight and sound end at once, and nobody comes back.
  leave() {
    this.#part("hang_up", this.#isBusy ? this.#now.id : this.wayBack.call);
  }

  // The page goes, and may be loaded again.
  stepAway() {
    if (this.#isBusy) this.#part("away", this.#now.id);
  }

  #part(act, call) {
    if (call) this.#act(this.#now?.turn === 0 ? "cancel" : act, call);
    if (this.#isBusy) this.#close();
  }

  entered({ missed }) {
    this.missed.all(missed ?? []);
    if (this.#ended) this.#act("hang_up", this.#ended);
    this.#ended = "";
    if (!this.#isBusy) return;
    this.#sayStay();
    this.#talk?.repeat();
  }

  heard(frame) {
    if (frame.type === "signal") return frame.call === this.#now?.id && this.#talk?.heard(frame);
    if (frame.type !== "call") return undefined;
    if (frame.call === this.#now?.id) return this.#isBusy && this.#heardOwn(frame);
    if (!this.#isBusy) this.wayBack.heard(frame);
    if (frame.from === page.you.id) return undefined;
    if (frame.state === "ringing") return this.#isBusy ? undefined : this.ringing.show(frame);
    if (frame.call === this.ringing.call) this.ringing.close();
    if (MISSED.includes(frame.end)) this.missed.add(frame);
    return undefined;
  }

  #heardOwn(frame) {
    if (frame.end === "lost") return this.#lose();
    if (frame.state === "over") return this.#finish(word(`call_over_${frame.end}`, { name: this.#other.pseudonym }));
    if (frame.state !== "answered" || frame.turn < this.#now.turn) return undefined;
    this.#now.turn = frame.turn;
    if (frame.away.includes(page.you.id)) return this.#sayStay(); // this page was silent for too long, and is there
    if (frame.away.includes(this.#other.id)) return this.#waitForOther();
    return frame.turn !== this.#talk?.turn && this.#connect();
  }

  get #isBusy() {
    return this.#now !== null && !this.#now.failed;
  }

  // While this page is in a call it says so; whoever is told that it is not has lost it.
  #keepUp() {
    this.#stay = setInterval(() => this.#sayStay(), STAY_EVERY);
    this.#alive = setInterval(() => document.dispatchEvent(new Event("alive")), ALIVE_EVERY);
  }

  async #sayStay() {
    const id = this.#now?.id;
    const answer = id && (await this.#socket.ask(wire.stay(page.room, id, this.#tab, this.#talk?.isConnected ?? false)));
    if (answer?.type !== "refused" || this.#now?.id !== id || !this.#isBusy) return;
    if (answer.reason === "elsewhere") this.#finish(word("call_elsewhere"));
    if (answer.reason === "not_found") this.#lose();
  }

  // The devices could not be opened: the window stays, to be read.
  #didNotBegin(text) {
    if (!this.#now) return;
    this.#now.failed = true;
    this.window.state("call_not_begun");
    this.window.stop(text);
  }

  // Answers, or comes back; asked: what offers it.
  async #join(act, frame, way, asked) {
    asked.busy(true);
    if (!(await this.#openMedia(way, (text) => asked.problem(text)))) return asked.busy(false);
    const answer = await this.#act(act, frame.call);
    asked.close();
    if (answer?.type !== "call" || answer.state !== "answered") {
      this.media.close();
      return say(answer?.text ?? word(answer?.end ? `call_over_${answer.end}` : "not_connected", { name: this.#other.pseudonym }));
    }
    this.#begin({ id: frame.call, mine: frame.from === page.you.id, way }, "call_connecting");
    if (way === "video" && !this.media.picture) this.window.problem(word("media_no_camera"));
    this.#keepUp();
    return this.#heardOwn(answer);
  }

  #begin(call, state) {
    this.#now = { turn: 0, waits: 0, ...call };
    const { pseudonym: name, colour } = this.#other;
    this.window.open({ name, colour, initial: [...name][0] }, call.way);
    this.window.state(state);
    this.#showOwn();
  }

  async #openMedia(way, onProblem) {
    try {
      const all = await this.media.open(way === "video");
      if (!this.#now && !this.ringing.call && !this.wayBack.call) return this.media.close(); // it was over before the devices were there
      if (!all) this.window.problem(word("media_no_camera"));
      this.#showOwn();
      return true;
    } catch (error) {
      this.media.close();
      onProblem(word(problemOf(error)));
      return false;
    }
  }

  async #connect() {
    this.#disconnect();
    this.window.state("call_connecting");
    const { id } = this.#now;
    this.#talk = new Talk(this.#socket, { ...this.#now }, this.media, {
      onStream: (stream) => this.window.showStream(stream),
      onState: (state) => this.window.state(`call_${state}`),
      onBeside: (said) => this.window.showOther(said),
      onLost: () => { this.#act("lost", id); this.#lose(); },
    });
    await this.#talk.open();
    if (this.#isBusy) this.window.listDevices(this.media);
  }

  #waitForOther() {
    if (this.#now.waits) return;
    this.#disconnect();
    this.#now.waits = setTimeout(() => this.#lose(), WAIT_AT_MOST);
    this.window.state("call_waiting");
    this.window.showNoOther();
  }

  #disconnect() {
    clearTimeout(this.#now?.waits);
    if (this.#now) this.#now.waits = 0;
    this.#talk?.close();
    this.#talk = null;
  }

  async #turnCamera(on) {
    await this.media.turnCamera(on).then(() => on && this.window.problem(""), (error) => this.window.problem(word(problemOf(error))));
    this.#showOwn();
    this.window.listDevices(this.media);
  }

  #lostDevice(kind) {
    this.window.problem(word(kind === "audio" ? "media_lost_voice" : "media_lost_camera"));
    if (kind === "video") this.#turnCamera(false);
  }

  async #choose(kind, device) {
    await this.media.choose(kind, device).catch((error) => this.window.problem(word(problemOf(error))));
    this.#showOwn();
  }

  #showOwn() {
    this.window.showOwn(this.media);
    this.#talk?.tellBeside();
  }

  #finish(text) {
    this.#close();
    say(text);
  }

  // Sight and sound end here as well; what happened stays to be read by somebody who looked away while the line was gone.
  #lose() {
    const { id, way, waits } = this.#now;
    this.#stop();
    this.#now = { id, way, failed: true };
    this.window.state(waits ? "call_over_left" : "call_over_lost");
    this.window.stop("", "call_again");
  }

  #close() {
    this.#stop();
    this.window.close();
  }

  #stop() {
    clearInterval(this.#stay);
    clearInterval(this.#alive);
    this.#disconnect();
    this.media.close();
    this.#now = null;
  }

  #act(act, call, way) {
    return this.#socket.ask(wire.call(page.room, act, call, this.#tab, way));
  }
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function newWord() {
  return newId();
}
