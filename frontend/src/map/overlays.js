// Layers over the base map: what belongs to the authority, fetched for this person only.
import { BAND_COLOURS, STRONG, TEXT, bandWidths, byBand, palette } from "./style.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const isType = (name) => ["in", name, ["geometry-type"]];
const focused = (yes, no) => ["case", ["boolean", ["feature-state", "focused"], false], yes, no];

/** Layers by kind of overlay; `s` is the source's name, `p` the palette. */
const KINDS = {
  area: (s, p) => [
    fill(s, { "fill-color": p.accent, "fill-opacity": 0.1 }),
    line(s, { "line-color": p.accent, "line-width": focused(4, 2.5) }),
  ],
  perimeter: (s, p) => [
    line(s, { "line-color": p.rim, "line-width": byBand(bandWidths(3)) }, "rim"),
    line(s, { "line-color": byBand(BAND_COLOURS), "line-width": byBand(bandWidths()) }),
  ],
  "access-points": (s, p) => [
    circle(s, {
      "circle-radius": focused(15, 12), "circle-color": p.label, "circle-stroke-color": focused(p.accent, p.rim),
      "circle-stroke-width": focused(4, 2),
    }),
    symbol(s, { "text-field": ["to-string", ["get", "number"]], "text-font": STRONG, "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true },
      { "text-color": p.ground }),
  ],
  barriers: (s, p) => [
    line(s, { "line-color": p.rim, "line-width": 8 }, "rim"),
    line(s, { "line-color": byState(p), "line-width": focused(7, 5) }),
    circle(s, { "circle-radius": focused(8, 6), "circle-color": byState(p), "circle-stroke-color": p.rim, "circle-stroke-width": 2 }),
  ],
  spaces: (s, p) => [
    fill(s, { "fill-color": p.accent, "fill-opacity": focused(0.3, 0.16) }),
    line(s, { "line-color": p.accent, "line-width": focused(3.5, 1.8) }),
    circle(s, { "circle-radius": focused(9, 6.5), "circle-color": p.accent, "circle-stroke-color": p.rim, "circle-stroke-width": 2 }),
    symbol(s, { "text-field": ["get", "name"], "text-font": STRONG, "text-size": 12.5, "text-offset": [0, 1.1], "text-anchor": "top", "text-optional": true },
      { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 1.6 }, "name"),
  ],
  facts: (s, p) => [
    line(s, { "line-color": p.label, "line-width": focused(4, 2), "line-dasharray": [2, 1.5] }),
    circle(s, { "circle-radius": focused(8, 5.5), "circle-color": p.halo, "circle-stroke-color": p.label, "circle-stroke-width": 2 }),
    symbol(s, { "text-field": ["coalesce", ["get", "label"], ""], "text-font": TEXT, "text-size": 12, "text-offset": [0, 0.9], "text-anchor": "top", "text-optional": true },
      { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 1.6 }, "name"),
  ],
};

function byState(p) {
  return ["match", ["coalesce", ["get", "state"], "existing"], "proposed", p.proposed, "removed", p.way, p.barrier];
}
function layer(source, type, suffix, rest) {
  return { id: `${source}-${suffix}`, type, source, ...rest };
}
function fill(s, paint) {
  return layer(s, "fill", "fill", { paint, filter: isType("Polygon") });
}
function line(s, paint, suffix = "line") {
  const filter = ["any", isType("LineString"), isType("Polygon")];
  return layer(s, "line", suffix, { paint, filter, layout: { "line-cap": "round", "line-join": "round" } });
}
function circle(s, paint) {
  return layer(s, "circle", "circle", { paint, filter: isType("Point") });
}
function symbol(s, layout, paint, suffix = "number") {
  return layer(s, "symbol", suffix, { layout, paint });
}

export class Overlays {
  constructor(map, settings, report) {
    this.map = map;
    this.report = report;
    this.entries = settings.map((entry) => ({ ...entry, data: entry.data ?? EMPTY }));
  }

  sourceOf(entry) {
    return `overlay-${entry.id}`;
  }

  /** Put sources and layers onto a style that was just loaded. */
  draw(theme) {
    for (const entry of this.entries) {
      const source = this.sourceOf(entry);
      if (!this.map.getSource(source)) {
        this.map.addSource(source, { type: "geojson", data: entry.data, promoteId: "id" });
      }
      for (const each of KINDS[entry.kind](source, palette(theme))) {
        const visibility = entry.hidden ? "none" : "visible";
        this.map.addLayer({ ...each, layout: { ...each.layout, visibility } });
      }
    }
  }

  async load() {
    const waiting = this.entries.filter((entry) => entry.url);
    await Promise.all(waiting.map((entry) => this.fetch(entry)));
  }

  async fetch(entry) {
    try {
      const answer = await fetch(entry.url, {
        credentials: "same-origin", cache: "no-store", headers: { Accept: "application/geo+json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.put(entry.id, await answer.json());
    } catch {
      this.report(entry);
    }
  }

  put(id, data) {
    const entry = this.entries.find((each) => each.id === id);
    if (!entry) return;
    // Feature state is kept by id; ids of features outside properties are copied in.
    for (const feature of data.features ?? []) {
      feature.properties = { ...feature.properties, id: feature.properties?.id ?? feature.id };
    }
    entry.data = data;
    this.map.getSource(this.sourceOf(entry))?.setData(data);
  }

  show(id, isShown) {
    const entry = this.entries.find((each) => each.id === id);
    entry.hidden = !isShown;
    for (const { id: layerId, source } of this.map.getStyle().layers) {
      if (source === this.sourceOf(entry)) {
        this.map.setLayoutProperty(layerId, "visibility", isShown ? "visible" : "none");
      }
    }
  }

  /** All features that can be selected, in the order of the overlays. */
  get selectable() {
    return this.entries
      .filter((entry) => entry.select && !entry.hidden)
      .flatMap((entry) => entry.data.features.map((feature) => ({ entry, feature })));
  }

  get bounds() {
    const fitting = this.entries.filter((entry) => entry.fit);
    const shown = fitting.flatMap((entry) => entry.data.features);
    return boundsOf(shown.map((feature) => feature.geometry));
  }
}

export function positionsOf(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positionsOf);
  const depth = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };
  return [geometry.coordinates].flat(depth[geometry.type]);
}

export function boundsOf(geometries) {
  const places = geometries.flatMap(positionsOf);
  if (places.length === 0) return null;
  const x = places.map((place) => place[0]);
  const y = places.map((place) => place[1]);
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}
