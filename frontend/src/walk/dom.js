// Elements from calls: el("p.quiet", { hidden: true }, "text", el("b", {}, "more")).
const SVG = "http://www.w3.org/2000/svg";

// Strokes on a 24 × 24 grid, as the application's icons.
const ICONS = {
  back: "M19 12H5M11 6l-6 6 6 6",
  next: "M5 12h14M13 6l6 6-6 6",
  lock: "M5 11h14v10H5ZM8 11V7a4 4 0 0 1 8 0v4M12 15v2",
  camera: "M4 8h4l2-3h4l2 3h4v11H4ZM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z",
  send: "M12 16V5M7 10l5-5 5 5M4 20h16",
  map: "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2ZM9 4v14M15 6v14",
  image: "M4 5h16v14H4ZM4 16l5-5 4 4 3-3 4 4M15.5 8.5h.01",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  check: "m5 12 5 5L20 7",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  target: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 2v5M12 17v5M2 12h5M17 12h5",
  refresh: "M20 11a8 8 0 0 0-14-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14 4l2-2M20 20v-5h-5",
  export: "M12 4v11M7 10l5 5 5-5M4 20h16",
  leave: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  key: "M8 10a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 11l9-7M17 6l3 3M14 8.5l2 2",
  alert: "M12 3 22 20H2L12 3ZM12 10v4M12 17h.01",
  undo: "M4 9h11a5 5 0 0 1 0 10h-4M8 5 4 9l4 4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  ruler: "M3 16 16 3l5 5L8 21ZM7 12l2 2M10 9l3 3M13 6l2 2",
  erase: "M9 20h11M5 15 15 5l5 5-9 9H8l-3-3ZM10 10l5 5",
  overview: "M4 4h7v7H4ZM13 4h7v7h-7ZM4 13h7v7H4ZM13 13h7v7h-7Z",
};

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

export function el(what, facts = {}, ...inside) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((part) => part !== null && part !== undefined && part !== false));
  return made;
}

/** A large button; `kind` is primary, danger, quiet or nothing. */
export function button(label, onclick, { kind = "", drawing = "", ...facts } = {}) {
  return el(
    `button.big${kind ? `.big-${kind}` : ""}`,
    { type: "button", onclick, ...facts },
    drawing && icon(drawing),
    el("span", {}, label),
  );
}

export function link(label, href, { kind = "", drawing = "", ...facts } = {}) {
  return el(`a.big${kind ? `.big-${kind}` : ""}`, { href, ...facts }, drawing && icon(drawing), el("span", {}, label));
}

let count = 0;

/** A labelled field: label, hint, error place, control. */
export function field(label, control, hint = "") {
  control.id ||= `f${(count += 1)}`;
  const error = el("p.error", { id: `${control.id}-error`, role: "alert" });
  const told = [hint && `${control.id}-hint`, error.id].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", told);
  const box = el(
    "div.field",
    {},
    el("label", { for: control.id }, label),
    hint && el("p.hint", { id: `${control.id}-hint` }, hint),
    error,
    control,
  );
  box.refuse = (sentence) => {
    error.textContent = sentence;
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (sentence) control.focus();
    return false;
  };
  return box;
}

export function notice(kind, title, ...inside) {
  return el(`div.notice.notice-${kind}`, {}, el("p.notice-title", {}, title), ...inside);
}
