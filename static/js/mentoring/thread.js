// Beside the talk of two: its forms go without leaving the page, and what the other one changed shows by itself. The server makes
// the parts; here they are put in place without taking the focus, a fold that is open, or words that are being typed.

import { listen } from "../beside.js";
import { part } from "../page.js";

const ASKS = { "X-Thread": "1" };
const LONGEST_TIMER = 2 ** 31 - 1; // milliseconds

const side = part("thread-side");
const said = part("thread-said");
let renewing = false;
let again = false;
let timer = 0;

side.addEventListener("submit", submitted);
listen({ onMoved: renew });
waitForTurn();

// A second wish while one is asked for is answered once, afterwards.
async function renew() {
  if (renewing) return void (again = true);
  renewing = true;
  const answer = await fetch(side.dataset.address, { headers: ASKS, redirect: "error" }).catch(() => null);
  if (answer?.ok && show(await answer.text())) say(said.dataset.saidNew);
  renewing = false;
  if (!again) return undefined;
  again = false;
  return renew();
}

async function submitted(event) {
  const form = event.target;
  if (!form.matches("[data-thread-form]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body, headers: ASKS, redirect: "error" }).catch(() => null);
  form.removeAttribute("aria-busy");
  if (!answer || !(answer.ok || answer.status === 422)) return say(said.dataset.saidFailed);
  if (answer.ok) settle(form);
  show(await answer.text());
  side.querySelector("[data-error]")?.scrollIntoView({ block: "nearest" });
  return undefined;
}

// What was sent is not typed any more, and its fold closes.
function settle(form) {
  form.reset();
  const fold = form.closest("details.thread-more");
  if (fold) fold.open = false;
}

// Whether anything reads otherwise than before.
function show(markup) {
  const page = new DOMParser().parseFromString(markup, "text/html");
  const before = reading();
  for (const name of ["thread-top", "thread-side"]) {
    const fresh = page.querySelector(`[data-part="${name}"]`);
    if (fresh) replace(part(name), fresh);
  }
  waitForTurn();
  return reading() !== before;
}

function reading() {
  return `${part("thread-top").textContent} ${side.textContent}`.replace(/\s+/g, " ");
}

function replace(place, fresh) {
  const kept = keep(place);
  place.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  giveBack(place, kept);
}

function keep(place) {
  const fields = [...place.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(isChanged);
  return {
    folds: new Set([...place.querySelectorAll("details[open][data-fold]")].map(({ dataset }) => dataset.fold)),
    typed: new Map(fields.map((field) => [field.id, field.type === "checkbox" ? field.checked : field.value])),
    focused: place.contains(document.activeElement) ? document.activeElement.id || foldOf(document.activeElement) : "",
    hadFocus: place.contains(document.activeElement),
  };
}

function isChanged(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function giveBack(place, { folds, typed, focused, hadFocus }) {
  for (const fold of place.querySelectorAll("details[data-fold]")) fold.open ||= folds.has(fold.dataset.fold);
  for (const [id, value] of typed) {
    const field = id && place.querySelector(`#${CSS.escape(id)}`);
    if (field && typeof value === "boolean") field.checked = value;
    else if (field) field.value = value;
  }
  if (!hadFocus) return;
  const next = (focused && (place.querySelector(`#${CSS.escape(focused)}`) ?? summaryOf(place, focused))) || place;
  if (next === place) place.tabIndex = -1;
  next.focus({ preventScroll: true });
}

function foldOf(element) {
  return element.closest("details[data-fold]")?.dataset.fold ?? "";
}

function summaryOf(place, fold) {
  return place.querySelector(`details[data-fold="${CSS.escape(fold)}"] > summary`);
}

// The hours of the mentor begin or end while the page is open.
function waitForTurn() {
  clearTimeout(timer);
  const turns = part("thread-top").querySelector("[data-turns]")?.dataset.turns;
  if (!turns) return;
  const wait = new Date(turns) - Date.now() + 1000;
  timer = setTimeout(renew, Math.min(LONGEST_TIMER, Math.max(1000, wait)));
}

function say(text) {
  said.textContent = "";
  setTimeout(() => (said.textContent = text), 50); // the same words twice are news twice
}
