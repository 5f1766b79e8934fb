// Entry of the page where somebody chooses how they are told: hearing the sound, waking this device, trying both.

import { page, part } from "../page.js";
import { STATES, isFor, isSupported, spelled, subscribe, subscription, unsubscribe } from "./device.js";
import { play } from "./sound.js";

const device = part("device");
let index = page.here; // what the server calls this browser

part("hear").addEventListener("click", hear);
part("try").addEventListener("submit", () => part("sound").checked && play());
part("turn-on").addEventListener("click", () => busily(turnOn));
part("turn-off").addEventListener("click", () => busily(turnOff));
busily(look);

async function hear() {
  const heard = await play();
  show(part("heard"), heard ? "heard" : "silent");
}

// What the browser says and what the server says may differ: a browser can end a subscription, and renew its address.
async function look() {
  if (!isSupported()) return STATES.unsupported;
  if (Notification.permission === "denied") return STATES.blocked;
  const here = await subscription(page.scope);
  if (!here || !isFor(here, page.key)) return STATES.off;
  const answer = await tell(page.on, { ...spelled(here), again: "yes" });
  if (!answer.ok) return STATES.off;
  ({ index } = await answer.json());
  return STATES.on;
}

async function turnOn() {
  const made = await subscribe(page);
  if (!made) return Notification.permission === "denied" ? STATES.blocked : STATES.off;
  if (!(await tell(page.on, spelled(made))).ok) return "failed";
  location.reload();
  return null;
}

async function turnOff() {
  await tell(page.off, { index });
  await unsubscribe(page.scope);
  location.reload();
  return null;
}

// One thing at a time; the buttons wait, and the state that it ends in is shown. null: the page is loaded anew.
async function busily(act) {
  device.setAttribute("aria-busy", "true");
  for (const button of device.querySelectorAll("button")) button.disabled = true;
  const state = await act().catch(() => "failed");
  if (!state) return;
  show(device, state);
  for (const button of device.querySelectorAll("button")) button.disabled = false;
  device.setAttribute("aria-busy", "false");
}

function show(place, state) {
  for (const each of place.querySelectorAll("[data-state]")) each.hidden = !each.dataset.state.split(" ").includes(state);
}

function tell(address, about) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ ...about, csrfmiddlewaretoken: token });
  return fetch(address, { method: "POST", body, redirect: "manual" });
}
