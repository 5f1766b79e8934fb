// The connection from browser to browser: WebRTC with perfect negotiation (W3C WebRTC 1.0, 10.7), found again when it was lost.
// Media is encrypted by WebRTC itself (DTLS-SRTP), from browser to browser.

const LOOK_EVERY = 2000; // milliseconds
const PATIENCE = 4000; // until a broken line is looked for anew
const LOST_AFTER = 45000;
const WEAK_LOSS = 0.08; // of the packets
const WEAK_DELAY = 0.8; // seconds there and back

export class Peer {
  #link;
  #polite;
  #events;
  #beside;
  #tracks = new Map(); // by kind: what is sent
  #stream = new MediaStream();
  #received = new MediaStream();
  #mayOffer;
  #offering = false;
  #ignoring = false;
  #broken = 0; // since when, 0 while the line holds
  #restarted = 0;
  #timer = 0;
  #said = null;
  #before = { lost: 0, sent: 0 };

  // polite: gives way when both offer at once, and waits for the first offer.
  // events: onSay(data), onStream(stream), onState("connecting" | "connected" | "weak" | "reconnecting"), onBeside(said), onLost()
  constructor(config, polite, events) {
    this.#polite = polite;
    this.#mayOffer = !polite;
    this.#events = events;
    const link = (this.#link = new RTCPeerConnection(config));
    link.onnegotiationneeded = () => this.#offer();
    link.onicecandidate = ({ candidate }) => candidate && events.onSay({ candidate: candidate.toJSON() });
    link.ontrack = ({ track }) => {
      this.#received.addTrack(track);
      events.onStream(this.#received);
    };
    link.onconnectionstatechange = () => this.#look();
    this.#beside = link.createDataChannel("beside", { negotiated: true, id: 0 });
    this.#beside.onopen = () => this.#sayBeside();
    this.#beside.onmessage = ({ data }) => heardBeside(data, events.onBeside);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY);
  }

  get isConnected() { return this.#link.connectionState === "connected"; }

  // Sends this track from now on, in place of the one of its kind; null sends none.
  async send(kind, track) {
    this.#tracks.set(kind, track);
    if (!this.#mayOffer) return;
    const known = this.#link.getTransceivers().find(({ receiver, direction }) => receiver.track.kind === kind && direction.startsWith("send"));
    if (known) await known.sender.replaceTrack(track);
    else if (track) this.#link.addTrack(track, this.#stream);
  }

  // Tells the other side, beside the media, what is switched off here.
  tellBeside(said) {
    this.#said = said;
    this.#sayBeside();
  }

  async heard({ description, candidate }) {
    try {
      if (description) await this.#described(description);
      else if (candidate) await this.#link.addIceCandidate(candidate);
    } catch (error) {
      if (!this.#ignoring) throw error;
    }
  }

  // The way to the other may be another one now.
  findAgain(servers) {
    if (servers) this.#link.setConfiguration({ ...this.#link.getConfiguration(), iceServers: servers });
    if (this.#mayOffer && this.#link.connectionState !== "connected") this.#link.restartIce();
  }

  close() {
    clearInterval(this.#timer);
    this.#link.onnegotiationneeded = null;
    this.#link.close();
  }

  async #offer() {
    if (!this.#mayOffer) return;
    this.#offering = true;
    try {
      await this.#link.setLocalDescription();
      this.#events.onSay({ description: this.#link.localDescription.toJSON() });
    } finally {
      this.#offering = false;
    }
  }

  async #described(description) {
    const collides = description.type === "offer" && (this.#offering || this.#link.signalingState !== "stable");
    this.#ignoring = !this.#polite && collides;
    if (this.#ignoring) return;
    await this.#link.setRemoteDescription(description);
    if (description.type !== "offer") return;
    if (!this.#mayOffer) this.#joinIn();
    await this.#link.setLocalDescription();
    this.#events.onSay({ description: this.#link.localDescription.toJSON() });
  }

  // The first offer is here: one's own voice and picture go into the answer.
  #joinIn() {
    this.#mayOffer = true;
    for (const track of this.#tracks.values()) if (track) this.#link.addTrack(track, this.#stream);
  }

  #sayBeside() {
    if (this.#said && this.#beside.readyState === "open") this.#beside.send(JSON.stringify(this.#said));
  }

  async #look() {
    const state = this.#link.connectionState;
    if (state === "closed") return;
    if (state === "connected") {
      this.#broken = 0;
      const weak = await this.#isWeak();
      if (this.#link.connectionState !== "closed") this.#events.onState(weak ? "weak" : "connected");
      return undefined;
    }
    if (state === "new" || (state === "connecting" && !this.#restarted)) this.#events.onState("connecting");
    this.#broken ||= Date.now();
    const since = Date.now() - this.#broken;
    if (since > LOST_AFTER) return this.#events.onLost();
    if (state === "disconnected" && since < PATIENCE) return this.#events.onState("weak");
    if (state === "disconnected" || state === "failed") {
      this.#events.onState("reconnecting");
      if (Date.now() - this.#restarted < PATIENCE) return undefined;
      this.#restarted = Date.now();
      this.#link.restartIce();
    }
    return undefined;
  }

  async #isWeak() {
    const heard = [...(await this.#link.getStats()).values()].filter(({ type }) => type === "remote-inbound-rtp" || type === "inbound-rtp");
    const slow = heard.some(({ roundTripTime }) => roundTripTime > WEAK_DELAY);
    const now = { lost: 0, sent: 0 };
    for (const { type, packetsLost = 0, packetsReceived = 0 } of heard) {
      if (type !== "inbound-rtp") continue;
      now.lost += Math.max(0, packetsLost);
      now.sent += packetsReceived + Math.max(0, packetsLost);
    }
    const lost = now.lost - this.#before.lost;
    const sent = now.sent - this.#before.sent;
    this.#before = now;
    return slow || (sent > 20 && lost / sent > WEAK_LOSS);
  }
}

function heardBeside(data, onBeside) {
  try {
    const { microphone, camera } = JSON.parse(data);
    onBeside({ microphone: microphone !== false, camera: camera === true });
  } catch {
    // what is not ours to understand changes nothing
  }
}
