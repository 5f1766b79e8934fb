// The frames of docs/protocol.md, peerchat.v1. The only file that knows their shapes; it does nothing with them.

export const PROTOCOL = "peerchat.v1";
export const CLOSED = { signedOut: 4401, tooFast: 4408, tooMany: 4409 };

export const REACTIONS = ["heart", "thank_you", "with_you", "strength", "proud"];

export const enter = (room, since) => ({ type: "enter", room, since });
export const watch = (room) => ({ type: "watch", room });
export const history = (room, before, limit = 50) => ({ type: "history", room, before, limit });
export const edit = (room, id, body, warning) => ({ type: "edit", room, id, body, ...(warning && { warning }) });
export const redact = (room, id) => ({ type: "redact", room, id });
export const react = (room, id, kind, on) => ({ type: "react", room, id, kind, on });
export const read = (room, seq) => ({ type: "read", room, seq });
export const got = (room, seq) => ({ type: "got", room, seq });
export const typing = (room) => ({ type: "typing", room });
export const mute = (room, member, on) => ({ type: "mute", room, member, on });
export const search = (room, search, query) => ({ type: "search", room, search, query });
export const flag = (room, about, category, words) => ({ type: "flag", room, ...about, category, words });
export const stop = (room, search) => ({ type: "stop", room, search });
export const call = (room, act, call, page, way) => ({ type: "call", room, act, call, page, ...(way && { way }) });
export const stay = (room, id, page, heard) => ({ ...call(room, "stay", id, page), heard });
export const signal = (room, call, turn, { n, got, data }) => ({ type: "signal", room, call, turn, n, got, data });
export const servers = (room, call) => ({ type: "servers", room, call });
export const follow = (topic) => ({ type: "follow", topic });

export function post(room, { key, body, warning, replyTo }) {
  return { type: "post", room, key, body, ...(warning && { warning }), ...(replyTo && { reply_to: replyTo.id }) };
}

export const withRef = (frame, ref) => ({ ...frame, ref });
export const encode = (frame) => JSON.stringify(frame);

// The frame, or null for what is not one: a client ignores what it does not know.
export function decode(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}

// What a message that was just acknowledged looks like before the server's own copy of it arrives.
export function settled(draft, answer, you) {
  const { replyTo } = draft;
  return {
    id: answer.id, seq: answer.seq, changed: answer.seq, at: answer.at, author: you,
    body: draft.body, warning: draft.warning || null,
    reply_to: replyTo && { id: replyTo.id, author: replyTo.author, excerpt: replyTo.excerpt },
    edited: false, redacted: false, reactions: {},
  };
}
