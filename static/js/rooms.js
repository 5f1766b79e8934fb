// Entry of the room list: what is new and who is here shows without loading the page again.

import { goAtOnce } from "./leave.js";
import { Socket } from "./socket.js";
import { OtherRooms } from "./unread.js";

const rooms = new OtherRooms(document.getElementById("content"), location.pathname);
const socket = new Socket("/ws/", {
  onOpen: () => rooms.connected((frame) => socket.send(frame)),
  onFrame: (frame) => frame.type === "news" && rooms.renewSoon(),
  onLost: () => {},
  onStillDown: () => {},
  onSignedOut: () => goAtOnce(location.href), // the server says where to
});
socket.connect();
