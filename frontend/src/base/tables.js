// Wide tables scroll in their wrapper; it takes focus only then, so that arrow keys scroll it.
function markScrollable() {
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    const scrolls = wrap.scrollWidth > wrap.clientWidth || wrap.scrollHeight > wrap.clientHeight;
    if (scrolls) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  }
}

export function watchTables() {
  markScrollable();
  addEventListener("resize", markScrollable);
  document.addEventListener("htmx:afterSettle", markScrollable);
}
