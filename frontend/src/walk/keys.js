// The key of a copy, and the two ways to it: something one knows, something one holds.
//
// Each copy has a random data key of its own (AES-GCM, 256 bits). It is kept wrapped only: by a key
// derived from a PIN or password (PBKDF2, SHA-256), or from what a passkey computes (WebAuthn PRF,
// HKDF). Once unwrapped it lives in memory and cannot be read out.
export const LEAST_ITERATIONS = 600_000;
export const MOST_ITERATIONS = 4_000_000;
const WANTED_MS = 800;
export const LEAST_PIN = 6;
export const LEAST_PASSWORD = 12;
export const MOST_TRIES = 10;

const AES = { name: "AES-GCM", length: 256 };
const bytes = (text) => new TextEncoder().encode(text);
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const context = (copy) => bytes(`parvis-walk/1|key|${copy}`);

/** Return a new data key that `wrap…` can wrap. */
export const newKey = () => crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);

async function material(secret) {
  return crypto.subtle.importKey("raw", bytes(secret.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
}

async function derived(secret, salt, iterations) {
  const rule = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(rule, await material(secret), AES, false, ["wrapKey", "unwrapKey"]);
}

// As many rounds as this device does in the wanted time, never fewer than the least.
async function iterationsHere() {
  const started = performance.now();
  await derived("measured", random(16), 100_000);
  const possible = (WANTED_MS / (performance.now() - started)) * 100_000;
  return Math.min(MOST_ITERATIONS, Math.max(LEAST_ITERATIONS, Math.round(possible / 50_000) * 50_000));
}

async function wrapped(key, wrapping, copy) {
  const iv = random(12);
  const rule = { name: "AES-GCM", iv, additionalData: context(copy) };
  return { iv, wrapped: new Uint8Array(await crypto.subtle.wrapKey("raw", key, wrapping, rule)) };
}

async function unwrapped(lock, wrapping, copy) {
  const rule = { name: "AES-GCM", iv: lock.iv, additionalData: context(copy) };
  try {
    return await crypto.subtle.unwrapKey("raw", lock.wrapped, wrapping, rule, AES, false, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

/** Wrap `key` by a PIN (`kind` "pin") or a password. */
export async function wrapBySecret(kind, secret, key, copy) {
  const salt = random(16);
  const iterations = await iterationsHere();
  return { kind, salt, iterations, ...(await wrapped(key, await derived(secret, salt, iterations), copy)) };
}

/** Return the data key, or null where the secret is another. */
export async function openBySecret(lock, secret, copy) {
  return unwrapped(lock, await derived(secret, lock.salt, lock.iterations), copy);
}

/** Whether a PIN is among those that are tried first. */
export function isSimple(pin) {
  const steps = new Set([...pin].slice(1).map((sign, at) => sign.charCodeAt(0) - pin.charCodeAt(at)));
  const halves = pin.length % 2 === 0 && pin.slice(0, pin.length / 2) === pin.slice(pin.length / 2);
  const pairs = /^(..)\1+$/.test(pin);
  return halves || pairs || (steps.size === 1 && [0, 1, -1].includes([...steps][0]));
}

/** Whether this browser may have an authenticator that computes keys. */
export async function hasPasskeys() {
  if (!globalThis.PublicKeyCredential) return false;
  try {
    const told = (await PublicKeyCredential.getClientCapabilities?.()) ?? {};
    return told["extension:prf"] !== false;
  } catch {
    return false;
  }
}

async function ofPasskey(output, salt) {
  const secret = await crypto.subtle.importKey("raw", output, "HKDF", false, ["deriveKey"]);
  const rule = { name: "HKDF", hash: "SHA-256", salt, info: bytes("parvis-walk/1|passkey") };
  return crypto.subtle.deriveKey(rule, secret, AES, false, ["wrapKey", "unwrapKey"]);
}

async function asked(credential, salt) {
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: "public-key", id: credential }],
      userVerification: "required",
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  return found?.getClientExtensionResults().prf?.results?.first ?? null;
}

/** Wrap `key` by a new passkey; null where the authenticator computes no keys. */
export async function wrapByPasskey(name, key, copy) {
  const salt = random(32);
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name: "Parvis" },
      user: { id: random(16), name, displayName: name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { userVerification: "required", residentKey: "discouraged" },
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  const told = made?.getClientExtensionResults().prf;
  if (!told?.enabled && !told?.results) return null;
  const credential = new Uint8Array(made.rawId);
  const output = told.results?.first ?? (await asked(credential, salt));
  if (!output) return null;
  return { kind: "passkey", credential, salt, ...(await wrapped(key, await ofPasskey(output, salt), copy)) };
}

/** Return the data key, or null where the passkey did not answer. */
export async function openByPasskey(lock, copy) {
  const output = await asked(lock.credential, lock.salt);
  return output && unwrapped(lock, await ofPasskey(output, lock.salt), copy);
}

/** Encrypt with an initialisation vector of its own; `about` is bound to it. */
export async function sealed(key, about, plain) {
  const iv = random(12);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(about) }, key, plain);
  return { iv, data: new Uint8Array(data) };
}

export async function opened(key, about, { iv, data }) {
  const rule = { name: "AES-GCM", iv, additionalData: bytes(about) };
  return new Uint8Array(await crypto.subtle.decrypt(rule, key, data));
}
