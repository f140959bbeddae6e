// Drawing by keyboard: arrow keys move a crosshair, Enter sets, Backspace removes.
import { element } from "./dom.js";

const STEP = 12;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const EARTH_RADIUS = 6371008.8;

export function metresBetween([fromX, fromY], [toX, toY]) {
  const toRadians = Math.PI / 180;
  const east = (toX - fromX) * toRadians * Math.cos(((fromY + toY) / 2) * toRadians);
  const north = (toY - fromY) * toRadians;
  return Math.hypot(east, north) * EARTH_RADIUS;
}

export class Crosshair {
  constructor(editor) {
    this.editor = editor;
    this.host = editor.host;
    this.sign = element("div", "map-crosshair");
    this.sign.hidden = true;
    this.host.append(this.sign);
    this.grabbed = null;
    const { view } = this.host;
    view.keyboard.disable();
    const canvas = view.getCanvas();
    canvas.setAttribute("aria-label", `${this.host.settings.label}. ${this.host.words.keys}`);
    canvas.addEventListener("keydown", (event) => this.onKey(event));
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.show();
    });
    canvas.addEventListener("blur", () => this.hide());
    canvas.addEventListener("pointerdown", () => this.hide());
  }

  show() {
    const { clientWidth, clientHeight } = this.host.view.getCanvas();
    this.point ??= { x: clientWidth / 2, y: clientHeight / 2 };
    this.sign.hidden = false;
    this.move(0, 0);
  }

  hide() {
    this.sign.hidden = true;
    this.grabbed = null;
  }

  get place() {
    return this.host.view.unproject([this.point.x, this.point.y]).toArray();
  }

  move(x, y) {
    const { view } = this.host;
    const { clientWidth, clientHeight } = view.getCanvas();
    const goal = { x: this.point.x + x, y: this.point.y + y };
    const margin = 40;
    const inside = {
      x: Math.min(Math.max(goal.x, margin), clientWidth - margin),
      y: Math.min(Math.max(goal.y, margin), clientHeight - margin),
    };
    // At the edge the map moves on under the crosshair.
    if (goal.x !== inside.x || goal.y !== inside.y) {
      view.panBy([goal.x - inside.x, goal.y - inside.y], { animate: false });
    }
    this.point = inside;
    this.sign.style.translate = `${inside.x}px ${inside.y}px`;
    if (this.grabbed) {
      this.editor.draft.items = this.grabbed.base;
      this.editor.draft.moveVertex(this.grabbed.index, this.grabbed.vertex, this.place);
      this.editor.draft.past.pop();
    } else if (this.editor.tool) {
      this.editor.pointer = this.place;
    }
    this.editor.render();
    this.tell();
  }

  tell() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const [east, north] = this.place;
      const last = this.editor.path.at(-1);
      const { words } = this.host;
      const there = words.place
        .replace("%(north)s", north.toFixed(6))
        .replace("%(east)s", east.toFixed(6));
      const away = last
        ? words.away.replace("%s", metresBetween(last, this.place).toFixed(1))
        : "";
      this.host.say(`${there} ${away}`.trim());
    }, 350);
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { editor, host } = this;
    if (event.key in ARROWS) {
      if (this.sign.hidden) this.show();
      const [x, y] = ARROWS[event.key];
      const step = event.shiftKey ? 1 : STEP;
      this.move(x * step, y * step);
    } else if (event.key === "Enter") {
      if (this.sign.hidden) this.show();
      this.set();
    } else if (event.key === "Backspace" || event.key === "Delete") {
      editor.removeChosen();
    } else if (event.key === "Escape") {
      this.leave();
    } else if (event.key === "v") {
      this.toNextVertex();
    } else if (event.key === "+" || event.key === "=") {
      host.view.zoomIn({ animate: false });
    } else if (event.key === "-") {
      host.view.zoomOut({ animate: false });
    } else {
      return;
    }
    event.preventDefault();
  }

  set() {
    const { editor } = this;
    if (this.grabbed) {
      const { base } = this.grabbed;
      const after = editor.draft.items;
      editor.draft.items = base;
      this.grabbed = null;
      editor.draft.change(after);
      editor.save();
    } else if (editor.tool) {
      editor.press(this.point, this.place);
    } else {
      this.take();
    }
  }

  /** Take hold of the vertex or point under the crosshair; the arrow keys move it then. */
  take() {
    const { editor } = this;
    for (const [index, item] of editor.draft.items.entries()) {
      const vertex = item.path.findIndex((place) => editor.isNear(this.point, place));
      if (vertex < 0) continue;
      this.grabbed = { index, vertex, base: editor.draft.items };
      editor.choose({ index, vertex: item.shape === "point" ? null : vertex });
      this.host.say(this.host.words.grabbed);
      return;
    }
  }

  leave() {
    const { editor } = this;
    if (this.grabbed) {
      editor.draft.items = this.grabbed.base;
      this.grabbed = null;
      editor.update();
    } else if (editor.tool) {
      editor.stop();
    } else {
      editor.choose(null);
    }
  }

  toNextVertex() {
    const { editor } = this;
    if (this.grabbed || editor.tool) return;
    const all = editor.draft.items.flatMap(({ path, shape }, index) =>
      path.map((place, vertex) => ({ place, index, vertex: shape === "point" ? null : vertex })));
    if (all.length === 0) return;
    this.at = ((this.at ?? -1) + 1) % all.length;
    const { place, index, vertex } = all[this.at];
    if (this.sign.hidden) this.show();
    const { x, y } = this.host.view.project(place);
    this.move(x - this.point.x, y - this.point.y);
    editor.choose({ index, vertex });
  }
}
