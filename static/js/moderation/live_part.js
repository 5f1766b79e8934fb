// A part of a page that is read anew, from the page's own address, whenever the moderators' queue moved. For pages whose
// reading is no look at a case: the server sees it like opening the page once more.

import { goAtOnce } from "../leave.js";
import { follow } from "./topic.js";

const AT_MOST_EVERY = 500; // milliseconds

// onMoved: called once for each move, and after each new connection, at most every half second.
export function followQueue(onMoved) {
  let timer = 0;
  const soon = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      onMoved();
    }, AT_MOST_EVERY);
  };
  follow("queue", { onMoved: soon, onLost: () => {} });
}

// onRenewed(): after it was replaced with what the server says now.
export function keepAlive(part, onRenewed = () => {}) {
  const address = location.href; // a form that is sent renames the entry in the history, not where this part comes from
  followQueue(async () => {
    const fresh = await read(address).catch(() => null);
    if (!fresh || saying(fresh) === saying(part)) return;
    replace(part, fresh);
    onRenewed();
  });
}

// Null where the server could not answer now. Where it has another page to show, that page is gone to.
async function read(address) {
  const answer = await fetch(address, { redirect: "manual", headers: { Accept: "text/html" } });
  if (answer.status >= 500) return null;
  const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const part = page?.querySelector("[data-live-part]") ?? null;
  if (!part) goAtOnce(address);
  return part;
}

// What it says and leads to, apart from a clock that goes on by itself and a form's token, which is another one each time.
function saying(part) {
  const copy = part.cloneNode(true);
  for (const clock of copy.querySelectorAll("[data-clock]")) clock.textContent = clock.dataset.clock;
  const ways = [...copy.querySelectorAll("form, a[href]")].map((way) => way.getAttribute("action") ?? way.getAttribute("href"));
  return copy.textContent.replace(/\s+/g, " ") + ways.join(" ");
}

function replace(part, fresh) {
  const focused = part.contains(document.activeElement) ? pathTo(document.activeElement) : "";
  part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  if (focused) part.querySelector(focused)?.focus();
}

// Where the focus is, in words that the new part understands: the action of its form or the address of its link.
function pathTo(element) {
  const form = element.closest("form");
  if (form) return `form[action="${CSS.escape(form.getAttribute("action"))}"] button`;
  return element.matches("a[href]") ? `a[href="${CSS.escape(element.getAttribute("href"))}"]` : "";
}
