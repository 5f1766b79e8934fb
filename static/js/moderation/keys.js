// Single keys for people who work here all day (WCAG 2.1.4: never while typing, and they can be turned off).
//
// The help <dialog> that `?` opens is the page's own. A checkbox in it marked data-keys turns the keys on and off, and a
// button anywhere marked data-keys-help opens it too. Remembered in a cookie that says nothing else.

const COOKIE = "peerchat_keys";
const YEAR = 365 * 24 * 60 * 60;
const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

// map: {key: () => void}, keys as in KeyboardEvent.key, lower case. A key whose function answers false was not for us.
export function watchKeys(map, { dialog } = {}) {
  const help = () => dialog && !dialog.open && dialog.showModal();
  document.addEventListener("keydown", (event) => {
    if (!isOn() || !isPlainPress(event)) return;
    const act = event.key === "?" ? help : map[event.key.toLowerCase()];
    if (act && act() !== false) event.preventDefault();
  });
  for (const button of document.querySelectorAll("[data-keys-help]")) button.addEventListener("click", help);
  const choice = dialog?.querySelector("input[data-keys]");
  if (!choice) return;
  choice.checked = isOn();
  choice.addEventListener("change", () => remember(choice.checked));
}

function isPlainPress(event) {
  const isWithOther = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key !== "?");
  if (event.defaultPrevented || event.isComposing || event.repeat || isWithOther) return false;
  return !event.target.closest?.(TYPED_INTO) && !document.querySelector("dialog[open]");
}

function isOn() {
  return !document.cookie.split("; ").includes(`${COOKIE}=off`);
}

function remember(on) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=off; Path=/; SameSite=Lax; Max-Age=${on ? 0 : YEAR}${secure}`;
}
