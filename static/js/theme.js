// Light, dark, or as the device says. Remembered in a cookie that says nothing else; base.html reads it.

const COOKIE = "peerchat_theme";
const YEAR = 365 * 24 * 60 * 60;
const MEDIA = { light: "not all", dark: "all", "": "(prefers-color-scheme: dark)" };

export function offerThemes() {
  const choice = document.querySelector("[data-theme-choice]");
  if (!choice) return;
  show(choice, remembered());
  choice.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    remember(button.value);
    show(choice, button.value);
  });
}

function remembered() {
  const entry = document.cookie.split("; ").find((part) => part.startsWith(`${COOKIE}=`));
  const value = entry ? entry.slice(COOKIE.length + 1) : "";
  return value in MEDIA ? value : "";
}

function remember(value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${value}; Path=/; SameSite=Lax; Max-Age=${value ? YEAR : 0}${secure}`;
}

function show(choice, value) {
  document.querySelector("[data-theme-sheet]").media = MEDIA[value];
  for (const button of choice.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}
