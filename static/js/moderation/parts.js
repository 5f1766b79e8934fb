// The page in parts. The server always answers with the whole; what changed of it takes the place of what is shown, and
// whatever somebody is typing stays where it is.

export const HEADERS = { "X-Part": "case", Accept: "text/html" };

// What the server answers, as a document, or null where nothing of use came back.
export async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, { ...options, headers: HEADERS, redirect: "error" });
    if (!answer.ok && answer.status !== 422) return { status: answer.status, fresh: null };
    return { status: answer.status, fresh: new DOMParser().parseFromString(await answer.text(), "text/html") };
  } catch {
    return { status: 0, fresh: null };
  }
}

// Answers whether something had to stay as it was because somebody writes in it.
export function renew(page, fresh, { again = () => {} } = {}) {
  let kept = renewEvidence(page, fresh);
  for (const part of page.querySelectorAll("[data-live]")) {
    if (!part.isConnected) continue; // went with the part around it
    const newer = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
    if (newer && isSame(part, newer)) continue;
    if (isBeingWritten(part)) kept = true;
    else if (newer) replace(part, newer);
  }
  again();
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

export function replace(old, newer) {
  const hadFocus = old.contains(document.activeElement);
  const open = [...old.querySelectorAll("details[open]")].map(nameOf);
  const placed = document.importNode(newer, true);
  old.replaceWith(placed);
  for (const fold of placed.querySelectorAll("details")) {
    if (open.includes(nameOf(fold))) fold.open = true;
  }
  if (hadFocus) (placed.querySelector("[data-focus]") ?? placed.closest("[tabindex], section")?.querySelector("h2, h1") ?? placed).focus();
  return placed;
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
  return [...part.querySelectorAll("textarea")].some((field) => field.value.trim() !== field.defaultValue.trim());
}

function nameOf(fold) {
  return fold.dataset.form ?? fold.querySelector("summary").textContent;
}
