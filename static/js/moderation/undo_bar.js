// The bar that takes an act back: counts its seconds down and goes. A screen reader hears of it once, not of each second.

import { counted } from "../words.js";

let timer = 0;

// Starts anew for the bar that is in the page now, if any; onOver() is called when its time is over.
export function countDown(page, onOver) {
  clearInterval(timer);
  const bar = page.querySelector("form.undo");
  if (!bar) return;
  const end = Date.now() + Number(bar.dataset.seconds) * 1000;
  const tell = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) return void (bar.querySelector("[data-slot=count]").textContent = counted("undo_seconds", left));
    clearInterval(timer);
    const hadFocus = bar.contains(document.activeElement);
    bar.remove();
    if (hadFocus) onOver();
  };
  tell();
  timer = setInterval(tell, 250);
}
