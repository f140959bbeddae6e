// Keeps the shell of the walk, and nothing else: no answer of an authority ever comes near it.
// The server puts `self.SHELL` (version and addresses) in front of this file.
const { version, files } = self.SHELL;
const CACHE = `parvis-walk-${version}`;
const KEPT = new Set(files.map((file) => new URL(file, self.location.origin).href));

self.addEventListener("install", (event) => {
  const fresh = files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(fresh))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith("parvis-walk-") && name !== CACHE)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  address.hash = "";
  if (request.method !== "GET" || !KEPT.has(address.href)) return;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(address.href)).then((kept) => kept ?? fetch(request)),
  );
});
