// Reads cases as JSON from standard input and writes which of their items are asked.
import { readFileSync, writeSync } from "node:fs";
import { Reading } from "./src/walk/conditions.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const verdicts = cases.map(({ items, attributes, replies }) => {
  const reading = new Reading(items, attributes, (key) => replies[key]);
  return Object.fromEntries(items.map((item) => [item.key, reading.isShown(item)]));
});
const told = Buffer.from(JSON.stringify(verdicts));
for (let at = 0; at < told.length; ) at += writeSync(1, told, at);
