import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft, read, write } from "../src/map/draft.js";

const square = { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]] };
const toolOf = (shape) => shape;

test("a geometry that is read and written stays the same", () => {
  for (const geometry of [
    square,
    { type: "Point", coordinates: [2, 3] },
    { type: "LineString", coordinates: [[0, 0], [1, 1]] },
    { type: "MultiPolygon", coordinates: [square.coordinates, [[[5, 5], [6, 5], [6, 6], [5, 5]]]] },
    { type: "Polygon", coordinates: [...square.coordinates, [[0.2, 0.2], [0.4, 0.2], [0.3, 0.4], [0.2, 0.2]]] },
  ]) {
    assert.deepEqual(write(read(geometry, toolOf), "geometry"), geometry);
  }
});

test("features keep their id and their properties", () => {
  const feature = { type: "Feature", id: "a", properties: { tool: "row", width: 3 }, geometry: { type: "LineString", coordinates: [[0, 0], [1, 1]] } };
  const collection = { type: "FeatureCollection", features: [feature] };
  assert.deepEqual(write(read(collection, toolOf), "features"), collection);
});

test("nothing drawn is no geometry", () => {
  assert.equal(write(read(null, toolOf), "geometry"), null);
});

test("a polygon of two corners is not added", () => {
  const draft = new Draft([]);
  assert.equal(draft.add("area", "polygon", [[0, 0], [1, 0], [1, 0]]), false);
  assert.equal(draft.items.length, 0);
});

test("a ring that was closed by hand is closed once", () => {
  const draft = new Draft([]);
  draft.add("area", "polygon", [[0, 0], [1, 0], [1, 1], [0, 0]]);
  assert.equal(draft.items[0].path.length, 3);
});

test("the limit holds", () => {
  const draft = new Draft(read(square, toolOf), { limit: 1 });
  assert.equal(draft.add("area", "polygon", [[0, 0], [1, 0], [1, 1]]), false);
});

test("undo and redo go through every change and back", () => {
  const draft = new Draft(read(square, toolOf));
  const states = [write(draft.items, "geometry")];
  draft.moveVertex(0, 2, [2, 2]);
  states.push(write(draft.items, "geometry"));
  draft.insertVertex(0, 0, [0.5, -0.5]);
  states.push(write(draft.items, "geometry"));
  draft.removeVertex(0, 1);
  states.push(write(draft.items, "geometry"));
  draft.shift(0, [1, 1]);
  for (const state of states.toReversed()) {
    assert.ok(draft.undo());
    assert.deepEqual(write(draft.items, "geometry"), state);
  }
  assert.equal(draft.undo(), false);
  for (const state of states.slice(1)) {
    draft.redo();
    assert.deepEqual(write(draft.items, "geometry"), state);
  }
});

test("a change after undo forgets what was undone", () => {
  const draft = new Draft(read(square, toolOf));
  draft.moveVertex(0, 0, [-1, -1]);
  draft.undo();
  draft.remove(0);
  assert.equal(draft.canRedo, false);
});

test("a triangle that loses a corner goes as a whole", () => {
  const draft = new Draft([]);
  draft.add("area", "polygon", [[0, 0], [1, 0], [1, 1]]);
  draft.removeVertex(0, 1);
  assert.equal(draft.items.length, 0);
});

test("an area that is moved takes its holes along", () => {
  const holed = { type: "Polygon", coordinates: [square.coordinates[0], [[0.2, 0.2], [0.4, 0.2], [0.3, 0.4], [0.2, 0.2]]] };
  const draft = new Draft(read(holed, toolOf));
  draft.shift(0, [1, 0]);
  assert.deepEqual(draft.items[0].holes[0][0], [1.2, 0.2]);
});
