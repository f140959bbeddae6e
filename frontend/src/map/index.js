// <parvis-map data-settings='{…}'>: base map, overlays, their text twin, drawing, a plan underneath.
import { Map as MapView, ScaleControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { Controls } from "./controls.js";
import { element } from "./dom.js";
import { Editor } from "./editor.js";
import { FeatureList } from "./features.js";
import { Overlays, boundsOf, positionsOf } from "./overlays.js";
import { houseStyle, palette, wantedTheme } from "./style.js";
import { Underlay } from "./underlay.js";

const assets = JSON.parse(document.getElementById("parvis-assets").textContent);
setWorkerUrl(new URL(assets.worker, location.href).href);
addProtocol("pmtiles", new Protocol().tile);

const EUROPE = [-11, 35, 32, 62];
const PADDING = 48;

function hasWebGl() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

/** Load the font for all alphabets of the labels before the first glyph is drawn. */
function loadFonts() {
  const sample = "aőЖΩ";
  return Promise.allSettled([
    document.fonts.load('48px "Parvis Sans"', sample),
    document.fonts.load('600 48px "Parvis Sans Semibold"', sample),
  ]);
}

class ParvisMap extends HTMLElement {
  async connectedCallback() {
    if (this.dataset.state) return;
    this.settings = JSON.parse(this.dataset.settings);
    this.words = this.settings.words;
    if (!hasWebGl()) {
      this.fallBack();
      return;
    }
    this.dataset.state = "loading";
    this.stage = element("div", "map-stage");
    this.live = element("div", "visually-hidden");
    this.live.setAttribute("aria-live", "polite");
    this.append(this.stage, this.live);
    await loadFonts();
    if (this.isConnected) this.open();
  }

  disconnectedCallback() {
    this.view?.remove();
    this.abort?.abort();
  }

  open() {
    const { settings } = this;
    this.theme = wantedTheme();
    this.abort = new AbortController();
    const bounds = settings.bounds ?? EUROPE;
    this.latitude = (bounds[1] + bounds[3]) / 2;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.view = new MapView({
      container: this.stage,
      style: this.styleFor(this.theme),
      bounds,
      fitBoundsOptions: { padding: PADDING, animate: false },
      maxZoom: 22,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      cooperativeGestures: Boolean(settings.cooperative),
      fadeDuration: isStill ? 0 : 200,
      locale: { "Map.Title": settings.label },
    });
    this.isStill = isStill;
    this.view.touchZoomRotate.disableRotation();
    this.view.keyboard.disableRotation();
    this.view.addControl(new ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
    this.overlays = new Overlays(this.view, settings.overlays ?? [], (entry) =>
      this.say(this.words.notLoaded.replace("%s", entry.label), true),
    );
    this.underlay = new Underlay(this, settings.underlay);
    this.list = new FeatureList(this);
    this.controls = new Controls(this);
    if (settings.edit) this.editor = new Editor(this, settings.edit);
    // A style that is ready for sources fires this before its tiles have arrived.
    this.view.on("style.load", () => this.drawAll());
    this.view.once("load", () => {
      this.dataset.state = "ready";
      this.emit("ready", {});
    });
    this.view.on("error", ({ error }) => console.warn(error?.message));
    this.watch();
    this.overlays.load().then(() => {
      this.list.draw();
      this.fit(false);
    });
  }

  styleFor(theme) {
    const { tiles, attribution } = this.settings;
    return houseStyle({ theme, tiles, latitude: this.latitude, attribution });
  }

  drawAll() {
    this.underlay.draw();
    this.overlays.draw(this.theme);
    this.editor?.draw(palette(this.theme));
    this.list.draw();
  }

  watch() {
    const { signal } = this.abort;
    const restyle = () => {
      const theme = wantedTheme();
      if (theme === this.theme) return;
      this.theme = theme;
      this.view.setStyle(this.styleFor(theme), { diff: false });
    };
    document.addEventListener("parvis:theme", restyle, { signal });
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", restyle, { signal });
    }
    document.addEventListener("parvis:refresh", () => this.refresh(), { signal });
    document.addEventListener("htmx:afterSettle", () => this.takeOverlays(), { signal });
    document.addEventListener(
      "click",
      (event) => {
        const row = event.target.closest("[data-map-feature]");
        if (!row || this.contains(row)) return;
        const isOwn = !row.dataset.map || row.dataset.map === this.id;
        if (isOwn) this.select(row.dataset.mapFeature, { isMoving: true, isFromPage: true });
      },
      { signal },
    );
    for (const kind of ["pointerover", "focusin"]) {
      document.addEventListener(
        kind,
        (event) => {
          const row = event.target.closest?.("[data-map-feature]");
          if (row) this.list.focus(row.dataset.mapFeature);
        },
        { signal },
      );
    }
  }

  async refresh() {
    await this.overlays.load();
    this.list.draw();
  }

  /** Fragments from the server bring new data in <div hidden data-overlay="id" data-geojson="…">. */
  takeOverlays() {
    for (const carrier of document.querySelectorAll("[data-overlay][data-geojson]")) {
      this.overlays.put(carrier.dataset.overlay, JSON.parse(carrier.dataset.geojson));
      carrier.removeAttribute("data-geojson");
    }
    this.list.draw();
  }

  fit(isAnimated = true) {
    const drawn = this.editor ? boundsOf(this.editor.geometries) : null;
    const bounds = this.overlays.bounds ?? drawn ?? this.settings.bounds;
    if (!bounds) return;
    this.view.fitBounds(bounds, {
      padding: PADDING, maxZoom: 19, animate: isAnimated && !this.isStill,
    });
  }

  select(id, { isMoving = false, isFromPage = false } = {}) {
    const found = this.overlays.selectable.find(({ feature }) => feature.properties.id === id);
    if (!found) return;
    const { entry, feature } = found;
    this.list.select(id);
    if (isMoving) {
      const places = positionsOf(feature.geometry);
      const [west, south, east, north] = boundsOf([feature.geometry]);
      const centre = places.length === 1 ? places[0] : [(west + east) / 2, (south + north) / 2];
      if (!this.view.getBounds().contains(centre)) {
        this.view.easeTo({ center: centre, animate: !this.isStill });
      }
    }
    for (const row of document.querySelectorAll("[data-map-feature]")) {
      if (row.localName === "tr") row.ariaSelected = String(row.dataset.mapFeature === id);
    }
    this.emit("select", { overlay: entry.id, id, properties: feature.properties });
    if (entry.select.url && !isFromPage) {
      window.htmx.ajax("GET", entry.select.url.replace("__id__", encodeURIComponent(id)), {
        target: entry.select.target ?? "#panel", swap: "innerHTML", source: this,
      });
    }
  }

  say(text, isShown = false) {
    this.live.textContent = text;
    if (isShown) {
      document.dispatchEvent(
        new CustomEvent("parvis:toast", { detail: { text, kind: "warn" } }),
      );
    }
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`parvis:${name}`, { detail, bubbles: true }));
  }

  fallBack() {
    this.dataset.state = "unsupported";
    const { picture, label, words } = this.settings;
    if (picture) {
      const image = element("img", "map-picture");
      image.src = picture;
      image.alt = label;
      this.append(image);
    }
    const note = element("p", "map-note");
    note.textContent = picture ? words.stillPicture : words.noPicture;
    this.append(note);
  }
}

customElements.define("parvis-map", ParvisMap);
