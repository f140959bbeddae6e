// A plan or photo under the lines of the map, by its four corners.
import { element } from "./dom.js";

export class Underlay {
  constructor(host, settings) {
    this.host = host;
    this.settings = settings;
    this.opacity = settings?.opacity ?? 0.7;
  }

  draw() {
    if (!this.settings) return;
    const { view } = this.host;
    const { url, corners } = this.settings;
    view.addSource("underlay", { type: "image", url: new URL(url, location.href).href, coordinates: corners });
    const firstNames = view.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
    view.addLayer(
      { id: "underlay", type: "raster", source: "underlay", paint: { "raster-opacity": this.opacity, "raster-fade-duration": 0 } },
      firstNames,
    );
  }

  /** Move the picture, as when reference points change. */
  place(corners) {
    this.settings.corners = corners;
    this.host.view.getSource("underlay")?.setCoordinates(corners);
  }

  slider(text) {
    const label = element("label", "map-slider", text);
    const range = element("input", "");
    Object.assign(range, { type: "range", min: 0, max: 1, step: 0.05, value: this.opacity });
    range.addEventListener("input", () => {
      this.opacity = Number(range.value);
      this.host.view.setPaintProperty("underlay", "raster-opacity", this.opacity);
    });
    label.append(range);
    return label;
  }
}
