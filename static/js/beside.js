// Scripts that stand beside the talk (calls, what stands beside a thread) hear the page's one socket through here; room.js tells, they listen.

const listeners = [];

// listener: { onEntered(frame), onFrame(frame), onMoved(), onLost() }, each of them only if it wants to know.
export function listen(listener) {
  listeners.push(listener);
}

// event: onBegin({ ask, send }), onEntered(frame), onFrame(frame), onMoved() where something of this person's is new, onLost().
export function tell(event, about) {
  for (const listener of listeners) listener[event]?.(about);
}
