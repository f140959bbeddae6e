// Where one is: how much is answered, and the ways on.
import { button, el, icon, link } from "../dom.js";
import { bringUpToDate } from "../sync.js";
import { moment, say } from "../words.js";

/** The stops of the walk in their order: map, points, core questions. */
export function stops(copy) {
  const { map, points } = copy.package;
  return [
    ...(map || points.length ? [{ kind: "map", at: "map" }] : []),
    ...points.map((point) => ({ kind: "point", at: `point/${point.id}` })),
    ...copy.asked(true).map((item) => ({ kind: "q", at: place(copy, item), item })),
  ];
}

export const place = (copy, item) => `q/${copy.items.indexOf(item)}`;

function nextStop(copy) {
  const all = stops(copy);
  const { last } = copy.parts.state;
  const at = all.findIndex((stop) => stop.at === last);
  if (at >= 0 && all[at].item && copy.isAnswered(all[at].item)) {
    return all.slice(at).find((stop) => stop.item && !copy.isAnswered(stop.item)) ?? all[at];
  }
  return all[at] ?? all[0];
}

function tile(label, href, drawing, count = "") {
  return el("li", {}, el("a.tile", { href }, icon(drawing), el("span", {}, label), count && el("span.tile-count", {}, count)));
}

export async function overviewScreen(app) {
  const { copy } = app;
  const { assessment, map, points, plan } = copy.package;
  const core = copy.asked(true);
  const done = core.filter((item) => copy.isAnswered(item)).length;
  const more = copy.asked(false);
  const next = nextStop(copy);
  const progress = say("overview_progress", { done, total: core.length });
  const waiting = copy.waiting.length;
  const refresh = async () => {
    try {
      await bringUpToDate(copy);
      app.tell(say("fresh_done"));
      app.show();
    } catch (failure) {
      app.tell(failure.sentence || say("send_offline"));
    }
  };
  return {
    title: assessment.subject,
    back: "#",
    body: [
      el("p.lede", {}, assessment.framework.title),
      el("p.facts", {}, el("span.marking", {}, `TLP:${assessment.marking}`), el("span", {}, say("until", { moment: moment(copy.row.expires) }))),
      el("div.progress", {},
        el("p", { id: "progress" }, progress),
        el("progress", { "aria-labelledby": "progress", max: String(core.length || 1), value: String(done) })),
      el("ul.tiles", {},
        (map || points.length > 0) && tile(say("overview_map"), app.at("map"), "map", points.length ? String(points.length) : ""),
        plan && tile(say("overview_plan"), app.at("plan"), "image"),
        tile(say("overview_questions"), app.at("all"), "list", `${done}/${core.length}`),
        more.length > 0 && tile(say("overview_more"), app.at("all", "more"), "plus", String(more.length)),
        tile(say("overview_send"), app.at("send"), "send", waiting ? String(waiting) : ""),
        tile(say("overview_leave"), app.at("leave"), "leave")),
      navigator.onLine && el("div.buttons", {}, button(say("overview_fresh"), refresh, { kind: "quiet", drawing: "refresh" })),
    ],
    foot: next && [
      link(say(copy.parts.state.last ? "overview_go_on" : "overview_begin"), app.at(next.at), { kind: "primary", drawing: "next" }),
    ],
  };
}

export async function questionsScreen(app, which = "") {
  const { copy } = app;
  const items = copy.asked(which !== "more");
  const titles = new Map(copy.package.sections.map((section) => [section.key, section.title]));
  const groups = Map.groupBy
    ? Map.groupBy(items, (item) => item.section)
    : items.reduce((all, item) => all.set(item.section, [...(all.get(item.section) ?? []), item]), new Map());
  const list = [...groups].flatMap(([section, inside]) => [
    el("h2", {}, titles.get(section) ?? ""),
    el("ul.rows", {}, ...inside.map((item) => {
      const isDone = copy.isAnswered(item);
      return el("li", {},
        el(`a.row${isDone ? ".is-done" : ""}`, { href: app.at(place(copy, item)) },
          el("span.row-mark", {}, isDone ? icon("check") : ""),
          el("span.grow", {}, item.block && el("span.quiet", {}, `${item.block.title}: `), item.title),
          el("span.visually-hidden", {}, isDone ? "" : say("answer_none"))));
    })),
  ]);
  return { title: say(which === "more" ? "overview_more" : "overview_questions"), back: app.at(), body: list };
}
