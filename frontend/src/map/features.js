// The text twin of what can be selected on the map: one list box, linked both ways.
import { element } from "./dom.js";

const HIT = 6;

export class FeatureList {
  constructor(host) {
    this.host = host;
    this.focusedId = null;
    this.box = element("div", "map-list");
    this.list = element("ul", "");
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", host.words.onTheMap);
    this.list.tabIndex = 0;
    this.title = element("p", "map-list-title", host.words.onTheMap);
    this.title.ariaHidden = "true";
    this.box.append(this.title, this.list);
    this.readout = element("p", "map-readout");
    this.readout.hidden = true;
    host.prepend(this.box);
    host.append(this.readout);
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("focus", () => {
      if (!this.focusedId && this.items.length) this.focus(this.items[0].feature.properties.id);
    });
    this.list.addEventListener("blur", () => this.focus(null));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.host.select(option.dataset.id, { isMoving: true });
    });
    this.watchPointer();
  }

  get items() {
    return this.host.overlays.selectable;
  }

  draw() {
    const { items } = this;
    this.box.hidden = items.length === 0;
    this.list.replaceChildren(
      ...items.map(({ feature }) => {
        const { id, text, number, name } = feature.properties;
        const option = element("li", "", text ?? [number, name].filter(Boolean).join(" "));
        option.role = "option";
        option.id = `${this.host.id}-${id}`;
        option.dataset.id = id;
        option.ariaSelected = String(id === this.selectedId);
        return option;
      }),
    );
  }

  watchPointer() {
    const { view } = this.host;
    view.on("mousemove", (event) => {
      if (this.host.editor?.isBusy) return;
      const found = this.at(event.point);
      view.getCanvas().classList.toggle("is-over", Boolean(found));
      this.focus(found ?? null);
    });
    view.on("mouseout", () => this.focus(null));
    view.on("click", (event) => {
      if (this.host.editor?.isBusy || event.defaultPrevented) return;
      const found = this.at(event.point);
      if (found) this.host.select(found);
    });
  }

  at({ x, y }) {
    const { view, overlays } = this.host;
    const sources = overlays.entries
      .filter((entry) => entry.select && !entry.hidden)
      .map((entry) => overlays.sourceOf(entry));
    const layers = (view.getStyle()?.layers ?? [])
      .filter((layer) => sources.includes(layer.source))
      .map((layer) => layer.id);
    if (layers.length === 0) return null;
    const box = [[x - HIT, y - HIT], [x + HIT, y + HIT]];
    return view.queryRenderedFeatures(box, { layers })[0]?.properties.id ?? null;
  }

  onKey(event) {
    const { items } = this;
    const at = items.findIndex(({ feature }) => feature.properties.id === this.focusedId);
    const goals = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 };
    if (event.key in goals) {
      const goal = Math.min(Math.max(goals[event.key], 0), items.length - 1);
      this.focus(items[goal].feature.properties.id);
    } else if ((event.key === "Enter" || event.key === " ") && this.focusedId) {
      this.host.select(this.focusedId, { isMoving: true });
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Point a feature out on the map and show its values. */
  focus(id) {
    if (id === this.focusedId) return;
    this.setState(this.focusedId, false);
    this.focusedId = id;
    this.setState(id, true);
    const option = [...this.list.children].find((each) => each.dataset.id === id);
    for (const each of this.list.children) each.classList.toggle("is-focused", each === option);
    if (option) {
      this.list.setAttribute("aria-activedescendant", option.id);
      if (document.activeElement === this.list) option.scrollIntoView({ block: "nearest" });
    } else {
      this.list.removeAttribute("aria-activedescendant");
    }
    this.readout.hidden = !option;
    this.readout.textContent = option?.textContent ?? "";
  }

  select(id) {
    this.selectedId = id;
    for (const option of this.list.children) option.ariaSelected = String(option.dataset.id === id);
    this.focus(id);
  }

  setState(id, focused) {
    const found = id && this.items.find(({ feature }) => feature.properties.id === id);
    if (!found) return;
    const source = this.host.overlays.sourceOf(found.entry);
    if (this.host.view.getSource(source)) this.host.view.setFeatureState({ source, id }, { focused });
  }
}
