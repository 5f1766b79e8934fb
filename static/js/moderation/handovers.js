// Entry of the list of hand-overs: it is read anew when something moved, and a new one is heard.

import { part } from "../page.js";
import { keepAlive } from "./live_part.js";
import { play } from "./sound.js";

const list = document.querySelector("[data-live-part]");
let known = waiting();

keepAlive(list, () => {
  const now = waiting();
  const isNew = now.some((id) => !known.includes(id));
  known = now;
  if (!isNew) return;
  part("said").textContent = "";
  part("said").textContent = part("said").dataset.new;
  play();
});

function waiting() {
  return [...list.querySelectorAll("[data-handover]")].map((line) => line.dataset.handover);
}
