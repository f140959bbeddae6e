import assert from "node:assert/strict";
import { test } from "node:test";
import { isComplete } from "../src/walk/copy.js";
import * as keys from "../src/walk/keys.js";
import { fieldWidth, flatten, touched } from "../src/walk/mosaic.js";
import { Reading } from "../src/walk/conditions.js";

const COPY = "6f1b7c9e-1111-4222-8333-444455556666";
const bytes = (text) => new TextEncoder().encode(text);

test("a PIN opens its copy and no other, another PIN opens none", async () => {
  const key = await keys.newKey();
  const lock = await keys.wrapBySecret("pin", "482915", key, COPY);
  assert.ok(lock.iterations >= 600_000);
  assert.equal(await keys.openBySecret(lock, "482916", COPY), null);
  assert.equal(await keys.openBySecret(lock, "482915", COPY.replace("6", "7")), null);
  const opened = await keys.openBySecret(lock, "482915", COPY);
  assert.equal(opened.extractable, false);
  const sealed = await keys.sealed(key, "about", bytes("stairs to the north"));
  assert.deepEqual(await keys.opened(opened, "about", sealed), bytes("stairs to the north"));
});

test("a record that is put in another's place does not open", async () => {
  const key = await keys.newKey();
  const sealed = await keys.sealed(key, "copy|reply|1", bytes("yes"));
  await assert.rejects(keys.opened(key, "copy|reply|2", sealed));
});

test("equal content is never equal on the disk", async () => {
  const key = await keys.newKey();
  const [one, other] = await Promise.all([keys.sealed(key, "a", bytes("yes")), keys.sealed(key, "a", bytes("yes"))]);
  assert.notDeepEqual(one.iv, other.iv);
  assert.notDeepEqual(one.data, other.data);
});

test("PINs that are guessed first are refused", () => {
  for (const pin of ["000000", "123456", "654321", "121212", "482482", "111111111"]) assert.ok(keys.isSimple(pin), pin);
  for (const pin of ["482915", "739105", "parvis", "112233"]) assert.ok(!keys.isSimple(pin), pin);
});

test("a blurred field keeps one colour", () => {
  const image = { width: 40, height: 30, data: new Uint8ClampedArray(40 * 30 * 4).map((_, at) => (at * 7919) % 251) };
  const before = image.data.slice();
  flatten(image, "1,1", 10);
  const colours = new Set();
  for (let y = 10; y < 20; y += 1) for (let x = 10; x < 20; x += 1) colours.add(image.data.slice((y * 40 + x) * 4, (y * 40 + x) * 4 + 3).join());
  assert.equal(colours.size, 1);
  assert.deepEqual(image.data.slice(0, 160), before.slice(0, 160));
});

test("a tap blurs a square around it", () => {
  assert.ok(touched(50, 50, 20, 10).length >= 16);
  assert.equal(fieldWidth(1600, 1200), 40);
});

const SINGLE = { key: "views", kind: "single" };

test("what cannot be seen counts once it is said why", () => {
  assert.ok(!isComplete(SINGLE, { state: "unknown", note: " ", attachments: [] }));
  assert.ok(isComplete(SINGLE, { state: "unknown", note: "It is too dark", attachments: [] }));
});

test("a photo question is answered by a photo, others by a value", () => {
  const said = { state: "answered", value: null, note: "", attachments: [] };
  assert.ok(!isComplete({ kind: "evidence" }, said));
  assert.ok(isComplete({ kind: "evidence" }, { ...said, attachments: ["mark"] }));
  assert.ok(!isComplete({ kind: "multiple" }, { ...said, value: [] }));
  assert.ok(isComplete({ kind: "number" }, { ...said, value: 0 }));
});

test("a condition that asks about itself stays undecided", () => {
  const item = { key: "a", kind: "single", when: { name: "a", op: "==", values: ["yes"], items: ["a"] } };
  assert.equal(new Reading([item], {}, () => ({ state: "answered", value: "yes" })).isShown(item), null);
});

test("nothing holds of what is not asked, not even that it differs", () => {
  const hidden = { key: "a", kind: "single", when: { truth: false } };
  const item = { key: "b", kind: "single", when: { name: "a", op: "!=", values: ["no"], items: ["a"] } };
  assert.equal(new Reading([hidden, item], {}, () => ({ state: "answered", value: "yes" })).isShown(item), false);
});
