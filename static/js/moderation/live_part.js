// A part of a page that is read anew, from the page's own address, whenever the moderators' queue moved. For pages whose
// reading is no look at a case: the server sees it like opening the page once more.

import { goAtOnce } from "../leave.js";
import { Socket } from "../socket.js";
import { follow } from "../wire.js";

const TOPIC = "queue";
const AT_MOST_EVERY = 500; // milliseconds
const AT_LEAST_EVERY = 20000; // the clocks on the page go on

// onMoved: called once for each move, and after a new connection, at most every half second.
export function followQueue(onMoved) {
  let timer = 0;
  const soon = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      onMoved();
    }, AT_MOST_EVERY);
  };
  const socket = new Socket("/ws/", {
    onOpen: () => {
      socket.send(follow(TOPIC));
      soon();
    },
    onFrame: (frame) => frame.type === "moved" && frame.topic === TOPIC && soon(),
    onLost: () => {},
    onStillDown: () => {},
    onSignedOut: () => goAtOnce(location.href), // the server says where to
  });
  socket.connect();
}

// onRenewed(part): after it was replaced with what the server says now.
export function keepAlive(part, onRenewed = () => {}) {
  const address = location.href; // a form that is sent renames the entry in the history, not where this part comes from
  const renew = async () => {
    const fresh = await read(address).catch(() => null);
    if (!fresh || saying(fresh) === saying(part) || isTypedIn(part)) return;
    replace(part, fresh);
    onRenewed(part);
  };
  followQueue(renew);
  setInterval(() => document.visibilityState === "visible" && renew(), AT_LEAST_EVERY);
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

// What it says and leads to; a form's token is another one each time.
function saying(part) {
  const ways = [...part.querySelectorAll("form, a[href]")].map((way) => way.getAttribute("action") ?? way.getAttribute("href"));
  return part.textContent.replace(/\s+/g, " ") + ways.join(" ");
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

function isTypedIn(part) {
  return [...part.querySelectorAll("textarea")].some((field) => field.value);
}
