// What the server gave the page: its data, its marked parts, its one line for short answers.

const SAID_FOR = 8000; // milliseconds

export const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");

export const part = (name) => document.querySelector(`[data-part="${name}"]`);

let timer = 0;

export function say(text) {
  part("say").textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (part("say").textContent = ""), SAID_FOR);
}
