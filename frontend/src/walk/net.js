// Talking to the server: every answer is JSON, whatever happened.
export class Failed extends Error {
  constructor(status, body) {
    super(body?.sentence ?? "");
    this.status = status;
    this.sentence = body?.sentence ?? "";
    this.code = body?.code ?? "";
    this.secondFactor = body?.second_factor;
    this.signIn = body?.sign_in ?? "/account/login/?next=/walk/";
  }

  /** Nothing came back at all. */
  get isSilent() {
    return this.status === 0 || this.status >= 500;
  }
}

const LONGEST_MS = 60_000;

async function ask(address, options = {}) {
  let response;
  try {
    response = await fetch(address, {
      ...options,
      cache: "no-store",
      headers: { Accept: "application/json", ...options.headers },
      signal: AbortSignal.timeout(LONGEST_MS),
    });
  } catch {
    throw new Failed(0);
  }
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const body = isJson ? await response.json().catch(() => null) : null;
  if (!response.ok || !body) throw new Failed(response.ok ? 502 : response.status, body);
  return body;
}

export const get = (address) => ask(address);

/** Return what a request needs to be believed; fails with 401 where nobody is signed in. */
export const csrf = async () => (await ask("/walk/csrf.json")).csrf;

export function post(address, token, body) {
  const isForm = body instanceof FormData;
  return ask(address, {
    method: "POST",
    body: isForm ? body : JSON.stringify(body),
    headers: { "X-CSRFToken": token, ...(isForm ? {} : { "Content-Type": "application/json" }) },
  });
}
