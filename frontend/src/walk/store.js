// What lies on the device. In plain: identity of a copy, when it expires, how much waits, its wrapped
// key and the tries. Everything else is a record, encrypted one by one under the copy's key.
import { openDB } from "idb";
import { MOST_TRIES, opened, sealed } from "./keys.js";

// What is shown, by kind of record; "reply", "photo" and "width" wait to be sent and are no part of it.
const CONTENT = ["package", "state", "answer", "picture", "measured", "conflict"];
const STRICT = { durability: "strict" };
let base;

async function database() {
  base ??= openDB("parvis-walk", 1, {
    upgrade(db) {
      db.createObjectStore("copies", { keyPath: "id" });
      db.createObjectStore("records", { keyPath: ["copy", "kind", "id"] });
    },
    blocking() {
      base?.then((db) => db.close());
      base = undefined;
    },
  });
  return base;
}

// A header in JSON and, behind it, the bytes of a photo.
function packed(value, blob) {
  const head = new TextEncoder().encode(JSON.stringify(value));
  const whole = new Uint8Array(4 + head.length + (blob?.length ?? 0));
  new DataView(whole.buffer).setUint32(0, head.length);
  whole.set(head, 4);
  if (blob) whole.set(blob, 4 + head.length);
  return whole;
}

function unpacked(whole) {
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0);
  const value = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
  return { value, blob: whole.subarray(4 + length) };
}

const about = (copy, kind, id) => `parvis-walk/1|${copy}|${kind}|${id}`;
const range = (copy) => IDBKeyRange.bound([copy], [copy, []]);
const isContent = (record) => CONTENT.includes(record.kind);

export const copies = async () => (await database()).getAll("copies");
export const copyRow = async (id) => (await database()).get("copies", id);

/** Change a copy's plain facts in one go; returns them as they are then. */
export async function changeRow(id, change) {
  const work = (await database()).transaction("copies", "readwrite", STRICT);
  const row = change(await work.store.get(id));
  if (row) await work.store.put(row);
  await work.done;
  return row;
}

/**
 * Write records, delete others and set how much waits, all or nothing.
 *
 * `puts` are [kind, id, value, bytes?]; `deletes` are [kind, id].
 */
export async function write(copy, key, { puts = [], deletes = [], row = (was) => was }) {
  const ready = [];
  for (const [kind, id, value, blob] of puts) {
    const record = await sealed(key, about(copy, kind, id), packed(value, blob));
    ready.push({ copy, kind, id, ...record });
  }
  const work = (await database()).transaction(["copies", "records"], "readwrite", STRICT);
  const rows = work.objectStore("copies");
  const records = work.objectStore("records");
  const changed = row((await rows.get(copy)) ?? { id: copy });
  rows.put(changed);
  for (const record of ready) records.put(record);
  for (const [kind, id] of deletes) records.delete([copy, kind, id]);
  await work.done;
  return changed;
}

/** Return all records of a copy, decrypted, without the bytes of photos. */
export async function readAll(copy, key) {
  const found = [];
  for (const record of await (await database()).getAll("records", range(copy))) {
    const plain = await opened(key, about(copy, record.kind, record.id), record);
    found.push({ kind: record.kind, id: record.id, value: unpacked(plain).value });
  }
  return found;
}

export async function readBytes(copy, key, kind, id) {
  const record = await (await database()).get("records", [copy, kind, id]);
  return unpacked(await opened(key, about(copy, kind, id), record)).blob;
}

/** Count a try before it is made; null where none is left. */
export async function countTry(id) {
  const row = await changeRow(id, (was) => was?.lock && { ...was, tries: (was.tries ?? 0) + 1 });
  return row ? MOST_TRIES - row.tries : null;
}

export const clearTries = (id) => changeRow(id, (was) => ({ ...was, tries: 0 }));

async function without(id, isGone, row) {
  const work = (await database()).transaction(["copies", "records"], "readwrite", STRICT);
  for await (const cursor of work.objectStore("records").iterate(range(id))) {
    if (isGone(cursor.value)) cursor.delete();
  }
  const was = await work.objectStore("copies").get(id);
  const changed = was && row(was);
  if (changed) work.objectStore("copies").put(changed);
  else work.objectStore("copies").delete(id);
  await work.done;
  return changed;
}

/** Ten wrong tries: the wrapped key and all that it opens are gone; that it was so is kept. */
export const destroyKey = (id) =>
  without(id, () => true, ({ expires, waiting }) => ({ id, expires, waiting: 0, lost: waiting ?? 0, state: "destroyed" }));

/** What is shown goes; what waits to be sent stays. No key is needed for it. */
export const dropContent = (id, state) => without(id, isContent, (was) => ({ ...was, state }));

export const removeCopy = (id) => without(id, () => true, () => null);

/** Return a copy's records as they lie there, of those `kept`. */
export async function rawRecords(id, isKept) {
  return (await (await database()).getAll("records", range(id))).filter(isKept);
}

/** Return what a record holds, still packed. */
export const openRecord = (key, record) => opened(key, about(record.copy, record.kind, record.id), record);

/** Return a record with the same content under another key. */
export async function sealRecord(key, record, plain) {
  return { ...record, ...(await sealed(key, about(record.copy, record.kind, record.id), plain)) };
}

/** Take records that another device exported, with the lock they came with. */
export async function putRaw(row, records) {
  const work = (await database()).transaction(["copies", "records"], "readwrite", STRICT);
  work.objectStore("copies").add(row);
  for (const record of records) work.objectStore("records").put({ ...record, copy: row.id });
  await work.done;
}
