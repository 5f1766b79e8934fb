// Makes a part of the page like a fresh copy of it from the server, and leaves alone what is the same: nothing flickers, and what
// had the focus keeps it. Elements with data-case are told apart by it, wherever they stand now.

const OURS = new Set(["data-selected"]); // attributes that the scripts keep

export function morph(old, fresh) {
  const focused = document.activeElement;
  change(old, fresh);
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true }); // it was moved
}

function change(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  changeAttributes(old, fresh);
  changeChildren(old, fresh);
}

function changeAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function changeChildren(old, fresh) {
  const known = new Map([...old.children].map((child) => [keyOf(child), child]));
  const kept = new Set([...fresh.children].map(keyOf));
  for (const [key, child] of known) if (key && !kept.has(key)) child.remove();
  let place = old.firstChild;
  for (const node of fresh.childNodes) {
    const twin = twinOf(node, place, known);
    if (twin) change(twin, node);
    const here = twin ?? document.importNode(node, true);
    if (here !== place) old.insertBefore(here, place);
    place = here.nextSibling;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function twinOf(node, place, known) {
  const key = keyOf(node);
  if (key) return known.get(key);
  return place && !keyOf(place) && place.nodeName === node.nodeName ? place : undefined;
}

function keyOf(node) {
  return node.dataset?.case;
}
