// Ready words: picking one writes it into the field below, where it can be changed. What somebody wrote themselves stays.

export function offerReadyWords(page) {
  page.addEventListener("change", (event) => {
    if (event.target.name !== "ready") return;
    const field = event.target.form.elements.text;
    const ready = [...event.target.form.querySelectorAll("input[name=ready]")].map(wordsOf);
    if (field.value.trim() && !ready.includes(field.value.trim())) return;
    field.value = wordsOf(event.target);
  });
}

function wordsOf(choice) {
  return choice.closest("label").textContent.trim();
}
