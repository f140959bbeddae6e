// What waits, what became of it, and what others said differently meanwhile.
import { button, el, link, notice } from "../dom.js";
import * as store from "../store.js";
import { forgetRefusals, send } from "../sync.js";
import { place } from "./overview.js";
import { figure, moment, say } from "../words.js";

/** An answer in words. */
export function valueText(item, reply) {
  if (reply.state === "unknown") return `${say("cannot_see")} ${reply.note}`;
  if (reply.state === "not-applicable") return say("not_applicable");
  if (reply.state === "cleared") return say("answer_none");
  const names = new Map((item?.levels ?? item?.options ?? []).map((each) => [each.key, each.label]));
  const values = Array.isArray(reply.value) ? reply.value : [reply.value];
  return values.map((value) => names.get(value) ?? (typeof value === "number" ? figure(value, 6) : (value ?? ""))).join(", ");
}

function waitingList(app) {
  const { copy } = app;
  const { isShown } = copy;
  const name = (each) => {
    if (each.item) {
      const item = copy.item(each.item);
      if (!isShown || !item) return say("item_answer");
      const text = `${item.title}: ${valueText(item, each)}`;
      return each.ready ? text : el("a.inside", { href: app.at(place(copy, item)) }, text);
    }
    if (each.point) return isShown ? `${say("item_width")} ${each.point}: ${figure(each.width_m)} m` : say("item_width");
    return say("item_photo");
  };
  return el("ul.rows.plain-rows", {}, ...copy.waiting.map((each) =>
    el("li", {}, el("span.grow", {}, name(each), each.refused && el("span.error", {}, `${say("send_refused")}: ${each.refused}`)))));
}

function conflictNote(app, mark, { item: key, other, at }) {
  const { copy } = app;
  const item = copy.item(key);
  const mine = copy.replies.get(mark) ?? copy.replyTo(key);
  const person = other?.by ?? "–";
  copy.meet(mark);
  const box = notice("warn", item?.title ?? say("item_answer"),
    el("p", {}, say("conflict_text", { person, moment: moment(other?.answered ?? at) })),
    el("dl.versus", {},
      el("div", {}, el("dt", {}, say("conflict_yours")), el("dd", {}, mine ? valueText(item, mine) : "")),
      el("div", {}, el("dt", {}, say("conflict_theirs", { person })), el("dd", {}, other?.value_text || valueText(item, other ?? {}), other?.note && el("span.quiet", {}, ` ${other.note}`)))),
    button(say("conflict_seen"), async () => {
      await copy.seen(mark);
      box.remove();
    }, { drawing: "check" }));
  return box;
}

/** What stands above where a copy is over or was withdrawn. */
export function endedNotice(copy) {
  if (copy.row.state === "withdrawn") return notice("bad", say("withdrawn_title"), el("p", {}, copy.row.why || say("withdrawn_text")));
  if (copy.isOver) return notice("warn", say("over_title"), el("p", {}, say("over_text")));
  return null;
}

/** Why sending did not work, in words; a withdrawn copy stops being shown. */
export async function explain(copy, failure) {
  if (failure.status === 410) {
    await copy.drop("withdrawn");
    copy.row = await store.changeRow(copy.id, (was) => ({ ...was, why: failure.sentence }));
    return null;
  }
  if (failure.status === 401) return notice("warn", say("send_signed_out"), link(say("sign_in"), failure.signIn, { kind: "primary" }));
  if (failure.secondFactor) return notice("warn", failure.sentence, link(say("sign_in"), failure.secondFactor, { kind: "primary" }));
  if (failure.sentence) return notice("bad", failure.sentence);
  return notice("bad", say(navigator.onLine ? "send_failed" : "send_offline"));
}

export async function sendScreen(app) {
  const { copy } = app;
  const told = el("div.told", { role: "status" });
  const list = el("div.stack");

  function draw() {
    const waiting = copy.waiting.length;
    const ended = endedNotice(copy);
    list.replaceChildren(
      ...[
        ended,
        copy.isShown && copy.conflicts.size > 0 && el("h2", {}, say("send_conflicts")),
        ...(copy.isShown ? [...copy.conflicts].map(([mark, conflict]) => conflictNote(app, mark, conflict)) : []),
        waiting > 0 ? el("h2", {}, say("waiting_long", { count: waiting })) : el("p.strong", {}, say("nothing_waits")),
        copy.incomplete.length > 0 && el("p.error", {}, say("send_incomplete", { count: copy.incomplete.length })),
        waiting > 0 && waitingList(app),
        el("div.buttons", {},
          waiting > 0 && link(say("leave_export"), app.at("export"), { drawing: "export" }),
          !copy.isShown && link(say("overview_leave"), app.at("leave"), { drawing: "leave" })),
      ].filter(Boolean),
    );
    app.bars();
  }

  async function start() {
    if (!navigator.onLine) {
      told.replaceChildren(notice("info", say("send_offline")));
      return;
    }
    told.replaceChildren(el("p", {}, say("send_working")));
    go.disabled = true;
    forgetRefusals(copy);
    try {
      await send(copy);
      told.replaceChildren(copy.waiting.length ? "" : notice("good", say("send_done")));
    } catch (failure) {
      const why = failure.status === undefined ? notice("bad", say("error_unknown")) : await explain(copy, failure);
      told.replaceChildren(why ?? "");
    }
    go.disabled = false;
    draw();
  }

  const go = button(say("send_button"), start, { kind: "primary", drawing: "send" });
  const redraw = () => draw();
  document.addEventListener("walk:sent", redraw);
  draw();
  return {
    title: say("send_title"),
    back: copy.isShown ? app.at() : "#",
    body: [told, list],
    foot: [copy.isShown && link(say("overview"), app.at(), { drawing: "overview" }), go],
    leave: () => document.removeEventListener("walk:sent", redraw),
  };
}
