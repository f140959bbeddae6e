// What every page runs: htmx and small behaviours. Pages that are forms work without any of it.
import htmx from "htmx.org";
import { watchAssessments } from "./assessments.js";
import { watchDialogs } from "./dialogs.js";
import { watchMenus } from "./menus.js";
import { watchTables } from "./tables.js";
import { showCurrentTabs } from "./tabs.js";
import { watchTheme } from "./theme.js";
import { addToast, watchToasts } from "./toasts.js";
import { watchForms } from "./forms.js";
import { watchSignOut } from "./signout.js";

window.htmx = htmx;
document.documentElement.dataset.scripted = "";

watchAssessments();
watchDialogs();
watchForms();
watchMenus();
watchSignOut();
showCurrentTabs();
watchTables();
watchTheme();
watchToasts();

document.addEventListener("htmx:responseError", (event) => {
  const heading = event.detail.xhr.getResponseHeader("X-Parvis-Sentence");
  addToast(heading ? decodeURIComponent(heading) : document.body.dataset.failed, "bad");
});
document.addEventListener("htmx:sendError", () => addToast(document.body.dataset.offline, "bad"));

// The map library is large: it is fetched when a page or a fragment holds a map.
let isMapAsked = false;
function loadMap() {
  if (isMapAsked || !document.querySelector("parvis-map")) return;
  isMapAsked = true;
  const assets = JSON.parse(document.getElementById("parvis-assets").textContent);
  const style = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: assets.mapStyle,
  });
  document.head.append(style);
  import(assets.map).catch(() => {
    for (const map of document.querySelectorAll("parvis-map")) map.dataset.state = "unsupported";
  });
}
loadMap();
document.addEventListener("htmx:afterSettle", loadMap);
