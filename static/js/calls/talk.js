// One turn of a call, from browser to browser: its servers, its signals, its connection. Whoever comes back to a call begins a new one, and
// nothing of the turns before meets it (docs/calls.md).

import { page } from "../page.js";
import * as wire from "../wire.js";
import { Line } from "./line.js";
import { Peer } from "./peer.js";

const ASK_AGAIN = 1000; // milliseconds

export class Talk {
  #socket;
  #call;
  #media;
  #events;
  #line = null;
  #peer = null;
  #closed = false;

  // call: { id, mine, turn }; events: those of Peer, but for onSay
  constructor(socket, call, media, events) {
    this.#socket = socket;
    this.#call = call;
    this.#media = media;
    this.#events = events;
  }

  get turn() { return this.#call.turn; }
  get isConnected() { return this.#peer?.isConnected ?? false; }

  async open() {
    const { id, mine, turn } = this.#call;
    const config = await this.#servers();
    if (this.#closed) return;
    this.#line = new Line((said) => this.#socket.send(wire.signal(page.room, id, turn, said)), (data) => this.#peer.heard(data));
    this.#peer = new Peer(config, !mine, { ...this.#events, onSay: (data) => this.#line.say(data) });
    this.tellBeside();
    await this.#peer.send("audio", this.#media.voice);
    if (this.#media.picture && !this.#closed) await this.#peer.send("video", this.#media.picture);
  }

  heard(frame) {
    if (frame.turn === this.turn) this.#line?.heard(frame);
  }

  // The socket was lost, and is there again.
  async repeat() {
    this.#line?.repeat();
    const config = this.#peer && (await this.#servers());
    if (!this.#closed) this.#peer?.findAgain(config?.iceServers);
  }

  send(kind, track) {
    this.#peer?.send(kind, track);
    this.tellBeside();
  }

  // What is switched off here.
  tellBeside() {
    this.#peer?.tellBeside({ microphone: !this.#media.muted, camera: Boolean(this.#media.picture) });
  }

  close() {
    this.#closed = true;
    this.#line?.close();
    this.#peer?.close();
  }

  // Asked until the house has answered: without its word a browser would show the other side where it is.
  async #servers() {
    while (!this.#closed) {
      const answer = await this.#socket.ask(wire.servers(page.room, this.#call.id));
      if (answer?.type === "servers") {
        return { iceServers: answer.servers, iceTransportPolicy: answer.relay_only ? "relay" : "all" };
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
    return null;
  }
}
