// Light, dark or as the system: kept on this device only.
const KEY = "parvis-theme";

function apply(choice) {
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (choice ?? "auto")));
  }
  document.dispatchEvent(new CustomEvent("parvis:theme"));
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function watchTheme() {
  apply(stored());
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) return;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Without storage the choice holds for this page.
    }
    apply(choice);
  });
}
