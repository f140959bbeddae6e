// The walk: a page that keeps working without a network. This file starts it, holds what is open,
// and shows one screen at a time.
import { el, icon } from "./dom.js";
import { bringUpToDate, send } from "./sync.js";
import { bare, homeScreen } from "./screens/home.js";
import { takeScreen } from "./screens/take.js";
import { importScreen } from "./screens/import.js";
import { lockScreen } from "./screens/lock.js";
import { overviewScreen, questionsScreen } from "./screens/overview.js";
import { mapScreen, planScreen } from "./screens/map.js";
import { pointScreen } from "./screens/point.js";
import { questionScreen } from "./screens/question.js";
import { photoScreen } from "./screens/photo.js";
import { sendScreen } from "./screens/send.js";
import { exportScreen, leaveScreen } from "./screens/leave.js";
import { readWords, say } from "./words.js";

const IDLE_MS = 5 * 60_000;
const SEND_AFTER_MS = 2_000;
const OPEN_SCREENS = {
  "": overviewScreen,
  all: questionsScreen,
  map: mapScreen,
  plan: planScreen,
  point: pointScreen,
  q: questionScreen,
  photo: photoScreen,
  send: sendScreen,
  export: exportScreen,
  leave: leaveScreen,
};
/** What is left when nothing is shown any more. */
const LEFT = [sendScreen, exportScreen, leaveScreen];

const app = {
  copy: null,
  pin: "",
  lastTouch: Date.now(),
  why: "",
  go(to) {
    if (location.hash.slice(1) === to.slice(1)) show();
    else location.hash = to;
  },
  replace(to) {
    history.replaceState(null, "", `/walk/${to}`);
    show();
  },
  at(screen = "", arg = "") {
    return `#${app.copy.id}${screen && `/${screen}`}${arg !== "" ? `/${arg}` : ""}`;
  },
  /** Hold a copy open; nobody else may have it open at the same time. */
  take(copy, release) {
    app.copy = copy;
    app.release = release;
    app.why = "";
    copy.onchange = watchSaving;
    touch();
  },
  lock(why = "") {
    app.forget();
    app.why = why;
    show();
  },
  /** Drop the key and all that was read with it. */
  forget() {
    app.copy?.work.finally(app.release);
    app.copy = null;
  },
  tell,
  bars,
  show,
  sendSoon,
};

let root;
let live;
let leaving = () => {};
let sending;
let saving = 0;
let isSaved = false;
let battery = null;

function tell(sentence) {
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = sentence));
}

function touch() {
  app.lastTouch = Date.now();
}

function chip(name, text, drawing) {
  return el(`span.chip.chip-${name}`, {}, drawing && icon(drawing), el("span", {}, text));
}

/** Draw what stands above every screen: where one is, what waits, whether there is a network. */
function bars() {
  const head = root.querySelector(".bar-facts");
  if (!head) return;
  const waiting = app.copy?.waiting.length ?? 0;
  head.replaceChildren(
    ...[
      saving > 0 ? chip("saving", say("saving")) : isSaved && app.copy && chip("saved", say("saved"), "check"),
      !navigator.onLine && chip("offline", say("offline")),
      waiting > 0 && chip("waiting", say("waiting", { count: waiting })),
      battery && chip(battery.level <= 0.2 ? "low" : "battery", say("battery", { percent: Math.round(battery.level * 100) })),
    ].filter(Boolean),
  );
}

async function watchSaving(done) {
  saving += 1;
  bars();
  try {
    await done;
    root.querySelector(".unsaved").textContent = "";
    isSaved = true;
    if (saving === 1) tell(say("saved"));
    sendSoon();
  } catch {
    isSaved = false;
    root.querySelector(".unsaved").textContent = say("not_saved");
  }
  saving -= 1;
  bars();
}

/** Send by itself a little later, where there is a network; whoever is signed out is told on asking. */
function sendSoon() {
  clearTimeout(sending);
  if (!navigator.onLine || !app.copy) return;
  sending = setTimeout(sendNow, SEND_AFTER_MS, app.copy);
}

async function sendNow(copy) {
  if (app.copy !== copy || copy.row.state === "withdrawn") return;
  try {
    if (copy.waiting.length) await send(copy);
    // Once per opening it is asked whether the copy is still good.
    if (!copy.isChecked && copy.isShown && !copy.waiting.length) await bringUpToDate(copy);
    copy.isChecked = true;
  } catch (failure) {
    if (failure.status === 410) {
      await copy.drop("withdrawn");
      if (app.copy === copy) app.go(app.at("send"));
      return;
    }
  }
  if (copy.conflicts.size && app.copy === copy) tell(say("send_conflicts"));
  bars();
  document.dispatchEvent(new CustomEvent("walk:sent"));
}

async function screenFor(hash) {
  if (hash.startsWith("take=")) return takeScreen(app, hash.slice(5));
  if (hash === "import") return importScreen(app);
  const [id, name = "", ...args] = hash.split("/");
  if (!/^[0-9a-f-]{36}$/.test(id)) return homeScreen(app);
  if (app.copy?.id !== id) {
    app.forget();
    return lockScreen(app, id);
  }
  if (app.copy.isOver && app.copy.package) await app.copy.drop(app.copy.row.state ?? "over");
  const wanted = OPEN_SCREENS[name] ?? overviewScreen;
  if (!app.copy.isShown && !LEFT.includes(wanted)) return sendScreen(app);
  return wanted(app, ...args);
}

let shown = 0;

async function show() {
  const mine = (shown += 1);
  isSaved = false;
  leaving();
  leaving = () => {};
  let screen;
  try {
    screen = await screenFor(location.hash.slice(1));
  } catch (error) {
    console.error(error);
    screen = bare(say("home_title"), el("p.error", {}, say("error_storage")));
  }
  if (mine !== shown) {
    screen.leave?.();
    return;
  }
  leaving = screen.leave ?? leaving;
  draw(screen);
}

function draw({ title, body, foot = [], back, kind = "", focus }) {
  const heading = el("h1", { tabindex: "-1" }, title);
  const header = el(
    "header.bar",
    {},
    back !== undefined && el("a.bar-button", { href: back, "aria-label": say("back") }, icon("back")),
    el("p.bar-facts", { role: "group", "aria-label": say("state") }),
    app.copy &&
      el("button.bar-button", { type: "button", "aria-label": say("lock"), onclick: () => app.lock() }, icon("lock")),
  );
  root.replaceChildren(
    header,
    el(`main${kind && `.${kind}`}`, { id: "main" }, heading, el("p.unsaved", { role: "alert" }), ...body.filter(Boolean)),
    foot.length ? el("nav.foot", { "aria-label": say("goes_on") }, ...foot.filter(Boolean)) : "",
    live,
  );
  document.title = `${app.copy ? say("app_title") : title} · Parvis`;
  bars();
  scrollTo(0, 0);
  (focus ?? heading).focus({ preventScroll: true });
}

function watchIdle() {
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, touch, { capture: true, passive: true });
  const check = () => {
    if (app.copy && Date.now() - app.lastTouch > IDLE_MS) app.lock(say("unlock_idle"));
    else if (app.copy?.isOver && app.copy.package) show();
  };
  // What is being typed is saved before the page goes.
  const flush = () => {
    const at = document.activeElement;
    if (document.hidden && at?.matches("textarea, input[type=text]")) at.dispatchEvent(new Event("change"));
  };
  setInterval(check, 5_000);
  document.addEventListener("visibilitychange", flush);
  document.addEventListener("visibilitychange", check);
}

async function watchBattery() {
  battery = (await navigator.getBattery?.().catch(() => null)) ?? null;
  battery?.addEventListener("levelchange", bars);
  bars();
}

async function start() {
  root = document.getElementById("walk");
  live = el("p.visually-hidden", { role: "status" });
  readWords();
  addEventListener("hashchange", show);
  addEventListener("online", () => {
    bars();
    sendSoon();
  });
  addEventListener("offline", bars);
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    app.install = event;
    if (!location.hash) show();
  });
  watchIdle();
  watchBattery();
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(root.dataset.worker, { scope: "/walk/" }).catch(() => {});
  }
  await show();
}

start();
