// The clock of the case on this page, going on in the words of the server.

import { word } from "../words.js";
import { spoken } from "./clocks.js";

export function runClock(page) {
  setInterval(() => page.querySelectorAll("[data-clock]").forEach(tell), 1000);
}

function tell(clock) {
  const left = Math.trunc((new Date(clock.dataset.clock) - Date.now()) / 1000);
  const text = word(left < 0 ? "late" : "left", { span: spoken(Math.abs(left)) });
  if (clock.textContent !== text) clock.textContent = text;
  clock.classList.toggle("badge--danger", left < 0);
  clock.classList.toggle("badge--plain", left >= 0);
}
