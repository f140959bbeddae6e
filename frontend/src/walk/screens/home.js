// Which copies are on this device?
import { button, el, link, notice } from "../dom.js";
import * as store from "../store.js";
import { day, say } from "../words.js";

/** A screen without an open copy. */
export function bare(title, ...body) {
  return { title, body, kind: "plain" };
}

function card(app, row) {
  const isOver = Date.parse(row.expires) < Date.now();
  const name =
    row.state === "destroyed" ? say("home_destroyed")
    : row.state === "withdrawn" ? say("home_withdrawn")
    : isOver ? say("home_ended")
    : say("home_copy", { day: day(row.expires) });
  return el(
    "li.card",
    {},
    el("p.card-name", {}, name),
    row.waiting > 0 && el("p.card-waiting", {}, say("waiting_long", { count: row.waiting })),
    row.lost > 0 && el("p.error", {}, say("destroyed_lost", { count: row.lost })),
    link(say("home_open"), `#${row.id}`, { kind: row.state === "destroyed" ? "" : "primary", "aria-label": `${say("home_open")}: ${name}` }),
  );
}

export async function homeScreen(app) {
  if (!globalThis.isSecureContext) return bare(say("home_title"), notice("bad", say("home_needs_https")));
  const rows = await store.copies();
  for (const row of rows) {
    if (Date.parse(row.expires) < Date.now() && !row.state) await store.dropContent(row.id, "over");
  }
  return bare(
    say("home_title"),
    rows.length
      ? el("ul.cards", { "aria-label": say("home_copies") }, ...rows.map((row) => card(app, row)))
      : el("p", {}, say("home_none")),
    el(
      "div.buttons",
      {},
      app.install &&
        button(say("home_install"), () => {
          app.install.prompt();
          app.install = null;
        }),
      link(say("home_application"), "/"),
      link(say("home_import"), "#import", { kind: "quiet", drawing: "export" }),
    ),
  );
}
