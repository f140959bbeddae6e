// What is being drawn, with its history: no map, no page, so that it can be tested on its own.

const round = (position) => position.map((value) => Number(value.toFixed(7)));
const same = (a, b) => a[0] === b[0] && a[1] === b[1];

const LEAST = { point: 1, line: 2, polygon: 3 };

function partsOf(geometry) {
  switch (geometry?.type) {
    case "Point":
      return [{ shape: "point", path: [geometry.coordinates] }];
    case "MultiPoint":
      return geometry.coordinates.map((place) => ({ shape: "point", path: [place] }));
    case "LineString":
      return [{ shape: "line", path: geometry.coordinates }];
    case "MultiLineString":
      return geometry.coordinates.map((path) => ({ shape: "line", path }));
    case "Polygon":
      return [polygonPart(geometry.coordinates)];
    case "MultiPolygon":
      return geometry.coordinates.map(polygonPart);
    case "GeometryCollection":
      return geometry.geometries.flatMap(partsOf);
    default:
      return [];
  }
}

function polygonPart([outer, ...holes]) {
  return { shape: "polygon", path: outer.slice(0, -1), holes };
}

export function read(geojson, toolOf) {
  const features =
    geojson?.type === "FeatureCollection"
      ? geojson.features
      : geojson?.type === "Feature"
        ? [geojson]
        : geojson
          ? [{ type: "Feature", geometry: geojson, properties: {} }]
          : [];
  return features.flatMap((feature) =>
    partsOf(feature.geometry).map((part) => ({
      ...part,
      path: part.path.map((position) => round(position.slice(0, 2))),
      id: feature.id,
      properties: feature.properties ?? {},
      tool: feature.properties?.tool ?? toolOf(part.shape),
    })),
  );
}

export function geometryOf(item) {
  if (item.shape === "point") return { type: "Point", coordinates: item.path[0] };
  if (item.shape === "line") return { type: "LineString", coordinates: item.path };
  return { type: "Polygon", coordinates: [[...item.path, item.path[0]], ...(item.holes ?? [])] };
}

export function featureOf(item) {
  const feature = {
    type: "Feature",
    properties: { ...item.properties, tool: item.tool },
    geometry: geometryOf(item),
  };
  return item.id === undefined ? feature : { ...feature, id: item.id };
}

export function write(items, format) {
  if (format === "features") {
    return { type: "FeatureCollection", features: items.map(featureOf) };
  }
  if (items.length === 0) return null;
  const geometries = items.map(geometryOf);
  if (geometries.length === 1) return geometries[0];
  return {
    type: `Multi${geometries[0].type}`,
    coordinates: geometries.map((geometry) => geometry.coordinates),
  };
}

export class Draft {
  constructor(items, { limit = Infinity } = {}) {
    this.items = items;
    this.limit = limit;
    this.past = [];
    this.future = [];
  }

  get canUndo() {
    return this.past.length > 0;
  }

  get canRedo() {
    return this.future.length > 0;
  }

  get isFull() {
    return this.items.length >= this.limit;
  }

  change(items) {
    this.past.push(this.items);
    this.future = [];
    this.items = items;
  }

  undo() {
    if (!this.canUndo) return false;
    this.future.push(this.items);
    this.items = this.past.pop();
    return true;
  }

  redo() {
    if (!this.canRedo) return false;
    this.past.push(this.items);
    this.items = this.future.pop();
    return true;
  }

  /** Add what was drawn; a place that repeats its predecessor counts once. */
  add(tool, shape, path) {
    const clean = path.map(round).filter((place, at, all) => at === 0 || !same(place, all[at - 1]));
    if (shape === "polygon" && clean.length > 1 && same(clean[0], clean.at(-1))) clean.pop();
    if (clean.length < LEAST[shape] || this.isFull) return false;
    this.change([...this.items, { tool, shape, path: clean, properties: {} }]);
    return true;
  }

  remove(index) {
    this.change(this.items.filter((_, at) => at !== index));
  }

  replacePath(index, path) {
    this.change(
      this.items.map((item, at) => (at === index ? { ...item, path: path.map(round) } : item)),
    );
  }

  moveVertex(index, vertex, place) {
    this.replacePath(
      index,
      this.items[index].path.map((old, at) => (at === vertex ? place : old)),
    );
  }

  insertVertex(index, after, place) {
    const path = this.items[index].path;
    this.replacePath(index, [...path.slice(0, after + 1), place, ...path.slice(after + 1)]);
  }

  /** Remove a vertex; the whole item goes where too few would be left. */
  removeVertex(index, vertex) {
    const { path, shape } = this.items[index];
    if (path.length <= LEAST[shape]) this.remove(index);
    else this.replacePath(index, path.filter((_, at) => at !== vertex));
  }

  shift(index, [east, north]) {
    const item = this.items[index];
    this.change(
      this.items.map((other, at) =>
        at === index
          ? {
              ...item,
              path: item.path.map(([x, y]) => round([x + east, y + north])),
              holes: item.holes?.map((ring) => ring.map(([x, y]) => round([x + east, y + north]))),
            }
          : other,
      ),
    );
  }
}

export const leastVertices = (shape) => LEAST[shape];
