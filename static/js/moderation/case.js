// Entry of the case page: follows the queue, sends forms without leaving the page, listens to its keys.

import { goAtOnce } from "../leave.js";
import { word } from "../words.js";
import { runClock } from "./clock.js";
import { watchKeys } from "./keys.js";
import { ask, renew, replace, replaceForm } from "./parts.js";
import { offerReadyWords } from "./ready_words.js";
import { follow } from "./topic.js";
import { countDown } from "./undo_bar.js";

const AT_MOST_EVERY = 1000; // milliseconds
const page = document.querySelector("[data-part=case]");
const address = page.dataset.address;
const said = () => page.querySelector("[data-live=said]");
let timer = 0;
let sending = false;

// --- what is new -------------------------------------------------------------------------------------------------

function renewSoon() {
  timer ||= setTimeout(renewNow, AT_MOST_EVERY);
}

async function renewNow() {
  timer = 0;
  if (sending) return renewSoon();
  const { status, fresh } = await ask(address);
  if (sending) return renewSoon();
  if (fresh) take(fresh, { quietly: true });
  else if (status === 404) goAtOnce(location.href); // it is not ours to see any more
}

// quietly: nobody here did anything, so what the page said last stays said.
function take(fresh, { quietly = false } = {}) {
  const standing = standingOf(page);
  if (quietly) fresh.querySelector("[data-live=said]")?.remove();
  if (quietly && page.querySelector("form.undo")) fresh.querySelector("[data-live=bar]")?.remove();
  const kept = renew(page, fresh);
  if (!quietly) countDown(page, focusHead);
  const now = standingOf(page);
  if (quietly && now !== standing) announce(kept ? `${now} ${word("changed_below")}` : now);
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
  const { status, fresh } = await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  sending = false;
  form.removeAttribute("aria-busy");
  if (!fresh) return status === 404 ? goAtOnce(location.href) : notReached();
  if (form.matches("[data-evidence]") && status === 200) return showEvidence(fresh);
  const name = form.closest("[data-form]")?.dataset.form;
  if (status === 200) close(form);
  else if (name) showWrong(replaceForm(page, fresh, name));
  take(fresh);
}

function close(form) {
  form.reset();
  const fold = form.closest("details[data-form]");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
}

function showWrong(place) {
  if (!place) return;
  if (place.matches("details")) place.open = true;
  (place.querySelector("[aria-invalid=true]") ?? place.querySelector("textarea, input:not([type=hidden]), select"))?.focus();
}

function showEvidence(fresh) {
  replace(page.querySelector("[data-part=evidence]"), fresh.querySelector("[data-part=evidence]"));
  take(fresh);
  page.querySelector("#evidence-title").focus();
}

async function hideEvidence() {
  const { fresh } = await ask(address);
  if (!fresh) return notReached();
  replace(page.querySelector("[data-part=evidence]"), fresh.querySelector("[data-part=evidence]"));
  page.querySelector("#evidence-title").focus();
}

page.addEventListener("click", (event) => {
  if (event.target.closest("[data-hide]")) hideEvidence();
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

// The queue leads here to one of the things to do: its name is in the address.
if (location.hash) open(location.hash.slice(1));

follow("queue", { onMoved: renewSoon, onLost: () => announce(word("reconnecting")) });
