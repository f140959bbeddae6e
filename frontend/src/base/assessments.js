// Questions of an assessment: answers reset "cannot say", which waits for its reason before it is sent.

let lastKey = "";

function isUnexplained(form) {
  return form.querySelector("[data-needs-reason]")?.checked && !form.elements.note.value.trim();
}

function say(form, isWanted) {
  const wanted = form.querySelector(".reason-wanted");
  if (wanted) wanted.textContent = isWanted ? wanted.dataset.text : "";
}

// Who comes past by arrow keys goes on to the next choice: only a click or the space bar asks.
function askWhy(form) {
  form.querySelector("details.reasons").open = true;
  say(form, true);
  if (!lastKey.startsWith("Arrow")) form.elements.note.focus();
}

function answered(event) {
  const form = event.target.closest?.(".question-form");
  if (!form || !event.target.closest(".answers")) return;
  const isSpecial = event.target.closest(".special");
  if (!isSpecial) {
    const given = form.querySelector("[data-answered]");
    if (given) given.checked = true;
  }
  if (event.type !== "change") return;
  if (isUnexplained(form)) askWhy(form);
  else say(form, false);
}

function sending(event) {
  const form = event.target.closest?.(".question-form");
  if (!form) return;
  const isButton = event.detail.requestConfig?.triggeringEvent?.type === "submit";
  if (!isButton && isUnexplained(form)) event.preventDefault();
}

function failed(event) {
  const told = event.target.closest?.(".question-form")?.querySelector(".unsaved");
  if (told) told.hidden = false;
}

// Questions that come and go replace the section: what is being typed elsewhere in it goes on.
function keepTyping(event) {
  if (event.detail.target?.id !== "questions") return;
  const { id, value, selectionStart } = document.activeElement ?? {};
  if (!id || selectionStart === undefined || selectionStart === null) return;
  document.addEventListener(
    "htmx:afterSettle",
    () => {
      const field = document.getElementById(id);
      if (!field || field.value === value) return;
      field.value = value;
      field.setSelectionRange(selectionStart, selectionStart);
    },
    { once: true },
  );
}

// A button that went with its card leaves the focus to the card's answer.
function keepPlace(event) {
  const card = document.activeElement?.closest("section.question")?.id;
  if (!card || !event.detail.target?.closest?.(".questions")) return;
  document.addEventListener(
    "htmx:afterSettle",
    () => {
      if (document.activeElement !== document.body) return;
      const answers = document.getElementById(card)?.querySelector(".answers");
      (answers?.querySelector(":checked") ?? answers?.querySelector("input, select, textarea"))?.focus();
    },
    { once: true },
  );
}

function fileField(event) {
  if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return null;
  return event.target.closest?.("section.question")?.querySelector(".attach input[type=file]");
}

function markDrop(field) {
  for (const card of document.querySelectorAll(".question.is-dropping")) card.classList.remove("is-dropping");
  field?.closest("section.question").classList.add("is-dropping");
}

function dragged(event) {
  const field = fileField(event);
  markDrop(field);
  if (field) event.preventDefault();
}

// One file at a time, as the field takes it.
function dropped(event) {
  const field = fileField(event);
  markDrop(null);
  if (!field || !event.dataTransfer.files.length) return;
  event.preventDefault();
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  field.files = one.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

export function watchAssessments() {
  document.addEventListener("keydown", (event) => (lastKey = event.key), true);
  document.addEventListener("pointerdown", () => (lastKey = ""), true);
  document.addEventListener("input", answered, true);
  document.addEventListener("change", answered, true);
  document.addEventListener("dragover", dragged);
  document.addEventListener("dragleave", () => markDrop(null));
  document.addEventListener("drop", dropped);
  document.addEventListener("htmx:beforeRequest", sending);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:beforeSwap", keepTyping);
  document.addEventListener("htmx:beforeSwap", keepPlace);
}
