// Buttons on the map: zoom, fit, layers, legend.
import { button, drawing, element } from "./dom.js";

export class Controls {
  constructor(host) {
    const { words, settings } = host;
    const tools = element("div", "map-tools");
    tools.append(
      button(words.zoomIn, "plus", () => host.view.zoomIn({ animate: !host.isStill })),
      button(words.zoomOut, "minus", () => host.view.zoomOut({ animate: !host.isStill })),
      button(words.fit, "fit", () => host.fit()),
    );
    host.append(tools);
    const choosable = host.overlays.entries.filter((entry) => entry.label);
    if (choosable.length > 1 || settings.underlay) host.append(this.layers(host, choosable));
    if (settings.legend?.length) host.append(this.legend(host, settings.legend));
    if (settings.attribution) {
      host.append(element("p", "map-attribution", settings.attribution));
    }
  }

  layers(host, entries) {
    const details = element("details", "map-layers menu");
    const summary = element("summary", "map-button");
    summary.ariaLabel = host.words.layers;
    summary.title = host.words.layers;
    summary.append(drawing("layers"));
    const panel = element("div", "map-layers-panel");
    for (const entry of entries) {
      const label = element("label", "choice");
      const box = element("input", "");
      box.type = "checkbox";
      box.checked = !entry.hidden;
      box.addEventListener("change", () => {
        host.overlays.show(entry.id, box.checked);
        host.list.draw();
      });
      label.append(box, entry.label);
      panel.append(label);
    }
    if (host.settings.underlay) panel.append(host.underlay.slider(host.words.opacity));
    details.append(summary, panel);
    return details;
  }

  legend(host, rows) {
    const details = element("details", "map-legend");
    details.open = host.clientWidth > 720 && host.clientHeight > 560;
    details.append(element("summary", "", host.words.legend));
    const list = element("ul", "");
    for (const { kind, label } of rows) {
      const row = element("li", "");
      row.append(element("span", `legend-sign legend-${kind}`), label);
      list.append(row);
    }
    details.append(list);
    return details;
  }
}
