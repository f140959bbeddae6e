// Making elements, and the few icons of the map's own buttons.
const PATHS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  layers: "m12 3 9 5-9 5-9-5ZM3 12l9 5 9-5M3 16l9 5 9-5",
  undo: "M4 9h11a5 5 0 0 1 0 10h-4M8 5 4 9l4 4",
  redo: "M20 9H9a5 5 0 0 0 0 10h4M16 5l4 4-4 4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  check: "m5 12 5 5L20 7",
};

export function drawing(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}

export function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function button(label, name, action, isLabelled = false) {
  const made = element("button", isLabelled ? "map-button map-button-text" : "map-button");
  made.type = "button";
  if (name) made.append(drawing(name));
  if (isLabelled) {
    made.append(label);
  } else {
    made.ariaLabel = label;
    made.title = label;
  }
  made.addEventListener("click", action);
  return made;
}
