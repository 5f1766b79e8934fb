// A page that follows a topic over the one socket: it hears that something moved, never what, and asks for it itself.

import { followed } from "../following.js";
import { goAtOnce } from "../leave.js";
import { page } from "../page.js";
import { Socket } from "../socket.js";

// events: onMoved() also after each new connection, since something may have been missed; onLost()
export function follow(topic, { onMoved, onLost }) {
  const socket = new Socket(page.socket, {
    onOpen: enter,
    onFrame: (frame) => frame.type === "moved" && frame.topic === topic && onMoved(),
    onLost,
    onStillDown: leaveIfSignedOut,
    onSignedOut: () => goAtOnce(page.signIn),
  });

  function enter() {
    followed(socket, topic, onMoved);
  }

  // A handshake is refused without a reason that a script may read: the page itself says whether we may still be here.
  async function leaveIfSignedOut(failures) {
    if (failures < 2 || !navigator.onLine) return;
    const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (answer?.type !== "opaqueredirect" && answer?.status !== 404) return;
    socket.end();
    goAtOnce(page.signIn);
  }

  // A phone that slept may hold a dead connection: asking again shows it.
  function wake() {
    if (document.visibilityState !== "visible") return;
    if (socket.isOpen()) enter();
    else socket.connect();
  }

  window.addEventListener("online", () => socket.restart());
  window.addEventListener("offline", onLost);
  document.addEventListener("visibilitychange", wake);
  socket.connect();
}
