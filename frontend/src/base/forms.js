// Forms: no double sending, file limits said before the upload, focus on the error summary, copying.
import { addToast } from "./toasts.js";

function focusSummary() {
  document.querySelector(".error-summary:not([data-seen])")?.focus();
  for (const summary of document.querySelectorAll(".error-summary")) summary.dataset.seen = "";
}

function checkFile(input) {
  const limit = Number(input.dataset.maxBytes);
  const isTooLarge = limit && [...input.files].some((file) => file.size > limit);
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  if (isTooLarge) input.reportValidity();
}

export function watchForms() {
  focusSummary();
  document.addEventListener("htmx:afterSettle", focusSummary);
  document.addEventListener("change", (event) => {
    if (event.target.type === "file") checkFile(event.target);
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method === "dialog") return;
    const form = event.target;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post") return;
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copies);
    await navigator.clipboard.writeText(source.value ?? source.innerText);
    addToast(button.dataset.copied, "good");
  });
}
