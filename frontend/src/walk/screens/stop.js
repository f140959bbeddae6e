// What every stop of the walk has at its foot: back and next.
import { link } from "../dom.js";
import { say } from "../words.js";
import { stops } from "./overview.js";

/** Links to the stop before and after; `all` where other questions than the core set are meant. */
export function footOf(app, at, all = stops(app.copy)) {
  const here = all.findIndex((stop) => stop.at === at);
  const before = all[here - 1];
  const after = all[here + 1];
  return [
    before ? link(say("back"), app.at(before.at), { drawing: "back" }) : link(say("overview"), app.at(), { drawing: "overview" }),
    after
      ? link(say("next"), app.at(after.at), { kind: "primary", drawing: "next" })
      : link(say("overview"), app.at(), { kind: "primary", drawing: "overview" }),
  ];
}
