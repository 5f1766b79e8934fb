// Entry of the room list: what is new, who is here and what is there for the person alone shows without loading the page again.

import { CallElsewhere } from "./call_elsewhere.js";
import { Cards } from "./cards.js";
import { followed } from "./following.js";
import { goAtOnce } from "./leave.js";
import { Socket } from "./socket.js";
import { OtherRooms } from "./unread.js";

const content = document.getElementById("content");
const rooms = new OtherRooms(content, location.pathname);
const callElsewhere = new CallElsewhere(document.querySelector("[data-part=call-note]"), content);
const region = document.querySelector("[data-part=cards]"); // not on the pages of who works in the house
const cards = region && new Cards(region, document.querySelector("[data-part=cards-said]"), { onEmptied: () => content.focus() });
const socket = new Socket("/ws/", {
  onOpen: opened,
  onFrame: heard,
  onLost: () => {},
  onStillDown: () => {},
  onSignedOut: () => goAtOnce(location.href), // the server says where to
});
socket.connect();

function opened() {
  rooms.connected((frame) => socket.send(frame));
  followed(socket, "mine", () => cards?.renew());
}

function heard(frame) {
  if (frame.type === "news") rooms.renewSoon();
  if (frame.type === "call") callElsewhere.heard(frame);
  if (frame.type === "moved" && frame.topic === "mine") cards?.renew();
}
