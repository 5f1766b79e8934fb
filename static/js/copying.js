// Copies what a field holds when the button that names the field is pressed, and says so on the button.

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy), button));
}

async function copy(field, button) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // it stays selected: the person can copy it by hand
  }
  button.setAttribute("aria-live", "polite");
  button.textContent = button.dataset.copied;
}
