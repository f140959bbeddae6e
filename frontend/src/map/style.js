// The house style of the base map in light, dark and for print.

const PALETTES = {
  light: {
    ground: "#f4f2ee", area: "#ebe8e1", green: "#dbe8cf", water: "#cbdfec", building: "#d9d4cb",
    buildingEdge: "#b3aca0", street: "#ffffff", casing: "#cbc5ba", way: "#a29a8c", rail: "#8f8b86",
    name: "#33393b", halo: "#fbfaf8", waterName: "#3f6484", greenName: "#47663a", label: "#1a1d1e",
    accent: "#14606a", rim: "#ffffff", barrier: "#8c1d1d", proposed: "#14606a",
  },
  dark: {
    ground: "#12171a", area: "#1a2124", green: "#1a2a20", water: "#15303f", building: "#283033",
    buildingEdge: "#3c474b", street: "#363f43", casing: "#0c1012", way: "#5d696d", rail: "#667074",
    name: "#c6ced0", halo: "#12171a", waterName: "#86b6d6", greenName: "#9cc48c", label: "#f2f5f5",
    accent: "#67c3cd", rim: "#f2f5f5", barrier: "#ff9a91", proposed: "#67c3cd",
  },
};
PALETTES.print = { ...PALETTES.light, ground: "#ffffff", halo: "#ffffff", green: "#e6efdd" };

/** Upper ends of the speed bands in km/h and their colours: the same as in the reports. */
export const BANDS = [30, 50, 65, 80];
export const BAND_COLOURS = ["#f9c932", "#f3771a", "#c73e4c", "#7b1d6d", "#230c4c"];
const BAND_WIDTHS = [3.5, 5, 6.5, 8, 9.5];

export const TEXT = ["Parvis Sans"];
export const STRONG = ["Parvis Sans Semibold"];

export const palette = (theme) => PALETTES[theme];

export function byBand(values, property = "speed_kmh") {
  const stops = BANDS.flatMap((end, at) => [end + 1e-6, values[at + 1]]);
  return ["step", ["number", ["get", property], 0], values[0], ...stops];
}
export const bandWidths = (extra = 0) => BAND_WIDTHS.map((width) => width + extra);

/** Line width for a width in metres on the ground at `latitude`, never thinner than `least` pixels. */
function metres(property, latitude, least, extra = 0) {
  const perMetre = (zoom) =>
    2 ** zoom / (78271.517 * Math.cos((latitude * Math.PI) / 180));
  const width = typeof property === "number" ? property : ["coalesce", ["get", property], 5];
  const at = (zoom, floor) => ["+", ["max", floor, ["*", width, perMetre(zoom)]], extra];
  return [
    "interpolate", ["exponential", 2], ["zoom"],
    11, at(11, least * 0.5), 14, at(14, least), 17, at(17, least), 22, at(22, least),
  ];
}

const WAYS = ["footway", "cycleway", "path", "steps", "track"];
const isWay = ["in", ["get", "kind"], ["literal", WAYS]];
const isBelow = ["<", ["coalesce", ["get", "level"], 0], 0];

export function houseStyle({ theme, tiles, latitude, attribution }) {
  const p = PALETTES[theme];
  const background = { id: "ground", type: "background", paint: { "background-color": p.ground } };
  if (!tiles) return { version: 8, sources: {}, layers: [background] };
  const isTemplate = tiles.includes("{z}");
  const absolute = isTemplate ? location.origin + tiles : new URL(tiles, location.href).href;
  const base = isTemplate
    ? { type: "vector", tiles: [absolute], maxzoom: 16, attribution }
    : { type: "vector", url: `pmtiles://${absolute}`, attribution };
  const layer = (id, type, sourceLayer, paint, more = {}) => ({
    id, type, source: "base", "source-layer": sourceLayer, paint, ...more,
  });
  const round = { "line-cap": "round", "line-join": "round" };
  return {
    version: 8,
    sources: { base },
    layers: [
      background,
      layer("areas", "fill", "areas", { "fill-color": p.area }),
      layer("green", "fill", "green", { "fill-color": p.green }),
      layer("water", "fill", "water", { "fill-color": p.water }, { filter: ["==", ["geometry-type"], "Polygon"] }),
      layer("water-lines", "line", "water", { "line-color": p.water, "line-width": metres(4, latitude, 1) },
        { filter: ["==", ["geometry-type"], "LineString"], layout: round }),
      layer("street-casing", "line", "streets",
        { "line-color": p.casing, "line-width": metres("width", latitude, 1.4, 1.4) },
        { filter: ["all", ["!", isWay], ["!", isBelow]], layout: round }),
      layer("ways", "line", "streets",
        { "line-color": p.way, "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.7, 18, 1.6],
          "line-dasharray": [3, 2] },
        { filter: ["all", isWay, ["!", isBelow]], minzoom: 14 }),
      layer("streets", "line", "streets",
        { "line-color": p.street, "line-width": metres("width", latitude, 1.2) },
        { filter: ["all", ["!", isWay], ["!", isBelow]], layout: round }),
      layer("rails", "line", "rails",
        { "line-color": p.rail, "line-width": 1.2, "line-dasharray": [4, 2] }),
      layer("buildings", "fill", "buildings",
        { "fill-color": p.building, "fill-outline-color": p.buildingEdge }, { minzoom: 13 }),
      layer("tunnels", "line", "streets",
        { "line-color": p.way, "line-width": 1.2, "line-dasharray": [2, 3] }, { filter: isBelow, minzoom: 14 }),
      layer("street-names", "symbol", "streets",
        { "text-color": p.name, "text-halo-color": p.halo, "text-halo-width": 1.4 },
        {
          filter: ["has", "name"], minzoom: 15,
          layout: {
            "symbol-placement": "line", "text-field": ["get", "name"], "text-font": TEXT,
            "text-size": ["interpolate", ["linear"], ["zoom"], 15, 10.5, 18, 13],
            "text-max-angle": 30, "symbol-spacing": 320,
          },
        }),
      layer("names", "symbol", "names",
        {
          "text-color": ["match", ["get", "kind"], "water", p.waterName, ["park", "garden", "wood", "cemetery"], p.greenName, p.name],
          "text-halo-color": p.halo, "text-halo-width": 1.4,
        },
        {
          layout: {
            "text-field": ["get", "name"], "text-font": STRONG, "text-max-width": 8,
            "text-size": ["interpolate", ["linear"], ["zoom"], 13, 11, 18, 13.5],
            "symbol-sort-key": ["coalesce", ["get", "rank"], 9],
          },
        }),
    ],
  };
}

export function wantedTheme() {
  if (matchMedia("print").matches) return "print";
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
