// Lets a person see the password they type: a checkbox below each password field of a form that names the words for it.

for (const form of document.querySelectorAll("form[data-show-password]")) {
  for (const input of form.querySelectorAll("input[type=password]")) {
    input.after(revealer(input, form.dataset.showPassword));
  }
}

function revealer(input, words) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.addEventListener("change", () => { input.type = box.checked ? "text" : "password"; });
  input.form.addEventListener("submit", () => { input.type = "password"; }); // so that browsers offer to keep it
  const label = document.createElement("label");
  label.className = "cluster small";
  label.append(box, words);
  return label;
}
