// The plan of a scenario: barriers drawn, dragged, moved by keys; each change is sent and answered.
// Without this script the same is done with the forms beside the plan.
import { moveLine, placed, toDegrees, toMetres } from "./ground.js";
import { keepWork } from "./kept.js";
import { watchView } from "./view.js";

const STEP = 0.5;
const LONG_STEP = 2;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
let tool = "";
let draft = [];
let drag = null;
let pending = 0;

const plan = () => document.getElementById("plan");
const work = () => document.getElementById("work");
const mayEdit = () => work()?.dataset.mayEdit === "yes";
const changes = () => JSON.parse(document.getElementById("scenario-edit").dataset.changes);

function send(rows) {
  const form = document.getElementById("scenario-edit");
  if (!form) return;
  form.elements.changes.value = JSON.stringify(rows);
  window.htmx.trigger(form, "parvis-edit");
}

function hint(name) {
  const place = document.querySelector("[data-hint]");
  if (place) place.textContent = place.dataset[name];
}

function choose(name) {
  tool = name === tool ? "" : name;
  draft = [];
  draw();
  if (plan()) {
    if (tool) plan().dataset.tool = tool;
    else delete plan().dataset.tool;
  }
  for (const button of document.querySelectorAll("[data-tool][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
  }
  hint(tool ? "first" : "idle");
}

function draw(end) {
  const group = document.getElementById("plan-draft");
  if (!group) return;
  group.replaceChildren();
  const points = end ? [...draft, end] : draft;
  if (points.length > 1) {
    const path = document.createElementNS(group.namespaceURI, "path");
    path.setAttribute("d", `M${points.map((p) => p.join(" ")).join("L")}`);
    group.append(path);
  }
  for (const point of draft) {
    const circle = document.createElementNS(group.namespaceURI, "circle");
    circle.setAttribute("cx", point[0]);
    circle.setAttribute("cy", point[1]);
    circle.setAttribute("r", "0.9");
    group.append(circle);
  }
}

function pressed(event) {
  const svg = plan();
  if (!svg || !svg.contains(event.target) || !mayEdit() || event.button > 0) return;
  const at = toMetres(svg, event);
  if (tool) {
    event.preventDefault();
    draft.push(at);
    hint("second");
    draw();
    if (draft.length < 2) return;
    if (Math.hypot(draft[1][0] - draft[0][0], draft[1][1] - draft[0][1]) < 0.5) {
      draft.pop();
      return;
    }
    const rows = [...changes(), placed(tool, draft.map((point) => toDegrees(svg, point)))];
    choose("");
    send(rows);
    return;
  }
  const group = event.target.closest(".plan-change[data-field]");
  if (!group?.dataset.field) return;
  event.preventDefault();
  event.stopPropagation();
  group.focus();
  svg.setPointerCapture(event.pointerId);
  drag = { group, start: at, end: event.target.dataset.end, by: [0, 0], id: event.pointerId };
}

function moved(event) {
  const svg = plan();
  if (!svg) return;
  const at = toMetres(svg, event);
  if (tool && draft.length) draw(at);
  if (!drag || event.pointerId !== drag.id) return;
  event.preventDefault();
  drag.by = [at[0] - drag.start[0], at[1] - drag.start[1]];
  if (drag.end === undefined) {
    drag.group.setAttribute("transform", `translate(${drag.by[0]} ${drag.by[1]})`);
  } else {
    const handles = [...drag.group.querySelectorAll(".plan-handle")];
    const held = handles.find((handle) => handle.dataset.end === drag.end);
    const other = handles.find((handle) => handle.dataset.end !== drag.end);
    draft = [[Number(other.getAttribute("cx")), Number(other.getAttribute("cy"))]];
    draw([
      Number(held.getAttribute("cx")) + drag.by[0],
      Number(held.getAttribute("cy")) + drag.by[1],
    ]);
    draft = [];
  }
}

function released(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const { group, by, end } = drag;
  drag = null;
  if (Math.hypot(...by) < 0.05) {
    draw();
    return;
  }
  change(group, by, end);
}

function change(group, by, end) {
  const rows = changes();
  const row = rows[Number(group.dataset.index)];
  if (!row) return;
  row[group.dataset.field] = moveLine(plan(), row[group.dataset.field], by, end);
  send(rows);
}

function keyed(event) {
  if (event.key === "Escape" && tool) {
    choose("");
    return;
  }
  if ((event.ctrlKey || event.metaKey) && !event.target.closest("input, textarea, select")) {
    const name = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (name && document.getElementById(name)) {
      event.preventDefault();
      document.getElementById(name).click();
    }
    return;
  }
  const group = event.target.closest?.(".plan-change[tabindex]");
  if (!group || !mayEdit()) return;
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    const rows = changes();
    rows.splice(Number(group.dataset.index), 1);
    send(rows);
    return;
  }
  const way = ARROWS[event.key];
  if (!way) return;
  event.preventDefault();
  const step = event.shiftKey ? LONG_STEP : STEP;
  group.dataset.x = Number(group.dataset.x || 0) + way[0] * step;
  group.dataset.y = Number(group.dataset.y || 0) + way[1] * step;
  group.setAttribute("transform", `translate(${group.dataset.x} ${group.dataset.y})`);
  clearTimeout(pending);
  pending = setTimeout(
    () => change(group, [Number(group.dataset.x), Number(group.dataset.y)]),
    350,
  );
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tool][aria-pressed]");
  if (button) choose(button.dataset.tool);
});
document.addEventListener("pointerdown", pressed, true);
document.addEventListener("pointermove", moved);
document.addEventListener("pointerup", released);
document.addEventListener("pointercancel", () => {
  drag = null;
  draw();
});
document.addEventListener("keydown", keyed);
watchView(() => !tool && !drag);
keepWork();
document.addEventListener("htmx:afterSettle", () => {
  tool = "";
  draft = [];
});
