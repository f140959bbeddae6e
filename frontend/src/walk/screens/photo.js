// A photo: taken in the page (never in the gallery), faces and plates blurred, then kept encrypted.
import { button, el, link, notice } from "../dom.js";
import { fieldWidth, flatten, touched } from "../mosaic.js";
import { moment, say } from "../words.js";

const LONGEST_PX = 1600;
const QUALITY = 0.85;
const BRUSHES = [1 / 16, 1 / 7];

/** The photos of an answer or a width; each can be removed where `remove` is given. */
export function photoList(app, marks, remove) {
  const { copy } = app;
  const own = marks.filter((mark) => copy.photos.has(mark));
  if (!own.length) return null;
  return el("ul.photos", { "aria-label": say("photo_count", { count: own.length }) },
    ...own.map((mark) => {
      const photo = copy.photos.get(mark);
      const picture = el("img", { alt: say("photo_taken", { moment: moment(photo.taken) }) });
      copy.photoBytes(mark).then((bytes) => {
        picture.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
        picture.onload = () => URL.revokeObjectURL(picture.src);
      }).catch(() => {});
      const item = el("li", {}, picture, remove && !photo.sent && button(say("photo_remove"), async () => {
        remove(mark);
        await copy.removePhoto(mark);
        item.remove();
      }, { kind: "quiet", drawing: "trash" }));
      return item;
    }));
}

function located() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) resolve({});
    else {
      navigator.geolocation.getCurrentPosition(
        ({ coords: { longitude, latitude } }) => resolve({ longitude, latitude }),
        () => resolve({}),
        { enableHighAccuracy: true, timeout: 8_000, maximumAge: 10_000 },
      );
    }
  });
}

// Attach a photo to what is asked: an answer names it, a width takes it along.
async function attach(app, kind, of, mark) {
  const { copy } = app;
  if (kind === "point") {
    const tapes = copy.parts.state.tapes ?? {};
    await copy.remember({ tapes: { ...tapes, [of]: [mark] } });
    return;
  }
  const item = copy.items[Number(of)];
  const said = copy.replyTo(item.key);
  const attachments = [...(said?.attachments ?? []), mark];
  await copy.answer(item, item.kind === "evidence" ? { state: "answered", value: null, attachments } : { attachments });
}

export async function photoScreen(app, kind, of) {
  const home = app.at(kind, of);
  const stage = el("div.stage");
  const foot = el("div.foot-inside");
  let stream = null;
  let place = Promise.resolve({});
  const stop = () => stream?.getTracks().forEach((track) => track.stop());

  async function camera() {
    const video = el("video", { playsinline: true, muted: true, "aria-label": say("photo_title") });
    stage.replaceChildren(video);
    foot.replaceChildren(link(say("cancel"), home, { drawing: "close" }));
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } },
      });
      video.srcObject = stream;
      await video.play();
    } catch {
      stage.replaceChildren(notice("bad", say("photo_no_camera")));
      return;
    }
    place = located();
    const shutter = button(say("photo_shutter"), () => blur(still(video)), { kind: "primary", drawing: "camera" });
    foot.append(shutter);
    shutter.focus({ preventScroll: true });
  }

  function blur({ canvas, taken }) {
    stop();
    const board = blurBoard(canvas);
    const confirm = el("input", { type: "checkbox", id: "unreadable" });
    const told = el("p.error", { role: "alert" });
    const keep = async () => {
      if (!confirm.checked) {
        told.textContent = say("photo_unconfirmed");
        confirm.focus();
        return;
      }
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      const bytes = new Uint8Array(await blob.arrayBuffer());
      const kept = await app.copy.addPhoto({ taken, confirmed: true, ...(await place) }, bytes);
      await attach(app, kind, of, kept.mark);
      location.hash = home;
    };
    stage.replaceChildren(
      el("p.hint", {}, say("photo_blur")),
      board.frame,
      board.tools,
      told,
      el("label.choice.confirm", { for: "unreadable" }, confirm, el("span.choice-mark", {}, "✓"), el("span.choice-text", {}, say("photo_confirm"))),
    );
    foot.replaceChildren(
      button(say("photo_again"), camera, { drawing: "undo" }),
      button(say("photo_keep"), keep, { kind: "primary", drawing: "check" }),
    );
  }

  camera();
  return { title: say("photo_title"), back: home, kind: "photo", body: [stage], foot: [foot], leave: stop };
}

function still(video) {
  const scale = Math.min(1, LONGEST_PX / Math.max(video.videoWidth, video.videoHeight));
  const canvas = el("canvas", { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
  return { canvas, taken: new Date().toISOString() };
}

/** A picture on which a finger, a tap or the arrow keys choose what becomes unreadable. */
function blurBoard(canvas) {
  const pen = canvas.getContext("2d");
  const original = pen.getImageData(0, 0, canvas.width, canvas.height);
  const size = fieldWidth(canvas.width, canvas.height);
  const longest = Math.max(canvas.width, canvas.height);
  const strokes = [];
  let brush = 0;
  let isDown = false;
  const cursor = { x: canvas.width / 2, y: canvas.height / 2 };
  const aim = el("span.aim", { hidden: true });
  const frame = el("div.board", { tabindex: "0", role: "application", "aria-label": say("photo_keys") }, canvas, aim);

  function draw() {
    const image = new ImageData(new Uint8ClampedArray(original.data), canvas.width, canvas.height);
    for (const name of new Set(strokes.flat())) flatten(image, name, size);
    pen.putImageData(image, 0, 0);
  }
  const radius = () => longest * BRUSHES[brush];
  const wipe = (x, y) => {
    strokes.at(-1).push(...touched(x, y, radius(), size));
    draw();
  };
  const where = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * canvas.width,
      ((event.clientY - box.top) / box.height) * canvas.height,
    ];
  };
  canvas.addEventListener("pointerdown", (event) => {
    isDown = true;
    canvas.setPointerCapture(event.pointerId);
    strokes.push([]);
    wipe(...where(event));
  });
  canvas.addEventListener("pointermove", (event) => isDown && wipe(...where(event)));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (isDown = false));

  function showAim() {
    aim.hidden = false;
    aim.style.setProperty("inset-inline-start", `${((cursor.x - radius()) / canvas.width) * 100}%`);
    aim.style.setProperty("inset-block-start", `${((cursor.y - radius()) / canvas.height) * 100}%`);
    aim.style.setProperty("inline-size", `${((2 * radius()) / canvas.width) * 100}%`);
    aim.style.setProperty("block-size", `${((2 * radius()) / canvas.height) * 100}%`);
  }
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  frame.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (move) {
      cursor.x = Math.min(canvas.width, Math.max(0, cursor.x + move[0] * size * 1.5));
      cursor.y = Math.min(canvas.height, Math.max(0, cursor.y + move[1] * size * 1.5));
    } else if (event.key === " ") {
      strokes.push([]);
      wipe(cursor.x, cursor.y);
    } else return;
    event.preventDefault();
    showAim();
  });
  frame.addEventListener("focus", () => frame.matches(":focus-visible") && showAim());
  frame.addEventListener("blur", () => (aim.hidden = true));

  const everything = () => {
    strokes.push(touched(canvas.width / 2, canvas.height / 2, longest / 2, size));
    draw();
  };
  const larger = button(say("photo_blur_size"), () => {
    brush = 1 - brush;
    larger.setAttribute("aria-pressed", String(brush === 1));
  }, { drawing: "erase", "aria-pressed": "false" });
  const tools = el("div.tools", {},
    button(say("photo_blur_undo"), () => {
      strokes.pop();
      draw();
    }, { drawing: "undo" }),
    larger,
    button(say("photo_blur_all"), everything, { drawing: "image" }));
  return { frame, tools };
}
