// Entry of calls in a thread of two. Where a browser knows no calls, their buttons stay hidden and all else goes on.

import { listen } from "../beside.js";
import { page, part } from "../page.js";
import { Calls } from "./calls.js";

const other = page.members.find(({ id }) => id !== page.you.id);
const isAble = "RTCPeerConnection" in window && Boolean(navigator.mediaDevices?.getUserMedia);

if (other && isAble) {
  let calls = null;
  listen({
    onBegin: (line) => { calls = new Calls(line, other); calls.missed.all(page.missed); },
    onEntered: (frame) => calls.entered(frame),
    onFrame: (frame) => calls.heard(frame),
  });
  for (const button of document.querySelectorAll("[data-call]")) {
    button.hidden = false;
    button.addEventListener("click", () => calls.ring(button.dataset.call));
  }
  window.addEventListener("beforeleave", () => calls.leave());
  window.addEventListener("pagehide", () => calls.stepAway());
  for (const form of document.querySelectorAll("form[data-ends-calls]")) form.addEventListener("submit", () => calls.leave());
}
