// The page in parts. The server always answers with the whole; what changed of it takes the place of what is shown, and
// whatever somebody is typing stays where it is.

export const HEADERS = { "X-Part": "case", Accept: "text/html" };

// What the server answers, as a document; `fresh` is null where nothing of use came back, `gone` says that the page is not ours any more.
export async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, { ...options, headers: HEADERS, redirect: "manual" });
    const gone = answer.type === "opaqueredirect" || answer.status === 404; // locked, signed out, or not to be seen
    const fresh = answer.ok || answer.status === 422 ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    return { done: answer.ok, gone, fresh };
  } catch {
    return { done: false, gone: false, fresh: null };
  }
}

// Answers whether something had to stay as it was because somebody writes in it.
export function renew(page, fresh) {
  let kept = renewEvidence(page, fresh);
  for (const part of page.querySelectorAll("[data-live]")) {
    if (!part.isConnected) continue; // went with the part around it
    const newer = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
    if (newer && isSame(part, newer)) continue;
    if (isBeingWritten(part)) kept = true;
    else if (newer) replace(part, newer);
  }
  return kept;
}

// One form, with what the server says about it.
export function replaceForm(page, fresh, name) {
  const old = page.querySelector(`[data-form="${CSS.escape(name)}"]`);
  const newer = fresh.querySelector(`[data-form="${CSS.escape(name)}"]`);
  if (!old || !newer) return null;
  const placed = document.importNode(newer, true);
  old.replaceWith(placed);
  return placed;
}

// The element itself stays, since a screen reader listens to some of them; what is in it is new.
export function replace(old, newer) {
  const hadFocus = old.contains(document.activeElement);
  const open = [...old.querySelectorAll("details[open]")].map(nameOf);
  for (const { name } of [...old.attributes]) if (!newer.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of newer.attributes) old.setAttribute(name, value);
  old.replaceChildren(...[...newer.childNodes].map((node) => document.importNode(node, true)));
  for (const fold of old.querySelectorAll("details")) {
    if (open.includes(nameOf(fold))) fold.open = true;
  }
  if (hadFocus) (old.matches("[tabindex]") ? old : document.querySelector("[data-focus]")).focus({ preventScroll: true });
}

// The words of the evidence stay as long as the page's person has the case and nothing was added.
function renewEvidence(page, fresh) {
  const old = page.querySelector('[data-part="evidence"]');
  const newer = fresh.querySelector('[data-part="evidence"]');
  if (!old || !newer || old.dataset.state === newer.dataset.state) return false;
  if (isBeingWritten(old)) return true;
  replace(old, newer);
  return false;
}

function isSame(part, newer) {
  return part.dataset.state === undefined ? part.isEqualNode(newer) : part.dataset.state === newer.dataset.state;
}

function isBeingWritten(part) {
  return [...part.querySelectorAll("textarea")].some((field) => field.value.trim());
}

function nameOf(fold) {
  return fold.dataset.form ?? fold.querySelector("summary").textContent;
}
