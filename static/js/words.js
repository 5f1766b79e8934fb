// The scripts' words, in the person's language, from the page (rooms/words.py). No sentence is written in a script.

export const words = JSON.parse(document.getElementById("page-words").textContent);
const plurals = new Intl.PluralRules(document.documentElement.lang);

export function word(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

// Chooses between <name>_one and <name>_other.
export function counted(name, count, values = {}) {
  const kind = plurals.select(count) === "one" ? "one" : "other";
  return word(`${name}_${kind}`, { count, ...values });
}
