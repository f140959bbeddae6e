// The answer to a change replaces plan and forms: what was open, typed and focused is so again.

const TYPED = "details[open] :is(input:not([type=hidden]), select, textarea)[id]";
const work = () => document.getElementById("work");

function remember(isOnlyWaiting) {
  const open = isOnlyWaiting ? "details[open][id]" : ".scenario-add[open][id]";
  const at = document.activeElement;
  const isInside = Boolean(work()?.contains(at));
  return {
    open: [...work().querySelectorAll(open)].map(({ id }) => id),
    typed: isOnlyWaiting
      ? [...work().querySelectorAll(TYPED)].map(({ id, value, checked }) => ({ id, value, checked }))
      : [],
    ways: isInside
      ? [
          `#${CSS.escape(at.id || "none")}`,
          `#${CSS.escape(at.closest("details")?.id || "none")} > summary`,
          at.closest(".scenario-tools") ? ".scenario-tools" : "#changes",
        ]
      : [],
  };
}

function restore({ open, typed, ways }) {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const { id, ...values } of typed) {
    const field = document.getElementById(id);
    if (field) Object.assign(field, values);
  }
  for (const way of ways) {
    const goal = document.querySelector(way);
    goal?.focus({ preventScroll: true });
    if (goal && document.activeElement === goal) return;
  }
}

export function keepWork() {
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target?.id !== "work" || !detail.shouldSwap) return;
    const kept = remember(detail.requestConfig.verb === "get");
    document.addEventListener("htmx:afterSwap", () => restore(kept), { once: true });
  });
}
