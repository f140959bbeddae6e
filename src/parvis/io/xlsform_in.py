"""Which framework does a form in XLSForm layout describe, and what of it has no counterpart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from parvis.approach.results import Notice
from parvis.io.vector import VectorUnreadableError
from parvis.io.xlsform_choices import OTHER, OURS, FormChoices
from parvis.io.xlsform_sheets import FormRefusedError, FormRow, FormSheet, read_form_sheets
from parvis.io.xlsform_texts import FormTexts
from parvis.io.xlsform_xpath import Known, XpathError, condition_of, range_of
from parvis.packs.conditions import RESERVED, And, Condition
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import URN, read_framework

DEEPEST = 10
"""Groups in groups."""
_KINDS = {
    "text": "text", "string": "text", "phone number": "text", "barcode": "text", "url": "text",
    "integer": "number", "int": "number", "decimal": "number", "range": "number",
    "date": "date", "gps": "place", "geopoint": "place", "location": "place",
    "image": "photo", "photo": "photo", "picture": "photo",
    "time": "text", "datetime": "text", "trigger": "single", "acknowledge": "single",
}  # fmt: skip
_WHOLE = frozenset({"integer", "int"})
_FACTS = frozenset({
    "start", "end", "today", "deviceid", "device id", "imei", "subscriberid", "subscriber id",
    "simserial", "sim id", "phonenumber", "username", "email", "audit", "hidden", "start time",
    "end time", "start-geopoint", "background-audio",
})  # fmt: skip
"""What a phone fills in by itself."""
_SELECT = re.compile(
    r"(?P<how>select[ _]one|select1|select[ _]multiple|select all that apply)(?: from)?\s+"
    r"(?P<list>\S+)(?P<other>\s+or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"(?P<does>begin|end)[ _](?P<what>group|repeat|loop)(?: over (?P<list>\S+))?", re.IGNORECASE
)
_LEFT_OUT = ("default", "appearance", "image", "audio", "video", "big-image", "repeat_count")


@dataclass(frozen=True, slots=True)
class FormReading:
    """
    What a form becomes.

    Attributes
    ----------
    framework : Framework
        A draft, to be read through by a person.
    text : str
        The framework's file.
    notices : tuple of Notice
        What was left out or renamed.
    """

    framework: Framework
    text: str
    notices: tuple[Notice, ...]


def read_xlsform(
    path: Path, *, subject: str = "site", language: str = "en", publisher: str = ""
) -> FormReading:
    """
    Read a form as a draft of a framework: the whole of it, or an error.

    Parameters
    ----------
    path : Path
        XLSX, XLS or CSV.
    subject : str
        What the framework's assessments are about, see `parvis.packs.framework_models.SUBJECTS`.
    language : str
        Language of labels that name none.
    publisher : str, optional
        Who wrote the form.

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError
    FormRefusedError
        Names sheet, row and column of the first thing that a framework cannot say.
    """
    sheets = read_form_sheets(path)
    survey = sheets.get("survey")
    if survey is None or not survey.rows or ("type", "") not in survey.headers:
        raise VectorUnreadableError(file=path.name, reason="it has no sheet survey with questions")
    form = _Form(path, sheets, survey, language)
    document = form.document(subject, publisher)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return FormReading(read_framework(text, name=path.name), text, form.notices())


@dataclass
class _Block:
    """A group, repeat or loop that is open."""

    what: str
    name: str
    row: FormRow
    when: Condition | None
    lists: tuple[str, ...]
    section: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)


class _Form:
    def __init__(
        self, path: Path, sheets: Mapping[str, FormSheet], survey: FormSheet, language: str
    ) -> None:
        self.path = path
        self.rows = survey.rows
        settings = sheets.get("settings")
        self.settings = settings.rows[0] if settings and settings.rows else FormRow(0, {})
        self.texts = FormTexts(survey, self.settings.get("default_language"), language)
        self.left_out: dict[str, list[int]] = {}
        self.renamed: dict[str, str] = {}
        self.incomplete: dict[str, int] = {}
        self.sections: list[dict[str, Any]] = []
        self.lists: dict[str, dict[str, Any]] = {}
        may_repeat = _is_yes(self.settings.get("allow_choice_duplicates"))
        self.choices = FormChoices(
            sheets.get("choices"), self.texts, self.refuse, may_repeat=may_repeat
        )
        self.known: dict[str, Known] = {}
        self.keys: dict[int, str] = {}
        self.asked: set[str] = set()
        self._collect()

    def refuse(
        self, row: FormRow, column: str, problem: str, *, sheet: str = "survey", value: str = ""
    ) -> FormRefusedError:
        said = value or row.get(column)
        return FormRefusedError(
            file=self.path.name, sheet=sheet, row=row.number, column=column,
            value=said if len(said) <= 60 else f"{said[:59]}…", problem=problem,
        )  # fmt: skip

    # -- names -------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Give every question a key, so that conditions may name later ones."""
        others: set[str] = set()
        prefix: list[str] = []
        for row in self.rows:
            kind = " ".join(row.get("type").split())
            block = _BLOCK.fullmatch(kind)
            if block:
                prefix = (
                    [*prefix, row.get("name")] if block["does"].lower() == "begin" else prefix[:-1]
                )
                continue
            select = _SELECT.fullmatch(kind)
            name = row.get("name")
            asked = _kind_of(kind, select)
            if not asked or not name or self._is_note(row):
                continue
            key = self._key(name, prefix)
            self.keys[row.number] = key
            choices = self.choices.keys(select["list"]) if select else ()
            self.known.setdefault(name, Known(key, asked, choices))
            if select and select["other"]:
                others.add(select["list"])
                self.keys[-row.number] = self._key(f"{name}_other", prefix)
        for listed in sorted(others):
            self.choices.add_other(listed)

    def _key(self, name: str, prefix: list[str]) -> str:
        taken = set(self.keys.values())
        key = _as_key(name)
        if key in taken and prefix:
            key = _as_key(f"{prefix[-1]}_{name}")
        base, number = key, 2
        while key in taken:
            key, number = f"{base[:55]}_{number}", number + 1
        if key != name:
            self.renamed[name] = key
        return key

    def _is_note(self, row: FormRow) -> bool:
        kind = row.get("type").strip().lower()
        return kind == "note" or _is_yes(row.get("readonly"))

    # -- the document ------------------------------------------------------------------------

    def document(self, subject: str, publisher: str) -> dict[str, Any]:
        """Return the framework as its file says it."""
        title = self.settings.get("form_title") or self.path.stem
        self._walk(title)
        if not self.sections:
            first = self.rows[0]
            raise self.refuse(first, "type", "the form asks nothing that can be answered")
        said = self.settings.get("form_id") or self.path.name.split(".")[0]
        short = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")
        short = short if short[:1].isalpha() else f"form-{short}".strip("-")
        head: dict[str, Any] = {
            "pack": "framework",
            "id": f"{URN}{short}",
            "version": 1,
            "status": "draft",
            "source": {
                "title": title,
                "publisher": publisher or "not stated in the form",
                "edition": self.settings.get("version"),
                "licence": "as the form",
            },
            "language": self.texts.language,
            "evidence": {"form": {"source": title, "confidence": "low", "verified": False}},
            "name": title,
            "description": f"Taken over from the form {self.path.name}.",
            "subject": subject,
        }
        document = head | {"lists": list(self.lists.values()), "sections": self.sections}
        self._translate(document)
        return document

    def _translate(self, document: dict[str, Any]) -> None:
        """Keep the languages in which all texts are there; a framework has no half ones."""
        named = list(_named(document["lists"])) + list(_named(document["sections"]))
        ours = [entry for entry in named if entry.pop(OURS, False)]
        marked = {id(entry) for entry in ours}
        for code in sorted({code for entry in named for code in entry.get("i18n", {})}):
            lacking = [
                entry
                for entry in named
                if id(entry) not in marked
                and {"name", "guidance"} & entry.keys() - entry.get("i18n", {}).get(code, {}).keys()
            ]
            if lacking:
                self.incomplete[code] = len(lacking)
                for entry in named:
                    entry.get("i18n", {}).pop(code, None)
                continue
            document["translations"] = document.get("translations", {}) | {code: "draft"}
            for entry in ours:
                entry.setdefault("i18n", {})[code] = {"name": entry["name"]}
            head = {"name": document["name"], "description": document["description"]}
            document["i18n"] = document.get("i18n", {}) | {code: head}
        for entry in named:
            if not entry.get("i18n", True):
                del entry["i18n"]

    def _walk(self, title: str) -> None:
        stack = [_Block("form", "form", FormRow(0, {("label", ""): title}), None, ())]
        for row in self.rows:
            kind = " ".join(row.get("type").split())
            if not kind:
                if row.get("name") or row.get("label"):
                    raise self.refuse(row, "type", "it is empty")
                continue
            if row.get("disabled").lower() in ("yes", "true"):
                self.left_out.setdefault("disabled", []).append(row.number)
                continue
            block = _BLOCK.fullmatch(kind)
            if block is None:
                self._row(row, kind, stack)
            elif block["does"].lower() == "begin":
                stack.append(self._begin(row, block, stack))
            elif len(stack) == 1 or stack[-1].what != block["what"].lower():
                raise self.refuse(row, "type", "no group of this sort is open here")
            else:
                stack.pop()
                self.texts.pending.clear()
                for open_block in stack:
                    open_block.section = None
        if len(stack) > 1:
            raise self.refuse(stack[-1].row, "type", "it is never ended")

    def _begin(self, row: FormRow, found: re.Match[str], stack: list[_Block]) -> _Block:
        what, name = found["what"].lower(), row.get("name")
        above = stack[-1]
        if len(stack) > DEEPEST:
            raise self.refuse(row, "type", "it is nested too deeply")
        if not name:
            raise self.refuse(row, "name", "it is empty")
        lists = above.lists
        if what != "group":
            if lists:
                raise self.refuse(row, "type", "a repeat inside a repeat has no counterpart")
            key = _as_key(found["list"] or name)
            if what == "loop":
                entries = self.choices.options(row, found["list"] or "", self._known)
                self.lists[key] = {"key": key, "name": key.replace("_", " "), "entries": entries}
            else:
                labels = self.texts.words(row, "label")
                shown = labels.get(self.texts.language) or next(iter(labels.values()), name)
                self.lists[key] = {"key": key, "name": shown, "open": True}
            lists = (key,)
        self._note_columns(row)
        return _Block(what, name, row, self._both(above.when, self._when(row)), lists)

    def _section(self, stack: list[_Block]) -> dict[str, Any]:
        block = stack[-1]
        if block.section is None:
            taken = {section["key"] for section in self.sections}
            base = key = _as_key(block.name)
            number = 2
            while key in taken:
                key, number = f"{base[:55]}_{number}", number + 1
            pending, self.texts.pending = self.texts.pending, []
            section = {"key": key, **self.texts.named(block.row, block.name)}
            self.texts.pending = pending
            if block.what == "form":
                section[OURS] = True
            if block.lists:
                section["repeat"] = list(block.lists)
            if block.when is not None:
                section["when"] = str(block.when)
            section["questions"] = []
            for other in stack:
                other.section = None
            block.section = section
            self.sections.append(section)
        return block.section

    def _row(self, row: FormRow, kind: str, stack: list[_Block]) -> None:
        low = kind.lower()
        if low in _FACTS:
            self.left_out.setdefault(low, []).append(row.number)
            return
        if self._is_note(row):
            self.texts.pending.append(self.texts.words(row, "label"))
            return
        select = _SELECT.fullmatch(kind)
        asked = _kind_of(kind, select)
        if not asked:
            raise self.refuse(row, "type", _why_not(low))
        if not row.get("name"):
            raise self.refuse(row, "name", "it is empty")
        if row.get("calculation"):
            raise self.refuse(
                row, "calculation", "a framework's questions are answered, not computed"
            )
        question: dict[str, Any] = {
            "key": self.keys[row.number],
            "kind": asked,
            **self.texts.named(row, row.get("name")),
        }
        if select:
            question["options"] = self._options(row, select["list"])
        elif asked == "single":
            question["options"] = [{"key": "OK", "name": "OK", OURS: True}]
        self._bounds(row, question, low)
        when = self._when(row)
        if when is not None:
            question["when"] = str(when)
        question["required"] = _is_yes(row.get("required"))
        self._note_columns(row)
        questions = self._section(stack)["questions"]
        questions.append(question)
        self.asked.add(question["key"])
        if select and select["other"]:
            op = "includes" if asked == "multiple" else "=="
            questions.append({
                "key": self.keys[-row.number], "kind": "text", "name": "Specify other.",
                OURS: True, "when": f"{question['key']} {op} {OTHER}", "required": False,
            })  # fmt: skip

    def _bounds(self, row: FormRow, question: dict[str, Any], kind: str) -> None:
        is_whole = kind in _WHOLE
        if is_whole:
            question["integer"] = True
        if kind in ("time", "datetime", "phone number", "barcode"):
            self.left_out.setdefault(f"type {kind}", []).append(row.number)
        if kind == "range":
            said = dict(re.findall(r"(start|end)\s*=\s*(-?[\d.]+)", row.get("parameters")))
            question |= {
                "minimum": float(said.get("start", 1)),
                "maximum": float(said.get("end", 10)),
            }
        constraint = row.get("constraint")
        if not constraint:
            return
        bounds = range_of(constraint, is_whole=is_whole) if question["kind"] == "number" else None
        if bounds is None:
            self.left_out.setdefault("constraint", []).append(row.number)
            return
        for name, bound in (("minimum", bounds.minimum), ("maximum", bounds.maximum)):
            if bound is not None:
                question[name] = bound

    def _when(self, row: FormRow) -> Condition | None:
        text = row.get("relevant")
        if not text or text.strip() in ("true()", "1"):
            return None
        try:
            return condition_of(text, self._known)
        except XpathError as problem:
            raise self.refuse(row, "relevant", problem.problem) from problem

    def _options(self, row: FormRow, name: str) -> list[dict[str, Any]]:
        try:
            return self.choices.options(row, name, self._known)
        except XpathError as problem:
            raise self.refuse(row, "choice_filter", problem.problem) from problem

    def _known(self, name: str) -> Known:
        if name not in self.known:
            raise XpathError("it names nothing that the form asks")
        if self.known[name].key not in self.asked:
            raise XpathError(f"it hangs on {name}, which is not asked before")
        return self.known[name]

    @staticmethod
    def _both(one: Condition | None, other: Condition | None) -> Condition | None:
        if one is None or other is None:
            return other if one is None else one
        return And((one, other))

    def _note_columns(self, row: FormRow) -> None:
        for column in _LEFT_OUT:
            if row.get(column):
                self.left_out.setdefault(column, []).append(row.number)

    def notices(self) -> tuple[Notice, ...]:
        """Return what was left out, and what is called differently."""
        found = [
            Notice("form_left_out", len(rows), {"what": what, "rows": ", ".join(map(str, rows))})
            for what, rows in _merged(self.left_out, self.choices.left_out, self.texts.unknown)
        ]
        for name, key in self.renamed.items():
            found.append(Notice("form_renamed", 1, {"name": name, "key": key}))
        for code, n in self.incomplete.items():
            found.append(Notice("form_language", n, {"language": code}))
        return tuple(found)


def _named(value: Any) -> Iterator[dict[str, Any]]:
    """Yield everything below `value` that has a name people read."""
    if isinstance(value, list):
        for inner in value:
            yield from _named(inner)
    elif isinstance(value, dict):
        if "name" in value:
            yield value
        for key, inner in value.items():
            if key != "i18n":
                yield from _named(inner)


def _merged(*found: Mapping[str, list[int]]) -> Iterator[tuple[str, list[int]]]:
    """Yield what was left out with the rows where it stood."""
    for what in dict.fromkeys(key for each in found for key in each):
        yield what, [row for each in found for row in each.get(what, ())]


def _is_yes(text: str) -> bool:
    return text.strip().lower() in ("yes", "true", "true()")


def _kind_of(kind: str, select: re.Match[str] | None) -> str:
    if select:
        return (
            "single"
            if select["how"].lower().replace("_", " ") in ("select one", "select1")
            else "multiple"
        )
    return _KINDS.get(kind.lower(), "")


def _why_not(kind: str) -> str:
    if kind.startswith(
        ("select_one_external", "select_one_from_file", "select_multiple_from_file")
    ):
        return "choices of another sheet or file cannot be taken over"
    if kind.startswith("calculate"):
        return "a framework's questions are answered, not computed"
    return "no kind of question corresponds to this type"


def _as_key(name: str) -> str:
    key = re.sub(r"[^A-Za-z0-9_]", "_", name)[:60]
    key = key if key[:1].isalpha() else f"q{key}"[:60]
    return f"{key[:59]}_" if key in RESERVED else key
