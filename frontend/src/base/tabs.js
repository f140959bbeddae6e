// On narrow screens tabs scroll sideways: the current one is brought into view.
export function showCurrentTab() {
  for (const bar of document.querySelectorAll(".tabs")) {
    const current = bar.querySelector("[aria-current]");
    if (!current) continue;
    const [outer, inner] = [bar.getBoundingClientRect(), current.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) {
      bar.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    }
  }
}
