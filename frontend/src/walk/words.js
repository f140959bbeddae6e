// What the page says: sentences that came with it, in the language of whoever asked for it.
let words = {};
let plural = new Intl.PluralRules("en");

export function readWords() {
  words = JSON.parse(document.getElementById("walk-words").textContent);
  plural = new Intl.PluralRules(document.documentElement.lang || "en");
}

/** Return a sentence with its placeholders filled; `count` chooses among plural forms. */
export function say(key, facts = {}) {
  const found = words[key] ?? key;
  const sentence =
    typeof found === "string" ? found : (found[plural.select(facts.count ?? 0)] ?? found.other);
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

function formatted(date, options) {
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", options).format(new Date(date));
}

export const day = (date) => formatted(date, { dateStyle: "long" });
export const moment = (date) => formatted(date, { dateStyle: "medium", timeStyle: "short" });
export const figure = (value, digits = 2) =>
  new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: digits }).format(value);
