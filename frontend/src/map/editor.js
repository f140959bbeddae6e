// Drawing and changing areas, lines and points: by mouse, touch or keyboard, with undo.
import { Crosshair } from "./crosshair.js";
import { button, element } from "./dom.js";
import { Draft, featureOf, geometryOf, leastVertices, read, write } from "./draft.js";
import { STRONG } from "./style.js";

const REACH = 12;
const ENDS = ["mouseup", "touchend", "touchcancel"];

export class Editor {
  constructor(host, settings) {
    this.host = host;
    this.settings = settings;
    this.tools = settings.tools;
    this.field = document.getElementById(settings.field);
    const toolOf = (shape) => this.tools.find((tool) => tool.shape === shape)?.name;
    const given = this.field.value ? JSON.parse(this.field.value) : null;
    this.draft = new Draft(read(given, toolOf), { limit: settings.limit ?? Infinity });
    this.path = [];
    this.tool = null;
    // What stands alone is meant: its corners can be moved at once.
    this.chosen = this.draft.items.length === 1 ? { index: 0, vertex: null } : null;
    this.makeBar();
    this.crosshair = new Crosshair(this);
    this.watchPointer();
    if (this.draft.items.length === 0 && this.tools.length === 1) this.start(this.tools[0]);
    else this.tell(host.words.editHint);
    this.refreshBar();
  }

  get isBusy() {
    return this.tool !== null;
  }

  get geometries() {
    return this.draft.items.map(geometryOf);
  }

  // ---- What is drawn -------------------------------------------------------------------------

  draw(p) {
    const { view } = this.host;
    for (const name of ["draft", "draft-handles"]) {
      view.addSource(name, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    }
    const chosen = ["boolean", ["get", "isChosen"], false];
    const add = (id, type, source, paint, more = {}) =>
      view.addLayer({ id, type, source, paint, ...more });
    const of = (type) => ["==", ["geometry-type"], type];
    add("draft-fill", "fill", "draft", { "fill-color": p.accent, "fill-opacity": ["case", chosen, 0.22, 0.12] },
      { filter: of("Polygon") });
    add("draft-rim", "line", "draft", { "line-color": p.rim, "line-width": 7, "line-opacity": 0.85 });
    add("draft-line", "line", "draft", { "line-color": p.accent, "line-width": ["case", chosen, 4, 3] });
    add("draft-point", "circle", "draft",
      { "circle-radius": ["case", chosen, 10, 8], "circle-color": p.accent, "circle-stroke-color": p.rim, "circle-stroke-width": 3 },
      { filter: of("Point") });
    add("draft-number", "symbol", "draft", { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 2 },
      { filter: ["has", "label"],
        layout: { "text-field": ["get", "label"], "text-font": STRONG, "text-size": 13, "text-offset": [0, -1.4], "symbol-placement": "point" } });
    add("draft-middle", "circle", "draft-handles", { "circle-radius": 4, "circle-color": p.rim, "circle-stroke-color": p.accent, "circle-stroke-width": 1.5 },
      { filter: ["get", "isMiddle"] });
    add("draft-vertex", "circle", "draft-handles",
      { "circle-radius": ["case", chosen, 9, 6.5], "circle-color": ["case", chosen, p.accent, p.rim], "circle-stroke-color": p.accent, "circle-stroke-width": 2.5 },
      { filter: ["!", ["get", "isMiddle"]] });
    this.render();
  }

  render() {
    const { view } = this.host;
    if (!view.getSource("draft")) return;
    const features = this.draft.items.map((item, index) => {
      const feature = featureOf(item);
      const isChosen = index === this.chosen?.index;
      return { ...feature, properties: { ...feature.properties, index, isChosen } };
    });
    if (this.path.length > 0) {
      const open = this.pointer ? [...this.path, this.pointer] : this.path;
      const coordinates = open.length > 1 ? open : [...open, ...open];
      features.push({ type: "Feature", properties: { isChosen: true }, geometry: { type: "LineString", coordinates } });
    }
    view.getSource("draft").setData({ type: "FeatureCollection", features });
    view.getSource("draft-handles").setData({ type: "FeatureCollection", features: this.handles() });
  }

  handles() {
    const place = (coordinates, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates } });
    if (this.tool) {
      return this.path.map((position, vertex) => place(position, { vertex, isMiddle: false, isChosen: vertex === 0 && this.path.length > 2 }));
    }
    const item = this.draft.items[this.chosen?.index];
    if (!item || item.shape === "point") return [];
    const { path, shape } = item;
    const vertices = path.map((position, vertex) =>
      place(position, { vertex, isMiddle: false, isChosen: vertex === this.chosen.vertex }));
    const ends = shape === "polygon" ? path.length : path.length - 1;
    const middles = path.slice(0, ends).map(([x, y], vertex) => {
      const [toX, toY] = path[(vertex + 1) % path.length];
      return place([(x + toX) / 2, (y + toY) / 2], { vertex, isMiddle: true });
    });
    return [...middles, ...vertices];
  }

  // ---- The bar of tools ----------------------------------------------------------------------

  makeBar() {
    const { words } = this.host;
    this.bar = element("div", "map-editor");
    this.bar.setAttribute("role", "toolbar");
    this.bar.setAttribute("aria-label", words.drawing);
    this.toolButtons = this.tools.map((tool) =>
      button(tool.label, null, () => (this.tool === tool ? this.stop() : this.start(tool)), true));
    this.finishButton = button(words.finish, "check", () => this.finish(), true);
    this.undoButton = button(words.undo, "undo", () => this.undo());
    this.redoButton = button(words.redo, "redo", () => this.redo());
    this.removeButton = button(words.remove, "trash", () => this.removeChosen());
    this.bar.append(...this.toolButtons, this.finishButton, this.undoButton, this.redoButton, this.removeButton);
    this.hint = element("p", "map-hint");
    this.host.prepend(this.bar);
    this.host.append(this.hint);
    this.host.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) this.undo();
      else if (key === "y" || key === "z") this.redo();
      else return;
      event.preventDefault();
    });
  }

  refreshBar() {
    this.toolButtons.forEach((each, at) => {
      each.ariaPressed = String(this.tools[at] === this.tool);
      each.disabled = this.draft.isFull && this.tools[at] !== this.tool;
    });
    this.finishButton.hidden = !this.tool || this.tool.shape === "point";
    this.finishButton.disabled = this.path.length < leastVertices(this.tool?.shape ?? "point");
    this.undoButton.disabled = this.path.length === 0 && !this.draft.canUndo;
    this.redoButton.disabled = this.path.length > 0 || !this.draft.canRedo;
    this.removeButton.disabled = this.chosen === null;
  }

  tell(text) {
    this.hint.textContent = text;
    this.host.say(text);
  }

  // ---- What a person does --------------------------------------------------------------------

  start(tool) {
    if (this.draft.isFull) return;
    this.tool = tool;
    this.path = [];
    this.chosen = null;
    this.host.view.doubleClickZoom.disable();
    this.tell(tool.hint ?? this.host.words[`draw_${tool.shape}`]);
    this.update();
  }

  stop() {
    this.tool = null;
    this.path = [];
    this.pointer = null;
    this.host.view.doubleClickZoom.enable();
    this.tell(this.host.words.editHint);
    this.update();
  }

  addVertex(place) {
    this.path = [...this.path, place];
    if (this.tool.shape === "point") {
      this.finish();
    } else {
      this.host.say(this.host.words.vertexAdded.replace("%s", this.path.length));
      this.update();
    }
  }

  finish() {
    const { tool, path } = this;
    if (!this.draft.add(tool.name, tool.shape, path)) return;
    const isMore = tool.isRepeated && !this.draft.isFull;
    this.stop();
    this.chosen = { index: this.draft.items.length - 1, vertex: null };
    this.save();
    if (isMore) this.start(tool);
  }

  undo() {
    if (this.path.length > 0) {
      this.path = this.path.slice(0, -1);
      this.update();
    } else if (this.draft.undo()) {
      this.chosen = null;
      this.save(this.host.words.undone);
    }
  }

  redo() {
    if (this.path.length > 0 || !this.draft.redo()) return;
    this.chosen = null;
    this.save(this.host.words.redone);
  }

  removeChosen() {
    if (this.tool) {
      this.undo();
      return;
    }
    if (!this.chosen) return;
    const { index, vertex } = this.chosen;
    if (vertex === null) this.draft.remove(index);
    else this.draft.removeVertex(index, vertex);
    this.chosen = null;
    this.save(this.host.words.removed);
  }

  choose(chosen) {
    this.chosen = chosen;
    if (chosen) {
      const { id, properties } = this.draft.items[chosen.index];
      this.host.emit("select", { overlay: "draft", id, index: chosen.index, properties });
    }
    this.update();
  }

  update() {
    this.refreshBar();
    this.render();
  }

  /** Mirror the drawing into the form field and tell the page. */
  save(text = this.host.words.changed) {
    const geometry = write(this.draft.items, this.settings.format ?? "geometry");
    this.field.value = geometry ? JSON.stringify(geometry) : "";
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.host.emit("geometry", { geometry });
    this.host.say(text);
    this.update();
  }

  // ---- Mouse and touch -----------------------------------------------------------------------

  watchPointer() {
    const { view } = this.host;
    view.on("click", (event) => this.onClick(event));
    view.on("dblclick", (event) => {
      if (!this.tool) return;
      event.preventDefault();
      this.finish();
    });
    view.on("mousemove", (event) => {
      if (!this.tool || this.path.length === 0) return;
      this.pointer = event.lngLat.toArray();
      this.render();
    });
    for (const kind of ["mousedown", "touchstart"]) view.on(kind, (event) => this.onPress(event));
  }

  found(point, layers) {
    const known = layers.filter((layer) => this.host.view.getLayer(layer));
    const box = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
    return this.host.view.queryRenderedFeatures(box, { layers: known })[0];
  }

  isNear(point, place) {
    const { x, y } = this.host.view.project(place);
    return Math.hypot(x - point.x, y - point.y) <= REACH;
  }

  onClick(event) {
    if (this.wasDragged) {
      this.wasDragged = false;
      return;
    }
    if (this.tool) {
      event.preventDefault();
      this.press(event.point, event.lngLat.toArray());
      return;
    }
    const handle = this.found(event.point, ["draft-vertex"]);
    const item = handle ? null : this.found(event.point, ["draft-point", "draft-line", "draft-fill"]);
    if (handle) this.choose({ index: this.chosen.index, vertex: handle.properties.vertex });
    else if (item) this.choose({ index: item.properties.index, vertex: null });
    else if (this.chosen) this.choose(null);
    if (handle || item) event.preventDefault();
  }

  /** Add a vertex while drawing; on the first or last one, finish. */
  press(point, place) {
    const isClosing = this.path.length > 2 && this.isNear(point, this.path[0]);
    const isEnding = this.path.length > 1 && this.isNear(point, this.path.at(-1));
    if (this.tool.shape !== "point" && (isClosing || isEnding)) this.finish();
    else this.addVertex(place);
  }

  onPress(event) {
    if (this.tool || (event.points && event.points.length > 1)) return;
    const handle = this.found(event.point, ["draft-vertex", "draft-middle"]);
    const body = handle ? null : this.found(event.point, ["draft-point", "draft-line"]);
    if (!handle && !body) return;
    if (body && body.properties.index === undefined) return;
    event.preventDefault();
    const before = this.draft.items;
    let target;
    if (handle) {
      const { index } = this.chosen;
      const { vertex, isMiddle } = handle.properties;
      if (isMiddle) this.draft.insertVertex(index, vertex, event.lngLat.toArray());
      target = { index, vertex: isMiddle ? vertex + 1 : vertex };
    } else {
      target = { index: body.properties.index, vertex: null };
    }
    this.chosen = target;
    this.drag(event.lngLat.toArray(), target, before);
  }

  drag(start, target, before) {
    const { view } = this.host;
    const base = this.draft.items;
    let isMoved = base !== before;
    const move = (event) => {
      isMoved = true;
      this.wasDragged = true;
      const place = event.lngLat.toArray();
      this.draft.items = moved(base, target, start, place);
      this.render();
    };
    const end = () => {
      for (const subscription of moves) subscription.unsubscribe();
      for (const kind of ENDS) removeEventListener(kind, end);
      if (!isMoved) return;
      // One step of history for the whole drag.
      const after = this.draft.items;
      this.draft.items = before;
      if (base !== before) this.draft.past.pop();
      this.draft.change(after);
      this.save();
      setTimeout(() => (this.wasDragged = false));
    };
    const moves = [view.on("mousemove", move), view.on("touchmove", move)];
    for (const kind of ENDS) addEventListener(kind, end);
    this.update();
  }
}

function moved(items, { index, vertex }, start, place) {
  const draft = new Draft(items);
  if (vertex === null) draft.shift(index, [place[0] - start[0], place[1] - start[1]]);
  else draft.moveVertex(index, vertex, place);
  return draft.items;
}
