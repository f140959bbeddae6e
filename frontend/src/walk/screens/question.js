// One question: its answers as large buttons, why not where it cannot be seen, photos.
import { button, el, field, icon, link, notice } from "../dom.js";
import { place, stops } from "./overview.js";
import { numberOf } from "./point.js";
import { photoList } from "./photo.js";
import { footOf } from "./stop.js";
import { figure, moment, say } from "../words.js";

const REASONS = ["because_dark", "because_hidden", "because_closed", "because_nobody"];
const TYPING_MS = 350;

function choice(kind, group, value, label, words, isChosen, onchange, tone = "") {
  const input = el("input", { type: kind, name: group, value, checked: isChosen, onchange });
  return el(`label.choice${tone && `.tone-${tone}`}`, {}, input,
    el("span.choice-mark", {}, icon("check")),
    el("span.choice-text", {}, el("span.choice-label", {}, label), words && el("span.choice-words", {}, words)));
}

function debounced(work) {
  let timer;
  const soon = (...facts) => {
    clearTimeout(timer);
    timer = setTimeout(work, TYPING_MS, ...facts);
  };
  soon.now = (...facts) => {
    clearTimeout(timer);
    work(...facts);
  };
  return soon;
}

/** A text field that is saved while one types. */
function typed(input, save) {
  const soon = debounced(save);
  let last = input.value;
  input.addEventListener("input", () => {
    last = input.value;
    soon(input.value);
  });
  input.addEventListener("change", () => {
    if (input.value === last) soon.now(input.value);
  });
  return input;
}

export async function questionScreen(app, index) {
  const { copy } = app;
  const item = copy.items[Number(index)];
  const all = item.core ? stops(copy) : copy.asked(false).map((each) => ({ at: place(copy, each), item: each }));
  const at = place(copy, item);
  if (item.core) copy.remember({ last: at });
  const questions = all.filter((stop) => stop.item);
  const number = questions.findIndex((stop) => stop.at === at) + 1;
  const section = copy.package.sections.find((each) => each.key === item.section);
  const said = () => copy.replyTo(item.key) ?? { state: null, value: null, note: "", attachments: [] };

  const reasons = el("div.reasons");
  const state = el("p.error", { role: "status" });
  const foot = el("div.foot-inside");
  const answers = el("fieldset.answers", {}, el("legend.visually-hidden", {}, item.title));

  // Answers may bring other questions: what comes next is worked out anew.
  function refresh() {
    const { state: now, note, refused } = said();
    reasons.hidden = now !== "unknown";
    reasonNeeded.textContent = now === "unknown" && !note.trim() ? say("reason_missing") : "";
    const isOwn = now && now !== "cleared";
    clear.hidden = !isOwn;
    state.textContent = refused ?? "";
    const stopsNow = item.core ? stops(copy) : copy.asked(false).map((each) => ({ at: place(copy, each) }));
    foot.replaceChildren(...footOf(app, at, stopsNow));
  }

  function answer(change) {
    copy.answer(item, change).catch(() => {});
    refresh();
  }

  const wordsOf = ({ words, isOffered }) => [words, isOffered !== true && say("choice_waits")].filter(Boolean).join(" ");
  const give = (value) => answer({ state: "answered", value });
  const isValue = (value) => said().state === "answered" && said().value === value;
  const group = `a-${index}`;
  if (item.levels || item.kind === "single") {
    for (const each of copy.offered(item)) {
      answers.append(choice("radio", group, each.key, each.label, wordsOf(each), isValue(each.key), () => give(each.key), each.tone));
    }
  } else if (item.kind === "multiple") {
    answers.append(el("p.hint", {}, say("choose_several")));
    for (const each of copy.offered(item)) {
      const chosen = () => (said().state === "answered" ? said().value : []);
      answers.append(choice("checkbox", group, each.key, each.label, wordsOf(each), chosen().includes(each.key), (event) => {
        const others = chosen().filter((key) => key !== each.key);
        const now = item.options.map((option) => option.key).filter((key) => others.includes(key) || (event.target.checked && key === each.key));
        answers.querySelectorAll("[type=radio]").forEach((radio) => (radio.checked = false));
        answer(now.length ? { state: "answered", value: now } : { state: "cleared", value: null });
      }));
    }
  } else answers.append(ownControl(app, item, said, answer, group, answers));

  const special = (name, label, isLast) =>
    choice("radio", group, `state:${name}`, label, "", said().state === name, () => {
      answers.querySelectorAll("[type=checkbox]").forEach((box) => (box.checked = false));
      answer({ state: name, value: null });
      if (isLast) reasons.scrollIntoView({ block: "nearest" });
    }, "none");
  if (item.allows?.unknown ?? true) answers.append(special("unknown", say("cannot_see"), true));

  const reasonNeeded = el("p.error", { role: "alert" });
  const own = typed(
    el("textarea", { rows: "2", maxlength: "1000", autocomplete: "off", value: "" }),
    (text) => answer({ note: text }),
  );
  own.value = said().note;
  reasons.append(
    reasonNeeded,
    el("div.chips", { role: "group", "aria-label": say("because") },
      ...REASONS.map((key) => button(say(key), () => {
        own.value = say(key);
        answer({ note: say(key) });
      }, { kind: "chip" }))),
  );
  const notes = field(say("note"), own);
  if (item.allows?.not_applicable) answers.append(special("not-applicable", say("not_applicable"), false));

  const clear = button(say("clear_answer"), async () => {
    await copy.answer(item, { state: "cleared", value: null, note: "", attachments: [] });
    app.show();
  }, { kind: "quiet", drawing: "undo" });

  const conflict = [...copy.conflicts].findLast(([, each]) => each.item === item.key);
  if (conflict) copy.meet(conflict[0]);
  refresh();
  const other = copy.replyTo(item.key) === item.reply ? item.reply : null;
  return {
    title: item.title,
    back: app.at(),
    kind: "question",
    body: [
      el("p.step", {}, say(item.core ? "question_of" : "question_more", { number, total: questions.length }),
        section && ` · ${section.title}`, item.block && ` · ${item.block.title}`),
      item.guidance && el("p.guidance", {}, item.guidance),
      other?.by && el("p.quiet", {}, say("answered_by", { person: other.by, moment: moment(other.answered) })),
      conflict && notice("warn", say("send_conflicts"), el("p", {}, say("conflict_text", { person: conflict[1].other?.by ?? "–", moment: moment(conflict[1].other?.answered ?? conflict[1].at) })), el("p", {}, `${say("conflict_theirs", { person: conflict[1].other?.by ?? "–" })}: ${conflict[1].other?.value_text ?? ""}`)),
      answers,
      reasons,
      state,
      photoList(app, said().attachments, (mark) => {
        const attachments = said().attachments.filter((each) => each !== mark);
        const isGone = item.kind === "evidence" && !attachments.length;
        answer(isGone ? { state: "cleared", attachments } : { attachments });
      }),
      el("div.buttons", {}, link(say("photo_add"), app.at("photo", `q/${index}`), { drawing: "camera" })),
      notes,
      clear,
    ],
    foot: [foot],
  };
}

/** Controls of questions without answers to choose from. */
function ownControl(app, item, said, answer, group, answers) {
  const known = said().state === "answered" ? said().value : null;
  const unset = () => answers.querySelectorAll("[type=radio]").forEach((radio) => (radio.checked = false));
  const give = (value) => {
    unset();
    answer(value === null || value === "" ? { state: "cleared", value: null } : { state: "answered", value });
  };
  if (item.kind === "number") {
    const input = el("input.figure", { type: "text", inputmode: "decimal", autocomplete: "off", maxlength: "16" });
    if (typeof known === "number") input.value = String(known);
    const low = item.minimum ?? null;
    const high = item.maximum ?? null;
    const box = field(item.title, input, low !== null && high !== null ? say("number_range", { low: figure(low), high: figure(high) }) : "");
    input.after(el("span.unit", {}, item.unit ?? ""));
    typed(input, (text) => {
      const value = numberOf(text);
      box.querySelector(".error").textContent = "";
      if (!text.trim()) return give(null);
      if (value === null) return box.refuse(say("number_bad"));
      if (item.whole && !Number.isInteger(value)) return box.refuse(say("number_whole"));
      if ((low !== null && value < low) || (high !== null && value > high)) {
        return box.refuse(say("number_range", { low: low === null ? "−∞" : figure(low), high: high === null ? "∞" : figure(high) }));
      }
      return give(value);
    });
    return box;
  }
  if (item.kind === "text") {
    const input = el("textarea", { rows: "4", maxlength: "4000", autocomplete: "off" });
    input.value = known ?? "";
    return field(item.title, typed(input, (text) => give(text.trim() ? text : null)));
  }
  if (item.kind === "date") {
    const input = el("input", { type: "date", autocomplete: "off" });
    input.value = known ?? "";
    input.addEventListener("change", () => give(input.value || null));
    const today = button(say("date_today"), () => {
      const now = new Date();
      input.value = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
      give(input.value);
    });
    const box = field(item.title, input);
    box.append(today);
    return box;
  }
  if (item.kind === "place") {
    const told = el("p", { role: "status" }, Array.isArray(known) ? `${figure(known[1], 5)}, ${figure(known[0], 5)}` : "");
    const take = () =>
      navigator.geolocation?.getCurrentPosition(
        ({ coords }) => {
          give([Number(coords.longitude.toFixed(6)), Number(coords.latitude.toFixed(6))]);
          told.textContent = say("place_taken", { metres: Math.round(coords.accuracy) });
        },
        () => (told.textContent = say("place_failed")),
        { enableHighAccuracy: true, timeout: 20_000 },
      );
    return el("div.field", {}, button(say("place_take"), take, { drawing: "target", kind: "primary" }), told);
  }
  return el("p.hint", {}, item.kind === "evidence" ? say("photo_wanted") : say("desk_only"));
}
