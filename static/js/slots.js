// Templates and their slots: <template data-template="name"> and data-slot="name" inside. Text only, never markup.

export function stamp(name) {
  const template = document.querySelector(`template[data-template="${name}"]`);
  return template.content.firstElementChild.cloneNode(true);
}

export function slot(element, name) {
  return element.querySelector(`[data-slot="${name}"]`);
}

// Writes text into a slot and hides the slot that has nothing to say.
export function write(element, name, text) {
  const place = slot(element, name);
  place.textContent = text ?? "";
  place.hidden = !text;
  return place;
}
