// Signing out where an assessment is on this device: what waits is sent or exported first, and only
// then is the key of a copy destroyed. Read here is what lies there in plain: how much waits.
const NAME = "parvis-walk";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function database() {
  const known = (await indexedDB.databases?.()) ?? [{ name: NAME }];
  if (!known.some(({ name }) => name === NAME)) return null;
  const opening = indexedDB.open(NAME);
  opening.onupgradeneeded = () => opening.transaction.abort();
  return done(opening).catch(() => null);
}

async function copies(db) {
  return (await done(db.transaction("copies").objectStore("copies").getAll())).filter(({ lock }) => lock);
}

async function removeEmpty(db) {
  const work = db.transaction(["copies", "records"], "readwrite", { durability: "strict" });
  for (const { id, waiting } of await done(work.objectStore("copies").getAll())) {
    if (waiting > 0) continue;
    work.objectStore("copies").delete(id);
    work.objectStore("records").delete(IDBKeyRange.bound([id], [id, []]));
  }
  await new Promise((resolve, reject) => {
    work.oncomplete = resolve;
    work.onabort = reject;
  });
}

async function ask(form, dialog) {
  const db = await database().catch(() => null);
  const kept = db ? await copies(db).catch(() => []) : [];
  if (!kept.length) {
    form.submit();
    return;
  }
  const state = kept.some(({ waiting }) => waiting > 0) ? "waiting" : "empty";
  for (const part of dialog.querySelectorAll("[data-walk]")) part.hidden = part.dataset.walk !== state;
  dialog.querySelector("[data-walk-keeps]").onclick = () => form.submit();
  dialog.querySelector("[data-walk-removes]").onclick = async () => {
    await removeEmpty(db);
    form.submit();
  };
  dialog.showModal();
}

export function watchSignOut() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-signs-out]");
    const dialog = document.getElementById("walk-copies");
    if (!form || !dialog || !window.indexedDB) return;
    event.preventDefault();
    ask(form, dialog);
  });
}
