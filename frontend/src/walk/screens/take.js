// Taking a copy along: name of the device, the lock, then fetch, encrypt, keep.
import { button, el, field, link, notice } from "../dom.js";
import * as keys from "../keys.js";
import { Copy, keepPackage } from "../copy.js";
import { csrf, post } from "../net.js";
import { holdAlone } from "./lock.js";
import { bare } from "./home.js";
import { say } from "../words.js";

const ADDRESS = /^\/a\/[\w-]+\/assessments\/[0-9a-f-]{36}\/walk\/$/;

/** Two fields for a new secret; `read` returns it, or null after saying what is wrong. */
export function secretFields({ label, hint, again, least, short, differs, isPin }) {
  const facts = { type: "password", autocomplete: "new-password", maxlength: "64", required: true };
  const first = field(label, el("input", facts), hint);
  const second = field(again, el("input", facts));
  const read = () => {
    const [one, two] = [first, second].map((box) => box.querySelector("input").value);
    first.refuse("");
    second.refuse("");
    if ([...one].length < least) first.refuse(short);
    else if (isPin && keys.isSimple(one)) first.refuse(say("pin_simple"));
    else if (one !== two) second.refuse(differs);
    else return one;
    return null;
  };
  return { fields: [first, second], read };
}

export async function takeScreen(app, address) {
  if (!globalThis.isSecureContext) return bare(say("take_title"), notice("bad", say("home_needs_https")));
  if (!ADDRESS.test(address)) return bare(say("take_title"), notice("bad", say("error_unknown")));
  const device = field(say("take_device"), el("input", { type: "text", maxlength: "60", autocomplete: "off", required: true }), say("take_device_hint"));
  const secret = secretFields({
    label: say("take_pin"), hint: say("take_pin_hint"), again: say("take_pin_again"),
    least: keys.LEAST_PIN, short: say("pin_short"), differs: say("pin_differs"), isPin: true,
  });
  const told = el("div", { role: "alert" });
  const hasPasskeys = await keys.hasPasskeys();

  async function take(lockWith) {
    const name = device.querySelector("input").value.trim();
    device.refuse("");
    if (!name) return device.refuse(say("device_missing"));
    const makeLock = lockWith(name);
    if (!makeLock) return false;
    told.replaceChildren(el("p", {}, say("take_working")));
    form.inert = true;
    try {
      await fetched(app, address, name, makeLock);
    } catch (failure) {
      told.replaceChildren(...why(failure));
    }
    form.inert = false;
    return true;
  }

  const byPin = () =>
    take(() => {
      const pin = secret.read();
      return pin && ((key, copy) => keys.wrapBySecret("pin", pin, key, copy));
    });
  const byPasskey = () => take((name) => (key, copy) => keys.wrapByPasskey(name, key, copy));
  const form = el(
    "form",
    { novalidate: true, onsubmit: (event) => { event.preventDefault(); byPin(); } },
    device,
    ...secret.fields,
    el("div.buttons", {},
      el("button.big.big-primary", { type: "submit" }, say("take_button")),
      hasPasskeys && el("p.or", {}, say("take_or")),
      hasPasskeys && button(say("take_passkey"), byPasskey, { drawing: "key" })),
  );
  return { ...bare(say("take_title"), el("p", {}, say("take_lede")), told, form), back: "#" };
}

// The lock is made before anything is fetched: where it cannot be made, no copy is out.
async function fetched(app, address, device, makeLock) {
  await navigator.storage?.persist?.().catch(() => false);
  const token = await csrf();
  const key = await keys.newKey();
  const mark = crypto.randomUUID();
  const lock = await makeLock(key, mark);
  if (!lock) throw new Error("passkey");
  const content = await post(`${address}take/`, token, { device, mark });
  const row = await keepPackage(content, key, lock);
  const release = await holdAlone(row.id);
  const copy = await Copy.open(row, key);
  copy.isChecked = true;
  app.take(copy, release);
  app.tell(say("take_done"));
  app.replace(`#${row.id}`);
}

function why(failure) {
  if (failure.status === 401) {
    return [notice("warn", say("take_signed_out"), link(say("sign_in"), failure.signIn, { kind: "primary" }))];
  }
  if (failure.secondFactor) {
    return [notice("warn", failure.sentence, link(say("sign_in"), failure.secondFactor, { kind: "primary" }))];
  }
  if (failure.sentence) return [notice("bad", failure.sentence)];
  if (failure.message === "passkey") return [notice("bad", say("passkey_unsupported"))];
  if (failure.name === "NotAllowedError") return [notice("bad", say("passkey_failed"))];
  if (failure.isSilent) return [notice("bad", say("take_failed"))];
  console.error(failure);
  return [notice("bad", say("error_storage"))];
}
