// Sending what waits: photos first, since answers name them. Everything carries a mark of its own,
// so that what is sent twice counts once; nothing stops waiting before the server said it is kept.
import { csrf, get, post } from "./net.js";

const AT_ONCE = 20;
const running = new Map();

/** Send what waits; resolves with nothing, fails with `Failed`. Runs once at a time per copy. */
export function send(copy) {
  if (!running.has(copy.id)) {
    running.set(copy.id, sending(copy).finally(() => running.delete(copy.id)));
  }
  return running.get(copy.id);
}

const open = (all) => [...all.values()].filter((each) => !each.sent);

// What is refused is told beside the item; everything else stops the sending.
function isRefusal(failure) {
  return [400, 404, 409, 413, 415, 422].includes(failure.status) && failure.sentence;
}

async function sending(copy) {
  const token = await csrf();
  const at = `${copy.parts.send.base}${copy.id}/`;
  for (const photo of open(copy.photos)) await sendPhoto(copy, photo, `${at}photos/`, token);
  for (;;) {
    const ready = open(copy.replies).filter((reply) => reply.ready && !reply.refused);
    const some = ready.sort((one, other) => one.order - other.order).slice(0, AT_ONCE);
    if (!some.length) break;
    await sendReplies(copy, some, `${at}answers/`, token);
  }
  for (const width of open(copy.widths)) await sendWidth(copy, width, `${at}widths/`, token);
}

async function sendPhoto(copy, photo, address, token) {
  const form = new FormData();
  form.set("mark", photo.mark);
  form.set("taken", photo.taken);
  form.set("confirmed", "yes");
  if (photo.longitude !== undefined) {
    form.set("longitude", String(photo.longitude));
    form.set("latitude", String(photo.latitude));
  }
  form.set("file", new Blob([await copy.photoBytes(photo.mark)], { type: "image/jpeg" }), "photo.jpg");
  try {
    await post(address, token, form);
    await copy.settle("photo", photo);
  } catch (failure) {
    if (!isRefusal(failure)) throw failure;
    await copy.settle("photo", photo, { refused: failure.sentence });
  }
}

async function sendReplies(copy, replies, address, token) {
  await copy.markTried(replies);
  const isKept = (mark) => copy.photos.get(mark)?.sent ?? true;
  const told = await post(address, token, {
    replies: replies.map(({ mark, item, state, value, note, attachments, expects, answered }) => ({
      mark, item, state, value: state === "answered" ? value : null, note,
      attachments: attachments.filter(isKept), expects, answered,
    })),
  });
  const outcomes = new Map((told.replies ?? told.outcomes ?? told).map((each) => [each.mark, each]));
  for (const reply of replies) {
    const { outcome, sentence, other } = outcomes.get(reply.mark) ?? { outcome: "refused", sentence: "" };
    if (outcome === "refused") await copy.settle("reply", reply, { refused: sentence || "–" });
    else {
      const conflict = outcome === "conflict" ? { item: reply.item, other, at: new Date().toISOString() } : null;
      await copy.settle("reply", reply, { conflict });
    }
  }
}

async function sendWidth(copy, width, address, token) {
  try {
    const { mark, point, width_m, note, photo, measured } = width;
    const isThere = photo && copy.photos.get(photo)?.sent;
    const told = await post(address, token, {
      mark, point, width_m, note, photo: isThere ? photo : null, measured,
    });
    await copy.settle("width", width, { refused: told.refused ?? "" });
  } catch (failure) {
    if (!isRefusal(failure)) throw failure;
    await copy.settle("width", width, { refused: failure.sentence });
  }
}

/** Fetch the questions and answers as they are now. */
export async function bringUpToDate(copy) {
  await copy.renew(await get(`${copy.parts.send.base}${copy.id}/`));
}

/** Tell the server that the copy is handed back. */
export async function end(copy) {
  await post(`${copy.parts.send.base}${copy.id}/end/`, await csrf(), {});
}

/** Refused items are tried again when somebody asks for it. */
export function forgetRefusals(copy) {
  for (const all of [copy.replies, copy.photos, copy.widths]) {
    for (const each of all.values()) if (!each.sent) each.refused = "";
  }
}
