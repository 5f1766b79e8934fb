// Entry of the list of hand-overs: it is read anew when something moved, its clocks go on, and a new one is heard.

import { page, part } from "../page.js";
import { runClock } from "./clock.js";
import { keepAlive } from "./live_part.js";
import { play } from "./sound.js";

const list = document.querySelector("[data-live-part]");
let known = waiting();

runClock(list);
keepAlive(list, () => {
  const now = waiting();
  const isNew = now.some((id) => !known.includes(id));
  known = now;
  part("said").textContent = isNew ? part("said").dataset.new : "";
  if (isNew && page.sound) play();
});

function waiting() {
  return [...list.querySelectorAll("[data-handover]")].map((line) => line.dataset.handover);
}
