"""A phone that fills in forms: it decides what to ask as ODK Collect does, and sends answers."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from assessment_samples import TEXT
from hypothesis import strategies as st
from openpyxl import Workbook

from parvis.assessment import Answer, Assessment, Interval, Item, Subject
from parvis.io.answer_values import value_text
from parvis.io.xlsform_fields import FormLayout
from parvis.io.xlsform_layout import form_layout
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import read_framework

WHENS = (
    "li2 >= partly", "not li2 <= partly", "li2 in [no, yes]", "li2 != partly", "lamps > 4",
    "not (lamps > 4)", "lamps <= 3", "not lamps <= 3", "lamps == 4", "not lamps != 4",
    "kinds includes led", "not kinds includes led", "owner != city", "not owner == city",
    "answered(remark)", "unknown(li1) or unknown(lamps)", "not unknown(kinds)",
    "since >= 2027-12-02", "not since >= 2027-12-02",
    "not li3 == yes", "li3 != yes and li1 != no",
    "attribute.country == FR and li1 == no", "attribute.country == PL",
    "not attribute.country == PL",
    "attribute.unsaid == yes or li1 == yes", "remark == \"it's dark\"",
)  # fmt: skip
FOLLOWING = """
  - key: following
    name: What follows
    questions:
""" + "".join(
    f"      - {{key: f{number}, kind: scale, name: F{number}, scale: met, when: '{when}'}}\n"
    for number, when in enumerate(text.replace("'", "''") for text in WHENS)
)
BLOCKS = """
  - key: blocks
    name: Blocks
    repeat: [zones]
    questions:
      - {key: b1, kind: scale, name: B1, scale: met}
      - {key: b2, kind: text, name: B2, when: "b1 == no"}
      - {key: b3, kind: number, name: B3, when: "likelihood >= medium or li1 == yes"}
      - key: b4
        kind: single
        name: B4
        options: [{key: not_applicable, name: Somebody}]
        when: "not b1 == no"
      - key: b5
        kind: multiple
        name: B5
        options:
          - {key: near, name: Near, when: "b1 == no"}
          - {key: far, name: Far, when: "owner == city"}
          - {key: other, name: Other}
"""
CHOOSING = """
  - key: choosing
    name: Choosing
    questions:
      - key: c1
        kind: single
        name: C1
        options:
          - {key: lamp, name: A lamp, when: "kinds includes led and lamps > 2"}
          - {key: always, name: Nothing}
          - {key: fence, name: A fence, when: "not owner == city"}
          - {key: tram, name: A tram, when: "attribute.country == PL"}
      - key: c2
        kind: scale
        name: C2
        scale: rank
        interval: true
        levels_when: {high: "li1 == no", medium: "not unknown(lamps)"}
      - key: c3
        kind: scale
        name: C3
        scale: rank
        levels_when: {medium: "not unknown(lamps)", high: "li1 == no"}
      - {key: c4, kind: text, name: C4, when: "c1 == lamp or c2 >= medium"}
      - key: posts
        kind: table
        name: Posts
        rows: zones
        columns:
          - key: made
            kind: single
            name: Made of
            options: [{key: steel, name: Steel}, {key: stone, name: Stone}]
          - key: fixed
            kind: single
            name: Fixed by
            options:
              - {key: bolts, name: Bolts, when: "posts.made == steel"}
              - {key: weight, name: Weight}
"""


@cache
def field_framework() -> Framework:
    """The sample with many conditions, and a table of which rows may be added."""
    attribute = (
        '  - {key: unsaid, name: Unsaid, kind: single, options: [{key: "yes", name: It is}]}\n'
    )
    text = TEXT.replace("lists:\n", f"{attribute}lists:\n", 1)
    text = text.replace("scores:\n", f"{FOLLOWING}{BLOCKS}{CHOOSING}scores:\n", 1)
    return read_framework(text.replace("framework:sample", "framework:field-sample"), name="field")


@cache
def field_assessment(capacity: float = 900.0) -> Assessment:
    facts = {"capacity": capacity, "country": "FR"}
    return Assessment(field_framework(), Subject("site", "A square", facts))


LEVELS = {"met": ["no", "partly", "yes"], "rank": ["low", "medium", "high"]}
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
).filter(str.strip)


def values_of(item: Item) -> st.SearchStrategy[object]:
    asked = item.question
    match asked.kind:
        case "scale":
            levels = LEVELS[asked.scale]
            one = st.sampled_from(levels)
            pairs = [Interval(a, b) for k, a in enumerate(levels) for b in levels[k + 1 :]]
            return one | st.sampled_from(pairs) if asked.interval else one
        case "number":
            top = int(asked.maximum or 1000)
            number = st.integers(0, top).map(float)
            if not asked.interval:
                return number
            pairs = st.tuples(number, number).filter(lambda ends: ends[0] < ends[1])
            return number | pairs.map(lambda ends: Interval(*ends))
        case "single":
            return st.sampled_from([option.key for option in asked.options])
        case "multiple":
            keys = [option.key for option in asked.options]
            return st.lists(st.sampled_from(keys), unique=True, min_size=1).map(tuple)
        case "date":
            return st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
        case "place":
            return st.tuples(st.integers(-180, 180).map(float), st.integers(-90, 90).map(float))
        case "text":
            return WORDS | st.just("it's dark")
    raise AssertionError(asked.kind)


class Phone:
    """
    A form being filled in.

    Parameters
    ----------
    layout : FormLayout
    """

    def __init__(self, layout: FormLayout) -> None:
        self.layout = layout
        self.given: dict[str, str] = {}
        self.rounds: dict[str, list[dict[str, str]]] = {}
        self.calculated = {
            row["name"]: row["calculation"].strip("'")
            for row in layout.survey
            if row["type"] == "calculate"
        }
        for row in layout.survey:
            if row.get("default"):
                self.given[row["name"]] = row["default"]

    def say(self, answers: Iterable[Answer], assessor: str = "walker") -> None:
        self.given["parvis_assessor"] = assessor
        for answer in answers:
            self.given |= self.fields_of(answer)

    def fields_of(self, answer: Answer, repeat: str = "", at: tuple[str, ...] | None = None):
        place = answer.at if at is None else at
        group = {
            known.role: known
            for known in self.layout.fields.values()
            if (known.question, known.at, known.repeat) == (answer.question, place, repeat)
        }
        if not group:
            return {}
        kind, names = group["value"].asked.kind, group["value"].choices
        said: dict[str, str] = {}
        if answer.state != "answered":
            state = {"unknown": names.unknown, "not-applicable": names.not_applicable}[answer.state]
            said[group["state" if "state" in group else "value"].name] = state
            if answer.state == "unknown" and answer.note:
                said[group["because"].name] = answer.note
        elif isinstance(answer.value, Interval):
            said[group["value"].name] = value_text(answer.value.low)
            said[group["high"].name] = value_text(answer.value.high)
        elif kind == "place":
            longitude, latitude = answer.value
            said[group["value"].name] = f"{latitude} {longitude} 0 0"
        elif kind == "photo":
            said[group["value"].name] = answer.evidence[0].name
        else:
            said[group["value"].name] = value_text(answer.value)
        return said

    def visible(self) -> dict[str, str]:
        """What is asked with what was said, worked out until nothing changes."""
        values: dict[str, str] = dict(self.given) | self.calculated
        for _ in range(30):
            shown: dict[str, str] = {}
            open_groups: list[bool] = []
            for row in self.layout.survey:
                kind = row["type"]
                if kind.startswith("end_"):
                    open_groups.pop()
                    continue
                relevant = all(open_groups) and holds(row.get("relevant", "true()"), values)
                if kind.startswith("begin_"):
                    open_groups.append(relevant and kind == "begin_group")
                elif relevant:
                    said = {**self.given, **self.calculated}.get(row["name"], "")
                    # What is offered no longer is taken back, as Collect does.
                    gone = set(said.split()) - self.offered(row, values) if said else ()
                    shown[row["name"]] = "" if gone and row.get("choice_filter") else said
            if shown == values:
                return shown
            values = shown
        raise AssertionError("the form never comes to rest")

    def offered(self, row: dict[str, str], values: dict[str, str]) -> set[str]:
        """What may be chosen of the list of a row of the survey."""
        _, _, listed = row["type"].partition(" ")
        return {
            choice["name"]
            for choice in self.layout.choices
            if choice["list_name"] == listed
            and holds(
                row.get("choice_filter", "true()").replace(
                    "shown_when", f"'{choice.get('shown_when', '')}'"
                ),
                values,
            )
        }

    def central_csv(self, instance: str = "uuid:1", **facts: str) -> str:
        """The table of submissions as ODK Central writes it."""
        row = {"SubmissionDate": "2026-11-20T10:00:00.000Z", "end": "2026-11-20T09:59:00.000+01:00"}
        for name, value in self.visible().items():
            known = self.layout.fields.get(name)
            if known is None:
                continue
            head = "-".join((*known.path, name))
            if known.role == "value" and known.asked.kind == "place":
                parts = [*value.split(), "", "", "", ""]
                for part, text in zip(
                    ("Latitude", "Longitude", "Altitude", "Accuracy"), parts, strict=False
                ):
                    row[f"{head}-{part}"] = text
            else:
                row[head] = value
        row |= {"KEY": instance, **facts}
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row)
        return stream.getvalue()

    def kobo_json(self, instance: str = "1") -> dict[str, object]:
        """A submission as KoboToolbox gives it."""
        found: dict[str, object] = {
            "_id": 7,
            "_uuid": instance,
            "end": "2026-11-20T09:59:00.000+01:00",
        }
        for name, value in self.visible().items():
            known = self.layout.fields.get(name)
            if known is not None and value:
                found["/".join((*known.path, name))] = value
        for repeat, rounds in self.rounds.items():
            inner = next(f for f in self.layout.fields.values() if f.repeat == repeat)
            path = "/".join(inner.path[: inner.path.index(repeat) + 1])
            found[path] = [{f"{path}/{k}": v for k, v in each.items()} for each in rounds]
        return found

    def kobo_xlsx(self, path: Path, instance: str = "1") -> None:
        """A workbook as KoboToolbox exports it with XML values and headers, a sheet a repeat."""
        document = self.kobo_json(instance)
        facts = {"_id": 7, "_uuid": instance, "_submission_time": "2026-11-20T10:00:00"}
        rounds = {key: rows for key, rows in document.items() if isinstance(rows, list)}
        main = {k: v for k, v in document.items() if k not in rounds and not k.startswith("_")}
        for name, known in self.layout.fields.items():
            head = "/".join((*known.path, name))
            if head in main and known.role == "value" and known.asked.kind == "multiple":
                for key in [option.key for option in known.asked.options]:
                    main[f"{head}/{key}"] = int(key in main[head].split())
            if head in main and known.role == "value" and known.asked.kind == "place":
                for part, text in zip(("latitude", "longitude"), main[head].split(), strict=False):
                    main[f"{head.rpartition('/')[0]}/_{name}_{part}"] = float(text)
        book = Workbook()
        book.active.title = "Sample"
        for row in ([*main, *facts, "_index"], [*main.values(), *facts.values(), 1]):
            book.active.append(row)
        for key, rows in rounds.items():
            page = book.create_sheet(key.rpartition("/")[2][:31])
            heads = list(dict.fromkeys(head for row in rows for head in row))
            page.append([*heads, "_index", "_parent_table_name", "_parent_index",
                         "_submission__id", "_submission__uuid"])  # fmt: skip
            for number, row in enumerate(rows, start=1):
                page.append([*(row.get(h) for h in heads), number, "Sample", 1, 7, instance])
        book.save(path)

    def odata(self, instance: str = "uuid:1") -> dict[str, object]:
        """A submission as the OData service of ODK Central gives it, repeats expanded."""
        found: dict[str, object] = {"__id": instance, "__system": {"formVersion": "x"}}
        for name, value in self.visible().items():
            known = self.layout.fields.get(name)
            if known is None:
                continue
            inner = found
            for group in known.path:
                inner = inner.setdefault(group, {})
            inner[name] = value or None
            if value and known.role == "value" and known.asked.kind == "place":
                latitude, longitude = map(float, value.split()[:2])
                inner[name] = {"type": "Point", "coordinates": [longitude, latitude, 0]}
        for repeat, rounds in self.rounds.items():
            path = next(f.path for f in self.layout.fields.values() if f.repeat == repeat)
            inner = found
            for group in path[: path.index(repeat)]:
                inner = inner.setdefault(group, {})
            inner[repeat] = rounds
        return {"value": [found]}


_TOKEN = re.compile(
    r"""\s*(\$\{[^}]+\}|'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|!=|<=|>=|[=<>(),]|\.|[a-z-]+(?=\()|and|or)"""
)


def holds(text: str, values: dict[str, str]) -> bool:
    """Whether an expression holds, read as XPath is."""
    tokens = tokens_of(text)
    reader = _Xpath(tokens, values)
    found = reader.either()
    assert reader.at == len(tokens), text
    return bool(found)


@cache
def tokens_of(text: str) -> list[str]:
    tokens = [found[1] for found in _TOKEN.finditer(text)]
    assert "".join(tokens).replace(" ", "") == text.replace(" ", ""), text
    return tokens


class _Xpath:
    def __init__(self, tokens: list[str], values: dict[str, str]) -> None:
        self.tokens, self.values, self.at = tokens, values, 0

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self):
        found = self.both()
        while self.next() == "or":
            self.take()
            other = self.both()
            found = bool(found) or bool(other)
        return found

    def both(self):
        found = self.compared()
        while self.next() == "and":
            self.take()
            other = self.compared()
            found = bool(found) and bool(other)
        return found

    def compared(self):
        left = self.operand()
        if self.next() not in ("=", "!=", "<", "<=", ">", ">="):
            return left
        sign, right = self.take(), self.operand()
        if isinstance(right, float) or isinstance(left, float):
            left, right = (float(v) if v != "" else float("nan") for v in (left, right))
        if sign in ("=", "!="):
            return (left == right) == (sign == "=")
        if isinstance(left, str) and left == "":
            return False
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[
            sign
        ]

    def operand(self):
        token = self.take()
        if token in ("(",):
            found = self.either()
            assert self.take() == ")"
            return found
        if token.startswith("${"):
            return self.values.get(token[2:-1], "")
        if token[0] in "'\"":
            return token[1:-1]
        if re.fullmatch(r"-?\d+(\.\d+)?", token):
            return float(token)
        assert self.take() == "("
        given = []
        while self.next() != ")":
            given.append(self.either())
            if self.next() == ",":
                self.take()
        self.take()
        match token:
            case "true":
                return True
            case "false":
                return False
            case "not":
                return not given[0]
            case "selected":
                return given[1] in str(given[0]).split()
            case "date":
                return given[0]
        raise AssertionError(token)


@cache
def field_layout(capacity: float = 900.0) -> FormLayout:
    return form_layout(field_assessment(capacity))
