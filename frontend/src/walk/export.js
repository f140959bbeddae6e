// The encrypted file of what waits: a key of its own, wrapped by a password, and sealed records.
import { copyRow, openRecord, putRaw, rawRecords, sealRecord } from "./store.js";
import { LEAST_ITERATIONS, MOST_ITERATIONS, newKey, wrapBySecret } from "./keys.js";

const FORMAT = "parvis-walk-export/1";
const GOES_ALONG = ["send", "reply", "photo", "width"];

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const SECRET = ["salt", "iv", "wrapped"];

const written = (facts, names) => Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, names.includes(name) ? base64(value) : value]));
const readBack = (facts, names) => Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, names.includes(name) ? bytesOf(value) : value]));

export async function exportFile(copy, password) {
  await copy.work;
  const key = await newKey();
  const lock = await wrapBySecret("password", password, key, copy.id);
  const raw = await rawRecords(copy.id, (record) => GOES_ALONG.includes(record.kind));
  const records = [];
  for (const record of raw) {
    const sealed = await sealRecord(key, record, await openRecord(copy.key, record));
    records.push(written({ kind: sealed.kind, id: sealed.id, iv: sealed.iv, data: sealed.data }, ["iv", "data"]));
  }
  const whole = {
    format: FORMAT,
    copy: copy.id,
    expires: copy.row.expires,
    waiting: copy.waiting.length,
    lock: written(lock, SECRET),
    records,
  };
  const blob = new Blob([JSON.stringify(whole)], { type: "application/json" });
  return { blob, name: `${new Date().toISOString().slice(0, 10)}-${copy.id.slice(0, 8)}.parvis-walk.json` };
}

/** Put an exported file onto this device; returns the identity of its copy. */
export async function importFile(text) {
  const whole = JSON.parse(text);
  if (whole.format !== FORMAT || !/^[0-9a-f-]{36}$/.test(whole.copy)) throw new Error("bad");
  const { kind, iterations } = whole.lock;
  if (kind !== "password" || !(iterations >= LEAST_ITERATIONS && iterations <= MOST_ITERATIONS)) throw new Error("bad");
  if (await copyRow(whole.copy)) throw new Error("there");
  const row = {
    id: whole.copy, expires: whole.expires, waiting: Number(whole.waiting), tries: 0, state: "exported",
    lock: readBack(whole.lock, SECRET),
  };
  const records = whole.records
    .filter((record) => GOES_ALONG.includes(record.kind))
    .map((record) => readBack({ kind: record.kind, id: record.id, iv: record.iv, data: record.data }, ["iv", "data"]));
  await putRaw(row, records);
  return whole.copy;
}
