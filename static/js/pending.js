// The bubbles of messages that are on their way, were held or refused, or wait for a moderator: rooms/_pending.html.

import { slot, stamp, write } from "./slots.js";
import { word } from "./words.js";

export class PendingBubbles {
  #list;
  #acts;
  #bubbles = new Map();
  #online = true;

  // acts: onEdit(draft), onDiscard(draft), onRetry(draft)
  constructor(list, acts) {
    this.#list = list;
    this.#acts = acts;
  }

  show(draft) {
    const bubble = this.#bubbles.get(draft.key) ?? this.#make(draft);
    const stopped = draft.state === "held" || draft.state === "refused";
    bubble.className = `message message--mine message--pending message--${draft.state}`;
    write(bubble, "body", draft.body);
    write(bubble, "warning", draft.warning);
    write(bubble, "why", draft.state === "pending" ? "" : draft.text);
    slot(bubble, "parts").hidden = draft.state !== "held" || draft.parts.length === 0;
    slot(bubble, "parts").replaceChildren(...(draft.parts ?? []).map(partItem));
    slot(bubble, "acts").hidden = !stopped;
    this.#showRetry(bubble, draft);
    this.#showState(bubble, draft);
    if (stopped) bubble.scrollIntoView({ block: "nearest" });
  }

  remove(draft) {
    const bubble = this.#bubbles.get(draft.key);
    const hadFocus = bubble?.contains(document.activeElement);
    bubble?.remove();
    this.#bubbles.delete(draft.key);
    return hadFocus;
  }

  connection(online, drafts) {
    this.#online = online;
    for (const draft of drafts) {
      const bubble = this.#bubbles.get(draft.key);
      if (bubble) this.#showState(bubble, draft);
    }
  }

  #make(draft) {
    const bubble = stamp("pending");
    slot(bubble, "edit").addEventListener("click", () => this.#acts.onEdit(draft));
    slot(bubble, "discard").addEventListener("click", () => this.#acts.onDiscard(draft));
    slot(bubble, "retry").addEventListener("click", () => this.#acts.onRetry(draft));
    this.#list.append(bubble);
    this.#bubbles.set(draft.key, bubble);
    return bubble;
  }

  #showState(bubble, draft) {
    const states = { held: "state_held", refused: "state_refused", waiting: "state_moderator", pending: this.#online ? "state_sending" : "state_waiting" };
    write(bubble, "state", word(states[draft.state]));
  }

  // Trying again earlier than the server asked would only be refused again.
  #showRetry(bubble, draft) {
    const retry = slot(bubble, "retry");
    retry.hidden = draft.state !== "refused";
    if (retry.hidden || !draft.retryAfter) return;
    retry.disabled = true;
    setTimeout(() => (retry.disabled = false), draft.retryAfter * 1000);
  }
}

function partItem(part) {
  const item = document.createElement("li");
  const mark = document.createElement("mark");
  mark.textContent = part;
  item.append(mark);
  return item;
}
