// Runs before the first paint, so that a chosen appearance does not flash.
try {
  const choice = localStorage.getItem("parvis-theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch {
  // Without storage the system's choice holds.
}
