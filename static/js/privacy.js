// Screen privacy: a hidden tab is blurred, and a page that nobody touches locks itself.

import { goAtOnce } from "./leave.js";

const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "alive"]; // alive: a call is going on
const LOOK_EVERY = 5000; // milliseconds

export function guardScreen() {
  const hide = () => document.documentElement.classList.toggle("is-hidden", document.visibilityState === "hidden");
  document.addEventListener("visibilitychange", hide);
  window.addEventListener("pagehide", () => document.documentElement.classList.add("is-hidden"));
  const { lockSeconds, lock, unlock } = document.body.dataset;
  if (lockSeconds && location.pathname !== unlock) lockWhenIdle(Number(lockSeconds) * 1000, lock, unlock);
}

function lockWhenIdle(limit, lockAddress, unlockAddress) {
  let lastSign = Date.now();
  let locking = false;
  for (const sign of SIGNS_OF_LIFE) {
    document.addEventListener(sign, () => (lastSign = Date.now()), { passive: true, capture: true });
  }
  const look = async () => {
    if (locking || Date.now() - lastSign < limit) return;
    locking = true;
    document.documentElement.classList.add("is-hidden");
    await tellServer(lockAddress);
    goAtOnce(`${unlockAddress}?next=${encodeURIComponent(location.pathname)}`);
  };
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", look); // a laptop that slept did not run the timer
}

async function tellServer(address) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  await fetch(address, { method: "POST", body, redirect: "manual" }).catch(() => {});
}
