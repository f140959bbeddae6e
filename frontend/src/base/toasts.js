// Short messages at the corner: those the server sent and those made here.
const SECONDS = 8;

function leave(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000, toast);
  else toast.remove();
}

function schedule() {
  for (const toast of document.querySelectorAll("#toasts .toast:not([data-timed], [data-stays])")) {
    toast.dataset.timed = "";
    const hasUndo = toast.querySelector("form");
    setTimeout(leave, (hasUndo ? 3 : 1) * SECONDS * 1000, toast);
  }
}

export function addToast(text, kind = "info") {
  if (!text) return;
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.classList.add(`toast-${kind}`);
  if (kind === "bad") toast.dataset.stays = "";
  toast.querySelector("p").textContent = text;
  document.getElementById("toasts").append(toast);
  schedule();
}

export function watchToasts() {
  schedule();
  document.addEventListener("htmx:afterSettle", schedule);
  document.addEventListener("htmx:oobAfterSwap", schedule);
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  });
  document.addEventListener("parvis:toast", (event) => {
    addToast(event.detail.text, event.detail.kind);
  });
}
