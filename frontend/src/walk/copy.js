// One copy while it is open: what came along, what was said since, what waits to be sent.
import { Reading } from "./conditions.js";
import * as store from "./store.js";

const WAITING = { reply: "answer", photo: "picture", width: "measured" };
const bare = ({ state = null, value = null, note = "", attachments = [] } = {}) => ({ state, value, note, attachments });

/** Whether a reply says enough to be sent. */
export function isComplete(item, { state, value, note, attachments }) {
  if (state === "cleared" || state === "not-applicable") return true;
  if (state === "unknown") {
    return Boolean(note.trim()) || !(item.allows?.note_required_for ?? ["unknown"]).includes("unknown");
  }
  if (state !== "answered") return false;
  if (item.kind === "evidence") return attachments.length > 0;
  return !(value === null || value === "" || (Array.isArray(value) && !value.length));
}

export class Copy {
  constructor(row, key) {
    this.id = row.id;
    this.row = row;
    this.key = key;
    this.parts = { package: null, send: null, state: {} };
    this.replies = new Map();
    this.photos = new Map();
    this.widths = new Map();
    this.conflicts = new Map();
    this.work = Promise.resolve();
    this.onchange = () => {};
  }

  static async open(row, key) {
    const copy = new Copy(row, key);
    for (const { kind, id, value } of await store.readAll(row.id, key)) {
      if (kind === "reply" || kind === "answer") copy.replies.set(id, { ...value, sent: kind === "answer" });
      else if (kind === "photo" || kind === "picture") copy.photos.set(id, { ...value, sent: kind === "picture" });
      else if (kind === "width" || kind === "measured") copy.widths.set(id, { ...value, sent: kind === "measured" });
      else if (kind === "conflict") copy.conflicts.set(id, value);
      else copy.parts[kind] = value;
    }
    return copy;
  }

  get package() {
    return this.parts.package;
  }

  get isOver() {
    return Date.now() > Date.parse(this.row.expires);
  }

  get isShown() {
    return Boolean(this.package) && !this.isOver && !this.row.state;
  }

  get items() {
    return this.package?.items ?? [];
  }

  item(key) {
    return this.items.find((item) => item.key === key);
  }

  #of(item, isWanted = () => true) {
    const all = [...this.replies.values()].filter((reply) => reply.item === item && isWanted(reply));
    return all.sort((one, other) => one.order - other.order).at(-1);
  }

  /** What is said to an item now, here or, before, in the application. */
  replyTo(key) {
    const own = this.#of(key);
    if (own) return own;
    const item = this.item(key) ?? this.package?.others?.find((each) => each.key === key);
    return item?.reply ?? null;
  }

  isAnswered(item) {
    const reply = this.replyTo(item.key);
    return Boolean(reply) && reply.state !== "cleared" && isComplete(item, { ...bare(), ...reply });
  }

  /** The conditions as the answers stand. */
  get reading() {
    const all = [...this.items, ...(this.package?.others ?? [])];
    return new Reading(all, this.package?.attributes, (key) => this.replyTo(key));
  }

  /** Return the options or levels that may apply to an item, undefined where one does not choose. */
  offered(item) {
    const { reading } = this;
    const isChosen = (key) => [this.replyTo(item.key)?.value].flat().includes(key);
    return (item.levels ?? item.options)
      ?.map((each) => ({ ...each, isOffered: reading.isOffered(item, each.key) }))
      .filter((each) => each.isOffered !== false || isChosen(each.key));
  }

  /** The questions that are asked as the answers stand: the core set, or the others. */
  asked(isCore) {
    const { reading } = this;
    return this.items.filter((item) => item.core === isCore && reading.isShown(item));
  }

  get waiting() {
    return [this.replies, this.photos, this.widths].flatMap((all) => [...all.values()].filter((each) => !each.sent));
  }

  get incomplete() {
    return [...this.replies.values()].filter((reply) => !reply.sent && !reply.ready);
  }

  /** Write, one after the other; resolves when it lies on the disk. */
  save(change, isQuiet = false) {
    const done = this.work.then(async () => {
      const { puts = [], deletes = [], row = {} } = change();
      this.row = await store.write(this.id, this.key, {
        puts,
        deletes,
        row: (was) => ({ ...was, ...row, waiting: this.waiting.length }),
      });
    });
    this.work = done.catch(() => {});
    if (!isQuiet) this.onchange(done);
    return done;
  }

  #put(kind, each, bytes) {
    const { sent, ...value } = each;
    return [sent ? WAITING[kind] : kind, each.mark, value, bytes];
  }

  // Whoever has been shown what somebody else said meanwhile answers that, no longer their own.
  #met(mark) {
    return this.replies.get(mark)?.met ?? mark;
  }

  /** Note that the other answer of a conflict stands on the screen. */
  meet(mark) {
    const reply = this.replies.get(mark);
    const met = this.conflicts.get(mark)?.other?.id;
    if (!reply || !met || reply.met === met) return;
    reply.met = met;
    this.save(() => ({ puts: [this.#put("reply", reply)] }), true).catch(() => {});
  }

  /** Say something to an item; `change` holds what differs from what was said before. */
  answer(item, change) {
    const before = this.#of(item.key);
    const isOpen = before && !before.sent && (!before.tried || before.refused);
    const said = { ...bare(before ?? item.reply ?? undefined), ...change };
    const reply = {
      ...said,
      item: item.key,
      mark: isOpen ? before.mark : crypto.randomUUID(),
      expects: this.#met(isOpen ? before.expects : (before?.mark ?? item.expects ?? null)),
      order: isOpen ? before.order : Math.max(0, ...[...this.replies.values()].map((each) => each.order)) + 1,
      answered: new Date().toISOString(),
      ready: isComplete(item, said),
      sent: false,
      tried: false,
      refused: "",
    };
    this.replies.set(reply.mark, reply);
    return this.save(() => ({ puts: [this.#put("reply", reply)] }));
  }

  addPhoto(photo, bytes) {
    const kept = { ...photo, mark: crypto.randomUUID(), sent: false };
    this.photos.set(kept.mark, kept);
    return this.save(() => ({ puts: [this.#put("photo", kept, bytes)] })).then(() => kept);
  }

  async removePhoto(mark) {
    const photo = this.photos.get(mark);
    this.photos.delete(mark);
    await this.save(() => ({ deletes: [[photo.sent ? "picture" : "photo", mark]] }));
  }

  photoBytes(mark) {
    const photo = this.photos.get(mark);
    return store.readBytes(this.id, this.key, photo.sent ? "picture" : "photo", mark);
  }

  addWidth(width) {
    const kept = { ...width, mark: crypto.randomUUID(), measured: new Date().toISOString(), sent: false };
    this.widths.set(kept.mark, kept);
    return this.save(() => ({ puts: [this.#put("width", kept)] }));
  }

  widthAt(point) {
    return [...this.widths.values()].filter((width) => width.point === point).at(-1);
  }

  /** Note that a reply is on its way: from now on another answer is another reply. */
  markTried(replies) {
    for (const reply of replies) reply.tried = true;
    return this.save(() => ({ puts: replies.map((reply) => this.#put("reply", reply)) }));
  }

  /** The server said what became of it. Only now does it stop waiting. */
  async settle(kind, each, { refused = "", conflict = null } = {}) {
    const bytes = kind === "photo" ? await this.photoBytes(each.mark) : undefined;
    each.refused = refused;
    each.sent = !refused;
    if (conflict) this.conflicts.set(each.mark, conflict);
    await this.save(() => ({
      puts: [this.#put(kind, each, bytes), ...(conflict ? [["conflict", each.mark, conflict]] : [])],
      deletes: refused ? [] : [[kind, each.mark]],
    }));
  }

  seen(mark) {
    this.conflicts.delete(mark);
    return this.save(() => ({ deletes: [["conflict", mark]] }));
  }

  remember(state) {
    this.parts.state = { ...this.parts.state, ...state };
    return this.save(() => ({ puts: [["state", "state", this.parts.state]] }), true);
  }

  /** Take what the server holds now; what waits stays as it is. */
  renew(content) {
    this.parts.package = content;
    this.parts.send = sendingOf(content);
    const known = new Set(content.items.map((item) => item.expects));
    const old = [...this.replies.values()].filter((reply) => reply.sent && known.has(reply.mark));
    for (const reply of old) this.replies.delete(reply.mark);
    return this.save(() => ({
      puts: [["package", "package", content], ["send", "send", this.parts.send]],
      deletes: old.map((reply) => ["answer", reply.mark]),
      row: { expires: content.expires },
    }));
  }

  /** Stop showing it: its time is over, or it was withdrawn. */
  async drop(state) {
    await this.work;
    this.row = await store.dropContent(this.id, state);
    this.parts.package = null;
    this.parts.state = {};
    this.conflicts.clear();
    for (const all of [this.replies, this.photos, this.widths]) {
      for (const [mark, each] of all) if (each.sent) all.delete(mark);
    }
  }
}

/** What sending needs once nothing is shown any more. */
export function sendingOf(content) {
  return { base: content.base, copy: content.copy, person: content.person?.name ?? "" };
}

/** Put a package that was just fetched onto the device. */
export async function keepPackage(content, key, lock) {
  const row = { id: content.copy, expires: content.expires, waiting: 0, tries: 0, lock };
  await store.write(content.copy, key, {
    puts: [["package", "package", content], ["send", "send", sendingOf(content)]],
    row: () => row,
  });
  return row;
}
