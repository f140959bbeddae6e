// On narrow screens tabs and sections scroll sideways: the current one is brought into view.
function show() {
  for (const bar of document.querySelectorAll(".tabs, .section-nav, .steps ol")) {
    const current = bar.querySelector("[aria-current]");
    if (!current) continue;
    const [outer, inner] = [bar.getBoundingClientRect(), current.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) {
      bar.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    }
  }
}

export function showCurrentTabs() {
  show();
  addEventListener("resize", show);
}
