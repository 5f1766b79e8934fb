// A call from its first ring to its end, as this page takes part in it. What the others hear, the server says (docs/protocol.md).

import { page, part, say } from "../page.js";
import * as wire from "../wire.js";
import { word } from "../words.js";
import { Line } from "./line.js";
import { Media, problemOf } from "./media.js";
import { MISSED, MissedCalls } from "./missed.js";
import { Peer } from "./peer.js";
import { Ringing } from "./ringing.js";
import { CallWindow } from "./window.js";

const STAY_EVERY = 3000; // milliseconds
const ALIVE_EVERY = 20000;
const ASK_AGAIN = 1000;

export class Calls {
  #socket;
  #other;
  #now = null; // { id, mine, way, answered, failed }: the call that this page is in; failed, its window stands to be read
  #ended = ""; // a call whose end could not be told yet
  #tab = newWord();
  #peer = null;
  #line = null;
  #stay = 0;
  #alive = 0;

  // socket: { ask(frame), send(frame) }, both only once the room is entered
  constructor(socket, other) {
    this.#socket = socket;
    this.#other = other;
    this.media = new Media({ onTrack: (kind, track) => this.#send(kind, track), onEnded: (kind) => this.#lostDevice(kind) });
    this.window = new CallWindow(part("call"), {
      onHangUp: () => this.hangUp(),
      onAgain: () => this.ring(this.#now.way),
      onMute: (on) => { this.media.mute(on); this.#showOwn(); },
      onCamera: (on) => this.#turnCamera(on),
      onBlur: (on) => { this.media.blur(on); this.#showOwn(); },
      onChoose: (kind, device) => this.#choose(kind, device),
    });
    this.ringing = new Ringing(part("ringing"), {
      onAccept: (frame, way) => this.#accept(frame, way),
      onDecline: (frame) => { this.ringing.close(); this.#act("decline", frame.call); },
    });
    this.missed = new MissedCalls(part("missed-calls"), other.pseudonym, {
      onPutAway: (call) => this.#act("notice", call),
      onCallBack: (way) => this.ring(way),
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#now && this.window.listDevices(this.media));
  }

  // Calls the other. The devices come first: nobody is rung by somebody who then has no voice.
  async ring(way) {
    if (this.#isBusy) return;
    this.#begin({ id: newId(), mine: true, way, answered: false }, "call_calling");
    if (!(await this.#openMedia(way, (text) => this.#didNotBegin(text)))) return;
    const answer = await this.#act("ring", this.#now?.id, way);
    if (!this.#now) return;
    if (answer?.type !== "call") return this.#finish(answer?.text ?? word("not_connected"));
    this.#now.id = answer.call; // both rang at once: it became one call
    this.#now.mine = answer.from === page.you.id;
    this.#keepUp();
    this.#heardOwn(answer);
  }

  async hangUp() {
    if (!this.#now) return;
    const { id, answered, mine } = this.#now;
    if (!this.#isBusy) return this.#close();
    this.#finish(word("call_over_hung_up"));
    this.#ended = id;
    if (await this.#act(answered || !mine ? "hang_up" : "cancel", id)) this.#ended = "";
    return undefined;
  }

  // The person leaves the page, maybe in a hurry: sight and sound end at once.
  leave() {
    if (!this.#isBusy) return;
    this.#act(this.#now.answered ? "hang_up" : "cancel", this.#now.id);
    this.#close();
  }

  entered({ missed }) {
    this.missed.all(missed ?? []);
    if (this.#ended) this.#act("hang_up", this.#ended);
    this.#ended = "";
    if (!this.#isBusy) return;
    this.#sayStay();
    this.#line?.repeat();
    if (this.#peer) this.#servers(this.#now.id).then((servers) => this.#peer?.findAgain(servers?.iceServers));
  }

  heard(frame) {
    if (frame.type === "signal") return frame.call === this.#now?.id && this.#line?.heard(frame);
    if (frame.type !== "call") return undefined;
    if (frame.call === this.#now?.id) return this.#heardOwn(frame);
    if (frame.from === page.you.id) return undefined;
    if (frame.state === "ringing") return this.#isBusy ? undefined : this.ringing.show(frame);
    if (frame.call === this.ringing.call) this.ringing.close();
    if (MISSED.includes(frame.end)) this.missed.add(frame);
    return undefined;
  }

  #heardOwn(frame) {
    if (!this.#isBusy) return undefined; // it stands to be read, and its end was told already
    if (frame.end === "lost") return this.#lose();
    if (frame.state === "over") return this.#finish(word(`call_over_${frame.end}`, { name: this.#other.pseudonym }));
    if (frame.state === "answered" && !this.#now.answered) {
      this.#now.answered = true;
      this.#connect();
    }
    return undefined;
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
    const answer = id && (await this.#socket.ask(wire.stay(page.room, id, this.#tab, this.#peer?.isConnected ?? false)));
    const isOver = answer?.type === "refused" && ["not_found", "elsewhere"].includes(answer.reason);
    if (isOver && this.#now?.id === id) this.#lose();
  }

  // The devices could not be opened: the window stays, to be read.
  #didNotBegin(text) {
    if (!this.#now) return;
    this.#now.failed = true;
    this.window.state("call_not_begun");
    this.window.stop(text);
  }

  async #accept(frame, way) {
    this.ringing.busy(true);
    if (!(await this.#openMedia(way, (text) => this.ringing.problem(text)))) return this.ringing.busy(false);
    const answer = await this.#act("accept", frame.call);
    this.ringing.close();
    if (answer?.type !== "call" || answer.state !== "answered") {
      this.media.close();
      return say(answer?.text ?? word(answer?.end ? `call_over_${answer.end}` : "not_connected", { name: frame.name }));
    }
    this.#begin({ id: frame.call, mine: false, way, answered: true }, "call_connecting");
    this.#keepUp();
    return this.#connect();
  }

  #begin(call, state) {
    this.#now = call;
    const { pseudonym: name, colour } = this.#other;
    this.window.open({ name, colour, initial: [...name][0] }, call.way);
    this.window.state(state);
    this.#showOwn();
  }

  async #openMedia(way, onProblem) {
    try {
      const all = await this.media.open(way === "video");
      if (!this.#now && !this.ringing.call) return this.media.close(); // it was over before the devices were there
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
    this.window.state("call_connecting");
    const { id, mine } = this.#now;
    const config = await this.#servers(id);
    if (this.#now?.id !== id || this.#peer) return;
    this.#line = new Line((said) => this.#socket.send(wire.signal(page.room, id, said)), (data) => this.#peer?.heard(data));
    this.#peer = new Peer(config, !mine, {
      onSay: (data) => this.#line?.say(data),
      onStream: (stream) => this.window.showStream(stream),
      onState: (state) => this.window.state(`call_${state}`),
      onBeside: (said) => this.window.showOther(said),
      onLost: () => { this.#act("lost", id); this.#lose(); },
    });
    this.#tellBeside();
    await this.#peer.send("audio", this.media.voice);
    if (this.media.picture) await this.#peer?.send("video", this.media.picture);
    this.window.listDevices(this.media);
  }

  // Asked until the house has answered: without its word a browser would show the other side where it is.
  async #servers(id) {
    while (this.#now?.id === id) {
      const answer = await this.#socket.ask(wire.servers(page.room, id));
      if (answer?.type === "servers") {
        return { iceServers: answer.servers, iceTransportPolicy: answer.relay_only ? "relay" : "all" };
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
    return null;
  }

  #send(kind, track) {
    this.#peer?.send(kind, track);
    this.#tellBeside();
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
    this.#tellBeside();
  }

  #tellBeside() {
    this.#peer?.tellBeside({ microphone: !this.media.muted, camera: Boolean(this.media.picture) });
  }

  #finish(text) {
    this.#close();
    say(text);
  }

  // Sight and sound end here as well; what happened stays to be read by somebody who looked away while the line was gone.
  #lose() {
    const { id, way } = this.#now;
    this.#stop();
    this.#now = { id, way, failed: true };
    this.window.state("call_over_lost");
    this.window.stop("", "call_again");
  }

  #close() {
    this.#stop();
    this.window.close();
  }

  #stop() {
    clearInterval(this.#stay);
    clearInterval(this.#alive);
    this.#line?.close();
    this.#peer?.close();
    this.media.close();
    this.#now = this.#peer = this.#line = null;
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
