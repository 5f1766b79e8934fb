// Leave quickly: one press of the button, or of Escape where nothing is open that Escape would close.
// The page goes blank first; the server is told in the background; the neutral site takes this page's place in the history.

import { closeNewest } from "./escape.js";

let leaving = false;

export function isLeaving() {
  return leaving;
}

// Goes to another page without asking about unsent words: the screen locks, or the person is signed out.
export function goAtOnce(address) {
  leaving = true;
  location.replace(address);
}

export function watchForLeaving() {
  const form = document.querySelector("form[data-leave]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    leave(form);
  });
  // Where something is open (a menu, a panel, a search, an edit), Escape closes that and does not leave.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (document.querySelector("dialog[open]")) return;
    if (closeNewest()) event.preventDefault();
    else leave(form);
  });
}

function leave(form) {
  if (leaving) return;
  leaving = true;
  window.dispatchEvent(new Event("beforeleave"));
  blank();
  tellServer(form);
  location.replace(form.dataset.leave);
}

function blank() {
  document.documentElement.classList.add("is-leaving");
  document.title = "\u200e";
  document.querySelector("link[rel=icon]")?.remove();
}

// As a beacon does, this outlives the page; unlike a beacon it does not follow the answer to the neutral site.
function tellServer(form) {
  const body = new URLSearchParams(new FormData(form));
  if ("keepalive" in Request.prototype) {
    fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual", credentials: "same-origin" }).catch(() => {});
  } else {
    navigator.sendBeacon(form.action, body);
  }
}
