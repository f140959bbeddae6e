// Zooming and panning the plan: wheel, two fingers, buttons, dragging the ground. Kept over swaps.
const LEAST = 15;
let kept = null;
let pan = null;
const fingers = new Map();

const plan = () => document.getElementById("plan");
const whole = (svg) => (svg.dataset.whole ??= svg.getAttribute("viewBox")).split(" ").map(Number);
const box = (svg) => svg.getAttribute("viewBox").split(" ").map(Number);

function show(svg, [x, y, width, height]) {
  const [, , most] = whole(svg);
  if (width > most * 1.5 || width < LEAST) return;
  kept = [x, y, width, height];
  svg.setAttribute("viewBox", kept.map((value) => value.toFixed(2)).join(" "));
}

function zoom(svg, factor, at) {
  const [x, y, width, height] = box(svg);
  const [cx, cy] = at ?? [x + width / 2, y + height / 2];
  show(svg, [cx - (cx - x) * factor, cy - (cy - y) * factor, width * factor, height * factor]);
}

function place(svg, event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  const found = point.matrixTransform(svg.getScreenCTM().inverse());
  return [found.x, found.y];
}

export function watchView(isFree) {
  document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-zoom]")?.dataset.zoom;
    const svg = plan();
    if (!way || !svg) return;
    if (way === "all") {
      whole(svg);
      kept = null;
      svg.setAttribute("viewBox", svg.dataset.whole);
    } else zoom(svg, way === "in" ? 0.7 : 1 / 0.7);
  });
  document.addEventListener(
    "wheel",
    (event) => {
      const svg = plan();
      if (!svg?.contains(event.target) || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      zoom(svg, event.deltaY > 0 ? 1.15 : 1 / 1.15, place(svg, event));
    },
    { passive: false },
  );
  document.addEventListener("pointerdown", (event) => {
    const svg = plan();
    if (!svg?.contains(event.target) || !isFree()) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    pan = { at: place(svg, event), id: event.pointerId };
  });
  document.addEventListener("pointermove", (event) => {
    const svg = plan();
    if (!svg || !fingers.has(event.pointerId) || !isFree()) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 2) {
      const after = [...fingers.values()];
      const span = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
      zoom(svg, span(before) / Math.max(span(after), 1), place(svg, event));
    } else if (pan && pan.id === event.pointerId) {
      const [x, y, width, height] = box(svg);
      const now = place(svg, event);
      show(svg, [x + pan.at[0] - now[0], y + pan.at[1] - now[1], width, height]);
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, (event) => {
      fingers.delete(event.pointerId);
      pan = null;
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    const svg = plan();
    if (svg && kept) {
      whole(svg);
      svg.setAttribute("viewBox", kept.join(" "));
    }
  });
}
