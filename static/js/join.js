// The join page: a press on an idea puts it into the field.

const group = document.querySelector("[data-suggestions]");
group?.addEventListener("click", (event) => {
  const idea = event.target.closest("button");
  if (!idea) return;
  const field = document.getElementById(group.dataset.suggestions);
  field.value = idea.value;
  field.focus();
});
