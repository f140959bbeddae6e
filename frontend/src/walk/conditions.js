// Which questions are asked? Conditions of a framework, read as `parvis.assessment.reading` reads
// them: true, false, or null while it is undecided. One voice only.
const MISSING = { state: "missing" };
const ORDERED = ["scale", "number", "date"];

const both = (parts) => (parts.includes(false) ? false : parts.includes(null) ? null : true);
const either = (parts) => (parts.includes(true) ? true : parts.includes(null) ? null : false);
const negated = (truth) => (truth === null ? null : !truth);

function ordinal(text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return null;
  const [year, month, dayOfMonth] = found.slice(1).map(Number);
  const time = Date.UTC(year, month - 1, dayOfMonth);
  return new Date(time).getUTCDate() === dayOfMonth ? time / 86_400_000 + 719_163 : null;
}

function numberOrDay(text) {
  return ordinal(text) ?? (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null);
}

function rankIn(item) {
  const ranks = new Map((item.levels ?? []).map((level, rank) => [level.key ?? level, rank]));
  return (text) => ranks.get(text) ?? null;
}

function lineOf(item) {
  if (item.kind === "scale") return { place: rankIn(item), isDiscrete: true };
  return { place: ORDERED.includes(item.kind) ? numberOrDay : () => null, isDiscrete: false };
}

function held(item, reply) {
  if (!reply || reply.state === "cleared") return MISSING;
  if (reply.state !== "answered") return { state: reply.state };
  const { value } = reply;
  if (ORDERED.includes(item.kind)) {
    const isRange = value !== null && typeof value === "object";
    const { place } = lineOf(item);
    const [low, high] = (isRange ? [value.low, value.high] : [value, value]).map((end) =>
      typeof end === "number" ? end : place(String(end)),
    );
    return { state: "answered", low, high };
  }
  if (item.kind === "multiple") {
    const keys = new Set(value.map(String));
    return { state: "answered", sure: keys, maybe: keys };
  }
  return { state: "answered", sure: new Set(), maybe: new Set([String(value)]) };
}

function chosen(reply) {
  if (reply?.state !== "answered") return [];
  const { value } = reply;
  if (Array.isArray(value)) return value.map(String);
  if (value !== null && typeof value === "object") return [value.low, value.high].map(String);
  return [String(value)];
}

function ordered(low, high, op, places) {
  const at = places[0];
  if (op === "==" || op === "in") {
    if (low === high) return places.includes(low);
    return places.some((found) => low <= found && found <= high) ? null : false;
  }
  if (op === ">" || op === ">=") return ordered(-high, -low, op.replace(">", "<"), [-at]);
  if (op === "<") return high < at ? true : low >= at ? false : null;
  return high <= at ? true : low > at ? false : null;
}

function among(known, keys) {
  const met = [...known.maybe].filter((key) => keys.includes(key)).length;
  return met === known.maybe.size ? true : met ? null : false;
}

function compared(known, { op, values }, line) {
  if (known.state === "not-applicable") return false;
  if (known.state !== "answered") return null;
  if (op === "!=") return negated(compared(known, { op: "==", values }, line));
  if (op === "includes") {
    if (known.sure?.has(values[0])) return true;
    return known.maybe?.has(values[0]) ? null : false;
  }
  const places = values.map(line.place).filter((place) => place !== null);
  if (!places.length) return among({ maybe: known.maybe ?? new Set() }, values);
  if (op === "in" && line.isDiscrete && known.low < known.high) {
    const met = [];
    for (let place = known.low; place <= known.high; place += 1) met.push(places.includes(place));
    return met.every(Boolean) ? true : met.some(Boolean) ? null : false;
  }
  return ordered(known.low, known.high, op, places);
}

function ofAttribute(attribute, condition) {
  const { kind, value } = attribute ?? {};
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value)) {
    const keys = new Set(value.map(String));
    return compared({ state: "answered", sure: keys, maybe: keys }, condition, lineOf({ kind: "multiple" }));
  }
  if (kind === "number" || kind === "date") {
    const at = numberOrDay(String(value));
    return at === null ? null : compared({ state: "answered", low: at, high: at }, condition, lineOf({ kind }));
  }
  const known = { state: "answered", sure: new Set(), maybe: new Set([String(value)]) };
  return compared(known, condition, lineOf({ kind: "text" }));
}

/** The items of an assessment, read with what is said to them. */
export class Reading {
  #items = new Map();
  #done = new Map();
  #open = new Set();

  /**
   * @param {object[]} items those of the walk and those its conditions look at
   * @param {object} attributes of the subject, by key: kind and value
   * @param {(key: string) => object|null|undefined} replyTo what is said to an item
   */
  constructor(items, attributes, replyTo) {
    this.attributes = attributes ?? {};
    this.replyTo = replyTo;
    for (const item of items) this.#items.set(item.key, item);
  }

  /** Whether a question is asked. */
  isShown(item) {
    return item.when ? this.#once(item.key, item.when) : true;
  }

  /** Whether an option or level is offered. */
  isOffered(item, key) {
    const { when } = (item.levels ?? item.options ?? []).find((each) => each.key === key) ?? {};
    return when ? this.#once(`${item.key} ${key}`, when) : true;
  }

  // What asks for itself is undecided.
  #once(node, tree) {
    if (this.#open.has(node)) return null;
    if (!this.#done.has(node)) {
      this.#open.add(node);
      const truth = this.truth(tree);
      this.#open.delete(node);
      this.#done.set(node, truth);
    }
    return this.#done.get(node);
  }

  truth(tree) {
    if (tree.all) return both(tree.all.map((part) => this.truth(part)));
    if (tree.any) return either(tree.any.map((part) => this.truth(part)));
    if (tree.not) return negated(this.truth(tree.not));
    if ("truth" in tree) return tree.truth;
    if (!tree.items) return ofAttribute(this.attributes[tree.name.replace("attribute.", "")], tree);
    const asked = tree.items.map((key) => this.#items.get(key));
    return either(asked.map((item) => (tree.state ? this.#isIn(item, tree.state) : this.#compare(item, tree))));
  }

  #compare(item, condition) {
    const isShown = this.isShown(item);
    if (!isShown) return isShown;
    return compared(this.#held(item), condition, lineOf(item));
  }

  #isIn(item, state) {
    return both([this.isShown(item), this.#held(item).state === state]);
  }

  // What was chosen and is not offered, as things stand, counts for nothing.
  #held(item) {
    const reply = this.replyTo(item.key);
    const isCounted = chosen(reply).every((key) => this.isOffered(item, key));
    return isCounted ? held(item, reply) : MISSING;
  }
}
