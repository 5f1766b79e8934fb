// What the person was about to say, by room. In this page's memory only: closing or leaving the page forgets it.

const drafts = new Map();

export const keep = (room, draft) => drafts.set(room, draft);
export const kept = (room) => drafts.get(room) ?? { body: "", warning: "", replyTo: null };
export const forget = (room) => drafts.delete(room);
