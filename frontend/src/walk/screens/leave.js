// Handing back: send or export what waits, only then is the key destroyed.
import { button, el, link, notice } from "../dom.js";
import * as keys from "../keys.js";
import * as store from "../store.js";
import { exportFile } from "../export.js";
import { end } from "../sync.js";
import { endedNotice } from "./send.js";
import { secretFields } from "./take.js";
import { say } from "../words.js";

export async function leaveScreen(app) {
  const { copy } = app;
  const waiting = copy.waiting.length;
  const isExported = copy.parts.exported === waiting && waiting > 0;
  const remove = async () => {
    await copy.work;
    // What was exported is still to come: the server keeps the copy open for it.
    const isTold = waiting === 0 && (await end(copy).then(() => true, () => false));
    await store.removeCopy(copy.id);
    app.forget();
    app.go("#");
    app.tell(say(isTold || waiting ? "leave_done" : "leave_offline"));
  };
  const confirm = el("input", { type: "checkbox", id: "exported" });
  const removal = button(say("leave_button"), remove, { kind: "danger", drawing: "trash", disabled: waiting > 0 });
  confirm.addEventListener("change", () => (removal.disabled = !confirm.checked));
  return {
    title: say("leave_title"),
    back: copy.isShown ? app.at() : "#",
    body: [
      endedNotice(copy),
      el("p", {}, say("leave_text")),
      waiting > 0 && notice("warn", say("leave_waiting", { count: waiting }), el("p", {}, say("leave_waiting_text")),
        el("div.buttons", {},
          link(say("overview_send"), app.at("send"), { kind: "primary", drawing: "send" }),
          link(say("leave_export"), app.at("export"), { drawing: "export" }))),
      isExported && el("p", {}, say("leave_exported")),
      isExported && el("label.choice.confirm", { for: "exported" }, confirm, el("span.choice-mark", {}, "✓"), el("span.choice-text", {}, say("leave_confirm"))),
    ],
    foot: [link(say(copy.isShown ? "overview" : "back"), copy.isShown ? app.at() : "#", { drawing: "back" }), removal],
  };
}

export async function exportScreen(app) {
  const { copy } = app;
  const secret = secretFields({
    label: say("export_password"), hint: say("export_password_hint"), again: say("export_again"),
    least: keys.LEAST_PASSWORD, short: say("password_short"), differs: say("password_differs"), isPin: false,
  });
  const told = el("div", { role: "status" });
  const save = async (event) => {
    event.preventDefault();
    const password = secret.read();
    if (!password) return;
    const file = await exportFile(copy, password);
    const address = URL.createObjectURL(file.blob);
    el("a", { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    copy.parts.exported = copy.waiting.length;
    told.replaceChildren(notice("good", say("leave_exported"),
      el("div.buttons", {}, link(say("overview_leave"), app.at("leave"), { drawing: "leave" }))));
  };
  return {
    title: say("export_title"),
    back: app.at("send"),
    body: [
      el("p", {}, say("export_text")),
      told,
      el("form", { novalidate: true, onsubmit: save }, ...secret.fields,
        el("div.buttons", {}, el("button.big.big-primary", { type: "submit" }, say("export_button")))),
    ],
  };
}
