// One access point: what is on record, and the width as the tape shows it.
import { button, el, field, link } from "../dom.js";
import { mapPicture } from "./map.js";
import { photoList } from "./photo.js";
import { footOf } from "./stop.js";
import { figure, moment, say } from "../words.js";

const LEAST_M = 0.1;
const MOST_M = 50;

export function numberOf(text) {
  const plain = text.trim().replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

export async function pointScreen(app, id) {
  const { copy } = app;
  const point = copy.package.points.find((each) => each.id === id);
  const at = `point/${id}`;
  copy.remember({ last: at });
  const photos = copy.parts.state.tapes?.[id] ?? [];
  const drawn = copy.package.map && mapPicture(app, point);
  const before = copy.widthAt(id);
  const width = field(
    say("width_label"),
    el("input.figure", { type: "text", inputmode: "decimal", autocomplete: "off", maxlength: "8" }),
    say("width_hint"),
  );
  width.querySelector("input").after(el("span.unit", {}, say("width_unit")));
  const input = width.querySelector("input");
  const drafts = () => copy.parts.state.drafts ?? {};
  input.value = drafts()[id] ?? "";
  input.addEventListener("input", () => copy.remember({ drafts: { ...drafts(), [id]: input.value } }));
  const note = field(say("width_note"), el("textarea", { rows: "2", maxlength: "1000", autocomplete: "off" }));
  const keep = async () => {
    const metres = numberOf(input.value);
    if (metres === null || metres < LEAST_M || metres > MOST_M) return width.refuse(say("width_bad"));
    await copy.addWidth({
      point: id, width_m: metres, note: note.querySelector("textarea").value.trim(), photo: photos.at(-1) ?? null,
    });
    copy.remember({ tapes: { ...copy.parts.state.tapes, [id]: [] }, drafts: { ...drafts(), [id]: "" } });
    app.tell(say("width_kept"));
    return app.show();
  };
  return {
    title: say("point_title", { number: point.number }),
    back: app.at("map"),
    kind: "with-side",
    body: [
      el("div.main-part", {},
      point.name && el("p.lede", {}, point.name),
      el("ul.facts-list", {},
        el("li", {}, point.width_m === null ? say("point_width_none") : say("point_width_now", { width: figure(point.width_m) })),
        point.grade && el("li", {}, say("point_grade", { grade: point.grade })),
        ...point.facts.map((fact) => el("li", {}, fact)),
        before && el("li.strong", {}, `${say("point_measured", { width: figure(before.width_m) })} · ${moment(before.measured)}`, before.refused && el("span.error", {}, ` ${before.refused}`))),
      width,
      photoList(app, photos),
      el("div.buttons", {}, link(say("width_photo"), app.at("photo", `point/${id}`), { drawing: "camera" })),
      note,
      el("div.buttons", {}, button(say("width_save"), keep, { kind: "primary", drawing: "ruler" }))),
      drawn && el("div.side", {}, drawn.frame, drawn.found, drawn.tools),
    ],
    foot: footOf(app, at),
    leave: drawn?.leave,
  };
}
