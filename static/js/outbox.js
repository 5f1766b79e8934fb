// Messages of one's own that the server has not acknowledged. They wait here, in memory only, and are sent again under
// the same key until an answer comes: the server stores a key once.

import * as wire from "./wire.js";

const ANSWER_WITHIN = 12000; // milliseconds

export class Outbox {
  #room;
  #send;
  #events;
  #drafts = new Map();

  // send(frame) -> bool; events: onChange(draft), onSettled(draft, answer), onWaits(draft, answer), onSilence()
  constructor(room, send, events) {
    this.#room = room;
    this.#send = send;
    this.#events = events;
  }

  get drafts() {
    return this.#drafts.values();
  }

  get isEmpty() {
    return this.#drafts.size === 0;
  }

  add({ body, warning, replyTo }) {
    const draft = { key: newKey(), body, warning, replyTo, at: new Date(), state: "pending", isSent: false, isInRoom: false, timer: 0 };
    this.#drafts.set(draft.key, draft);
    this.#events.onChange(draft);
    return draft;
  }

  deliver(draft) {
    if (draft.isSent || !this.#send(wire.post(this.#room, draft))) return;
    draft.isSent = true;
    draft.timer = setTimeout(this.#events.onSilence, ANSWER_WITHIN);
  }

  // The connection is gone: whether anything on its way arrived is not known, so all of it is sent again.
  lost() {
    for (const draft of this.#drafts.values()) this.#unsend(draft);
  }

  // The room did not take this one because it had not been entered yet.
  again(key) {
    const draft = this.#drafts.get(key);
    if (draft) this.#unsend(draft);
  }

  #unsend(draft) {
    clearTimeout(draft.timer);
    draft.isSent = false;
  }

  // After (re)entering the room: everything still waiting, in the order it was written.
  deliverAll() {
    for (const draft of this.#drafts.values()) {
      if (draft.state === "pending") this.deliver(draft);
    }
  }

  retry(draft) {
    draft.state = "pending";
    this.#unsend(draft);
    this.#events.onChange(draft);
    this.deliver(draft);
  }

  discard(draft) {
    clearTimeout(draft.timer);
    this.#drafts.delete(draft.key);
  }

  // The first waiting draft with these words, once: the room may hear of a post before its author is answered.
  takeTwinOf(message) {
    for (const draft of this.#drafts.values()) {
      if (draft.state !== "pending" || draft.isInRoom || draft.body !== message.body) continue;
      draft.isInRoom = true;
      return draft;
    }
    return null;
  }

  posted(answer) {
    const draft = this.#take(answer.key);
    if (draft) this.#events.onSettled(draft, answer);
  }

  // With `waits` the server keeps it for a moderator: it is not ours to send any more.
  held(answer) {
    if (answer.waits) {
      const draft = this.#take(answer.key);
      if (draft) this.#events.onWaits(draft, answer);
      return;
    }
    this.#stop(answer, { state: "held", text: answer.text, parts: answer.parts ?? [] });
  }

  refused(answer) {
    this.#stop(answer, { state: "refused", text: answer.text, parts: [], retryAfter: answer.retry_after ?? 0 });
  }

  #stop(answer, change) {
    const draft = this.#drafts.get(answer.key);
    if (!draft) return;
    clearTimeout(draft.timer);
    Object.assign(draft, change);
    this.#events.onChange(draft);
  }

  #take(key) {
    const draft = this.#drafts.get(key);
    if (draft) this.discard(draft);
    return draft;
  }
}

// randomUUID exists only on secure origins; a program tried out on a plain-HTTP address still gets a fresh key.
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
