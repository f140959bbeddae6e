// Map and plan: pictures that came along, enlarged by buttons; the map also shows where one stands.
import { button, el, link, notice } from "../dom.js";
import { stops } from "./overview.js";
import { say } from "../words.js";

const STEPS = [1, 1.6, 2.5, 4];

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

/** A picture with buttons that enlarge it; `marks` lie on it, in parts of its width and height. */
function enlargeable(blob, alt, { width, height }, marks = [], more = []) {
  const address = URL.createObjectURL(blob);
  const picture = el("img", { src: address, alt });
  const sheet = el("div.sheet", {}, picture, ...marks);
  sheet.style.setProperty("aspect-ratio", `${width} / ${height}`);
  const frame = el("div.frame", { tabindex: "0", role: "group", "aria-label": alt }, sheet);
  let step = 0;
  const resize = (change) => {
    const middle = [frame.scrollLeft + frame.clientWidth / 2, frame.scrollTop + frame.clientHeight / 2];
    const before = STEPS[step];
    step = Math.min(STEPS.length - 1, Math.max(0, step + change));
    sheet.style.setProperty("inline-size", `${STEPS[step] * 100}%`);
    const factor = STEPS[step] / before;
    frame.scrollTo(middle[0] * factor - frame.clientWidth / 2, middle[1] * factor - frame.clientHeight / 2);
  };
  const tools = el("div.tools", {},
    button(say("map_larger"), () => resize(1), { drawing: "plus" }),
    button(say("map_smaller"), () => resize(-1), { drawing: "minus" }),
    ...more);
  return { frame, tools, sheet, leave: () => URL.revokeObjectURL(address) };
}

/** Put a mark onto a sheet; x and y in parts of it. */
function put(mark, x, y) {
  mark.style.setProperty("inset-inline-start", `${x * 100}%`);
  mark.style.setProperty("inset-block-start", `${y * 100}%`);
  return mark;
}

/** The map with a ring around one point, or with none. */
export function mapPicture(app, ring) {
  const { map } = app.copy.package;
  const found = el("p", { role: "status" });
  const here = el("span.here", { hidden: true, role: "img", "aria-label": say("map_you") });
  const marks = [here];
  if (ring && ring.x !== null) marks.push(put(el("span.ring"), ring.x / map.width, ring.y / map.height));
  const find = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords: { longitude, latitude } }) => {
        const { a, b, c, d, e, f } = map.affine;
        const x = (a * longitude + b * latitude + c) / map.width;
        const y = (d * longitude + e * latitude + f) / map.height;
        const isInside = x >= 0 && x <= 1 && y >= 0 && y <= 1;
        here.hidden = !isInside;
        put(here, x, y);
        found.textContent = isInside ? say("map_you") : say("map_outside");
      },
      () => (found.textContent = say("map_no_position")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 5_000 },
    );
  const shown = enlargeable(
    new Blob([map.svg], { type: "image/svg+xml" }), say("map_alt"), map, marks,
    navigator.geolocation ? [button(say("map_here"), find, { drawing: "target" })] : [],
  );
  return { ...shown, found };
}

export async function mapScreen(app) {
  const { map, points } = app.copy.package;
  const drawn = map && mapPicture(app);
  const after = stops(app.copy)[1];
  app.copy.remember({ last: "map" });
  return {
    title: say("map_title"),
    back: app.at(),
    body: [
      drawn?.frame,
      drawn && el("p.small", {}, map.attribution),
      drawn?.found,
      drawn?.tools,
      el("h2", {}, say("points_title")),
      points.length
        ? el("ul.rows", {}, ...points.map((point) =>
            el("li", {}, el("a.row", { href: app.at("point", point.id) },
              el("span.number", {}, String(point.number)),
              el("span.grow", {}, point.name || say("point_title", { number: point.number }))))))
        : el("p", {}, say("points_none")),
    ],
    foot: [
      link(say("overview"), app.at(), { drawing: "overview" }),
      after && link(say("next"), app.at(after.at), { kind: "primary", drawing: "next" }),
    ],
    leave: drawn?.leave,
  };
}

export async function planScreen(app) {
  const { plan } = app.copy.package;
  if (!plan) return { title: say("overview_plan"), back: app.at(), body: [notice("info", say("points_none"))] };
  const drawn = enlargeable(new Blob([bytesOf(plan.data)], { type: plan.media_type }), say("plan_alt"), plan);
  return {
    title: say("overview_plan"),
    back: app.at(),
    body: [drawn.frame, drawn.tools],
    foot: [link(say("overview"), app.at(), { drawing: "overview" })],
    leave: drawn.leave,
  };
}
