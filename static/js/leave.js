// Leave quickly: one press of the button, or of Escape where nothing is open that Escape would close.
// The page goes blank first; the server is told in the background; the neutral site takes this page's place in the history.

import { closeNewest } from "./escape.js";

let leaving = false; // this page, for whatever other
let left = false; // for the neutral site, and for nothing else

export function isLeaving() {
  return leaving;
}

// The neutral site may take its time to answer, and the server signs the person out meanwhile: no page of ours may come between.
export function hasLeft() {
  return left;
}

// Goes to another page without asking about unsent words: the screen locks, or the person is signed out.
export function goAtOnce(address) {
  if (left) return;
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
  if (left) return;
  left = leaving = true;
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
