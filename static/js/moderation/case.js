// Entry of the case page: follows the queue, sends forms without leaving the page, listens to its keys.

import { goAtOnce } from "../leave.js";
import { word } from "../words.js";
import { runClock } from "./clock.js";
import { watchKeys } from "./keys.js";
import { ask, renew, replace, replaceForm } from "./parts.js";
import { offerReadyWords } from "./ready_words.js";
import { follow } from "./topic.js";
import { countDown } from "./undo_bar.js";

const AT_MOST_EVERY = 500; // milliseconds
const LONGEST_TIMER = 2 ** 31 - 1;
const page = document.querySelector("[data-part=case]");
const address = page.dataset.address;
const said = () => page.querySelector("[data-live=said]");
let timer = 0;
let timed = 0;
let turns = 0; // how often something was done here
let sending = false;

// --- what is new -------------------------------------------------------------------------------------------------

function renewSoon() {
  timer ||= setTimeout(renewNow, AT_MOST_EVERY);
}

async function renewNow() {
  timer = 0;
  if (sending) return renewSoon();
  const turn = turns;
  const { gone, fresh } = await ask(address);
  if (turn !== turns) return renewSoon(); // something was done here meanwhile: this answer may be older
  if (gone) return goAtOnce(address);
  if (fresh) takeQuietly(fresh);
  return undefined;
}

// Nobody here did anything: what the page said last stays said, and so does the offer to take it back.
function takeQuietly(fresh) {
  for (const name of ["said", "bar"]) fresh.querySelector(`[data-live=${name}]`)?.remove();
  const before = standingOf(page);
  const kept = renew(page, fresh);
  const now = standingOf(page);
  if (now !== before) announce(kept ? `${now} ${word("changed_below")}` : now);
  watchTheTime();
}

function take(fresh) {
  renew(page, fresh);
  countDown(page, focusHead);
  watchTheTime();
}

// When a claim or a rest ends, nothing moves in the store: the page itself knows the moment.
function watchTheTime() {
  clearTimeout(timed);
  const wait = Date.parse(page.querySelector("[data-live=head]").dataset.changesAt) - Date.now();
  if (wait > 0) timed = setTimeout(renewSoon, Math.min(wait, LONGEST_TIMER));
}

const standingOf = (where) => where.querySelector("[data-slot=standing]")?.textContent.trim().replace(/\s+/g, " ");

function announce(text) {
  document.querySelector("[data-part=announce]").textContent = text;
}

function focusHead() {
  page.querySelector("[data-focus]").focus();
}

// --- what is done here -------------------------------------------------------------------------------------------

page.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-act], [data-evidence]")) return;
  event.preventDefault();
  if (!sending) send(form);
});

async function send(form) {
  sending = true;
  form.setAttribute("aria-busy", "true");
  const { done, gone, fresh } = await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  sending = false;
  turns += 1;
  form.removeAttribute("aria-busy");
  if (gone) return goAtOnce(address);
  if (!fresh) return notReached();
  if (done && form.matches("[data-evidence]")) return showEvidence(fresh);
  const name = form.closest("[data-form]")?.dataset.form;
  const renewed = name ? replaceForm(page, fresh, name) : null;
  if (!done) showWrong(renewed);
  else (renewed?.querySelector("summary") ?? renewed?.querySelector("button"))?.focus({ preventScroll: true });
  return take(fresh);
}

function showWrong(place) {
  if (!place) return;
  if (place.matches("details")) place.open = true;
  (place.querySelector("[aria-invalid=true]") ?? place.querySelector("textarea, input:not([type=hidden]), select"))?.focus();
}

function showEvidence(fresh) {
  replace(page.querySelector("[data-part=evidence]"), fresh.querySelector("[data-part=evidence]"));
  take(fresh);
  page.querySelector("[data-part=evidence]").focus({ preventScroll: true });
}

async function hideEvidence() {
  const { gone, fresh } = await ask(address);
  if (gone) return goAtOnce(address);
  if (!fresh) return notReached();
  turns += 1;
  replace(page.querySelector("[data-part=evidence]"), fresh.querySelector("[data-part=evidence]"));
  page.querySelector("[data-part=evidence]").focus({ preventScroll: true });
}

page.addEventListener("click", (event) => {
  if (event.target.closest("[data-hide]")) hideEvidence();
  const jump = event.target.closest("a[data-opens-form]");
  if (!jump) return;
  event.preventDefault();
  open(jump.dataset.opensForm);
});

function notReached() {
  const notice = document.createElement("p");
  notice.className = "notice notice--error";
  notice.textContent = word("not_reached");
  said().replaceChildren(notice);
  notice.scrollIntoView({ block: "center" });
}

// --- keys --------------------------------------------------------------------------------------------------------

function press(which) {
  const form = page.querySelector(which);
  form?.requestSubmit();
  return Boolean(form);
}

function open(name) {
  const place = page.querySelector(`[data-form="${CSS.escape(name)}"]`);
  if (!place) return false;
  if (place.matches("details")) place.open = true;
  place.querySelector("input:checked, textarea, select, input:not([type=hidden])")?.focus();
  place.scrollIntoView({ block: "nearest" });
  return true;
}

watchKeys(
  {
    c: () => press("form[data-act=claim]"),
    b: () => press("form[data-evidence]"),
    u: () => press("form[data-act=undo]"),
    r: () => open("resolve") || open("decide"),
    e: () => open("hand_over"),
    n: () => open("note"),
  },
  { dialog: document.querySelector("[data-part=keys]") },
);

// --- at the start ------------------------------------------------------------------------------------------------

offerReadyWords(page);
runClock(page);
countDown(page, focusHead);
watchTheTime();

// The queue leads here to one of the things to do: its name is in the address.
if (location.hash) open(location.hash.slice(1));

follow("queue", { onMoved: renewSoon, onLost: () => announce(word("reconnecting")) });
