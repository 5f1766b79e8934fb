// Scripts that stand beside the talk (calls) hear the page's one socket through here; room.js tells, they listen.

const listeners = [];

// listener: { onEntered(frame), onFrame(frame), onLost() }, each of them only if it wants to know.
export function listen(listener) {
  listeners.push(listener);
}

// event: onBegin({ ask, send }), onEntered(frame), onFrame(frame), onLost().
export function tell(event, about) {
  for (const listener of listeners) listener[event]?.(about);
}
