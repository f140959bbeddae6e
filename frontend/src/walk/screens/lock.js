// Opening a copy by PIN, password or passkey; ten wrong tries destroy its key.
import { button, el, field, icon, notice } from "../dom.js";
import * as keys from "../keys.js";
import * as store from "../store.js";
import { Copy } from "../copy.js";
import { bare } from "./home.js";
import { say } from "../words.js";

/** A tab that is being closed gives a copy free within this time. */
const PATIENCE_MS = 1500;

/** Hold a copy for this tab alone; null where another one has it, else what gives it free. */
export function holdAlone(id) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    navigator.locks
      .request(`parvis-walk-${id}`, { signal }, () => new Promise((release) => resolve(release)))
      .catch(() => resolve(null));
  });
}

async function destroyedScreen(row) {
  return bare(
    say("destroyed_title"),
    notice("bad", say("destroyed_text"),
      row.lost > 0 && el("p", {}, say("destroyed_lost", { count: row.lost })),
      el("p", {}, say("destroyed_next"))),
    el("div.buttons", {},
      button(say("destroyed_clear"), async () => {
        await store.removeCopy(row.id);
        location.hash = "#";
      }, { kind: "primary", drawing: "trash" })),
  );
}

export async function lockScreen(app, id) {
  const row = await store.copyRow(id);
  if (!row) return { ...bare(say("home_title"), el("p", {}, say("home_none"))), back: "#" };
  if (row.state === "destroyed" || !row.lock) return { ...(await destroyedScreen(row)), back: "#" };
  const release = await holdAlone(id);
  if (!release) return { ...bare(say("unlock_title"), notice("warn", say("open_elsewhere"))), back: "#" };

  let isOpen = false;
  const told = el("p.lock-told", { role: "alert" }, triesLeft(row.tries ?? 0) || app.why);
  app.why = "";

  async function opened(key) {
    if (!key) return;
    await store.clearTries(id);
    isOpen = true;
    app.take(await Copy.open(await store.copyRow(id), key), release);
    app.show();
    app.sendSoon();
  }

  const byPasskey = async () => {
    const key = await keys.openByPasskey(row.lock, id).catch(() => null);
    if (key) await opened(key);
    else told.textContent = say("passkey_failed");
  };

  let isBusy = false;
  async function bySecret(input) {
    if (isBusy || !input.value) return;
    isBusy = true;
    told.textContent = say("unlock_working");
    const left = await store.countTry(id);
    const key = left === null || left < 0 ? null : await keys.openBySecret(row.lock, input.value, id);
    input.value = "";
    isBusy = false;
    if (key) return opened(key);
    if (left === null || left <= 0) {
      await store.destroyKey(id);
      return app.show();
    }
    told.textContent = triesLeft(keys.MOST_TRIES - left);
    input.focus();
  }

  const leave = () => isOpen || release();
  const way = row.lock.kind === "passkey" ? null : secretForm(row.lock.kind, bySecret);
  return {
    title: say("unlock_title"),
    kind: "plain.lock",
    back: "#",
    leave,
    focus: way?.querySelector("input"),
    body: [
      told,
      way,
      row.lock.kind === "passkey" &&
        el("div.buttons", {}, button(say("unlock_passkey"), byPasskey, { kind: "primary", drawing: "key" })),
    ],
  };
}

function triesLeft(tries) {
  const count = keys.MOST_TRIES - tries;
  if (tries === 0) return "";
  return count === 1 ? say("unlock_last") : say("unlock_wrong", { count });
}

// Own keys for gloves; the device's keyboard comes for letters only.
function secretForm(kind, open) {
  const isPin = kind === "pin";
  const input = el("input.pin", {
    type: "password", autocomplete: "off", maxlength: "64", inputmode: isPin ? "none" : "text",
  });
  const press = (sign) => {
    input.value = sign === "delete" ? input.value.slice(0, -1) : input.value + sign;
  };
  const keypad = el(
    "div.keypad",
    { role: "group", "aria-label": say("keypad_digits") },
    ..."123456789".split("").map((digit) => el("button.key", { type: "button", onclick: () => press(digit) }, digit)),
    el("button.key.key-word", { type: "button", onclick: letters }, say("keypad_letters")),
    el("button.key", { type: "button", onclick: () => press("0") }, "0"),
    el("button.key", { type: "button", "aria-label": say("keypad_delete"), onclick: () => press("delete") }, icon("back")),
  );
  function letters() {
    input.inputMode = "text";
    keypad.hidden = true;
    input.focus();
  }
  return el(
    "form.unlock",
    { novalidate: true, onsubmit: (event) => { event.preventDefault(); open(input); } },
    field(say(isPin ? "unlock_pin" : "unlock_password"), input),
    isPin && keypad,
    el("button.big.big-primary", { type: "submit" }, say("unlock_button")),
  );
}
