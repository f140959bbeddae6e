"""What framework does a workbook hold, and where in it is something wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from parvis.io.framework_pages import FrameworkWorkbookError, Row, workbook_pages
from parvis.io.framework_sheets import ABOUT, SHEETS, CellError, Column, from_cell
from parvis.packs.framework_conditions import listed, unknown
from parvis.packs.framework_models import Framework
from parvis.packs.framework_writing import TEXTS, Content, FieldPath, entries_in
from parvis.packs.plain_words import located

_HEADS = {"list": "key", "entry": "key", "scale": "key", "level": "key", "step": "key"}


@dataclass(slots=True)
class Reading:
    """What is read so far: the framework's content, where each part stands, what is wrong."""

    content: Content = field(default_factory=dict)
    places: dict[FieldPath, tuple[Row, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def wrong(self, row: Row, header: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(row.told(header, what))


def read_framework_workbook(path: Path) -> Framework:
    """
    Read a framework from a workbook.

    Parameters
    ----------
    path : Path

    Raises
    ------
    FrameworkWorkbookError
        If it is no workbook, or something in it cannot be used; names every sheet, row and column.

    See Also
    --------
    parvis.io.framework_workbook.write_framework_workbook
    """
    pages = workbook_pages(path)
    reading = Reading({"pack": "framework", "evidence": {}})
    languages = _read_about(pages, reading)
    _read_rest(pages, reading)
    is_whole = not reading.problems
    _read_translations(pages.get("translations", []), languages, reading)
    if is_whole:
        framework = _checked(reading)
        if framework is not None:
            return framework
    raise FrameworkWorkbookError(file=path.name, problems="; ".join(reading.problems))


def _read_about(pages: dict[str, list[Row]], reading: Reading) -> tuple[str, ...]:
    known = {column.header: column for column in ABOUT}
    for row in pages["about"]:
        what = str(row.values.get("what", ""))
        if what not in known:
            reading.wrong(row, "what", unknown("entry", what, known))
        elif "value" not in row.values:
            reading.wrong(row, "value", f"is empty; give {what} or leave the row out")
        else:
            column = known[what]
            _put(reading, reading.content, (), row, Column("value", column.kind, what))
    translations = reading.content.get("translations", {})
    return tuple(translations) if isinstance(translations, dict) else ()


def _put(reading: Reading, entry: Content, path: FieldPath, row: Row, column: Column) -> None:
    """Put the value of a row's cell where it belongs in an entry."""
    if column.header not in row.values:
        return
    try:
        value = from_cell(row.values[column.header], column.kind)
    except CellError as error:
        reading.wrong(row, column.header, str(error))
        return
    place = entry
    for key in column.path[:-1]:
        place = place.setdefault(key, {})
    if column.path[-1] in place:
        reading.wrong(row, column.header, f"{'.'.join(column.path)} is given twice")
    place[column.path[-1]] = value
    reading.places[(*path, *column.path)] = (row, column.header)


def _entry(reading: Reading, path: FieldPath, row: Row, *, heads: tuple[str, ...] = ()) -> Content:
    """Return what a row says, without the columns `heads`, and note where it stands."""
    entry: Content = {}
    reading.places[path] = (row, next(iter(row.values)))
    for column in SHEETS[row.sheet]:
        if column.header not in heads:
            _put(reading, entry, path, row, column)
    needs_key = any(column.header == "key" for column in SHEETS[row.sheet])
    if needs_key and "key" not in (*entry, *heads):
        reading.wrong(row, "key", "this key is missing")
    return entry


def _read_rest(pages: dict[str, list[Row]], reading: Reading) -> None:
    content = reading.content
    for row in pages.get("evidence", []):
        key = str(row.values.get("key", ""))
        if key in content["evidence"]:
            reading.wrong(row, "key", f"the evidence {key!r} is given twice; keys must differ")
        content["evidence"][key] = _entry(reading, ("evidence", key), row, heads=("key",))
    for part in ("attributes", "sections", "scores", "findings", "measures", "duties"):
        for row in pages.get(part, []):
            entries = content.setdefault(part, [])
            entries.append(_entry(reading, (part, len(entries)), row))
    _read_nested(pages.get("lists", []), "lists", "entries", ("list", "entry"), reading)
    _read_nested(pages.get("scales", []), "scales", "levels", ("scale", "level"), reading)
    _read_questions(pages["questions"], reading)
    _read_options(pages.get("options", []), reading)
    for part in ("rungs", "classes", "outcomes"):
        for row, score, path in _of_scores(pages.get(part, []), reading):
            entries = score.setdefault(part, [])
            where: FieldPath = (*path, part, len(entries))
            entries.append(_entry(reading, where, row, heads=("score",)))
    _read_matrices(pages.get("matrices", []), reading)
    _read_trees(pages.get("trees", []), reading)


def _read_nested(
    rows: list[Row], part: str, inner: str, heads: tuple[str, str], reading: Reading
) -> None:
    outer_head, inner_head = heads
    found: dict[str, int] = {}
    for row in rows:
        key = str(row.values.get(outer_head, ""))
        entries = reading.content.setdefault(part, [])
        if inner_head not in row.values:
            found.setdefault(key, len(entries))
            path: FieldPath = (part, len(entries))
            entries.append({"key": key, **_entry(reading, path, row, heads=heads)})
        elif key not in found:
            what = f"the {outer_head} {key!r} has no row of its own before this one"
            reading.wrong(row, outer_head, f"{what}; a row with an empty {inner_head} makes it")
        else:
            outer = entries[found[key]]
            below = outer.setdefault(inner, [])
            path = (part, found[key], inner, len(below))
            name = from_cell(row.values[inner_head], "text")
            below.append({"key": name, **_entry(reading, path, row, heads=heads)})


def _read_questions(rows: list[Row], reading: Reading) -> None:
    sections = _first_places(reading.content.get("sections", []))
    tables: dict[str, tuple[Content, FieldPath]] = {}
    for row in rows:
        section = str(row.values.get("section", ""))
        table = row.values.get("table")
        if section not in sections:
            reading.wrong(row, "section", unknown("section", section, sections))
            continue
        heads = ("section", "table")
        if table is None:
            owner = reading.content["sections"][sections[section]]
            asked = owner.setdefault("questions", [])
            path: FieldPath = ("sections", sections[section], "questions", len(asked))
            asked.append(_entry(reading, path, row, heads=heads))
            tables.setdefault(str(row.values.get("key", "")), (asked[-1], path))
        elif str(table) not in tables:
            reading.wrong(row, "table", f"there is no question {table!r} before this row")
        else:
            question, above = tables[str(table)]
            columns = question.setdefault("columns", [])
            path = (*above, "columns", len(columns))
            columns.append(_entry(reading, path, row, heads=heads))


def _read_options(rows: list[Row], reading: Reading) -> None:
    owners: dict[str, tuple[Content, FieldPath]] = {}
    for called, path, entry in entries_in(reading.content):
        kind, _, key = called.partition(" ")
        if kind in ("question", "column"):
            owners.setdefault(key, (entry, path))
        elif kind == "attribute":
            owners.setdefault(f"attribute.{key}", (entry, path))
    for row in rows:
        of = str(row.values.get("of", ""))
        if of not in owners:
            what = unknown("question, table.column or attribute.key", of, owners)
            reading.wrong(row, "of", what)
            continue
        owner, above = owners[of]
        options = owner.setdefault("options", [])
        where: FieldPath = (*above, "options", len(options))
        options.append(_entry(reading, where, row, heads=("of",)))


def _of_scores(rows: list[Row], reading: Reading) -> Iterator[tuple[Row, Content, FieldPath]]:
    """Yield the rows that belong to a score, with the score."""
    scores = reading.content.get("scores", [])
    places = _first_places(scores)
    for row in rows:
        key = str(row.values.get("score", ""))
        if key not in places:
            reading.wrong(row, "score", unknown("score", key, places))
        else:
            yield row, scores[places[key]], ("scores", places[key])


def _first_places(entries: list[Content]) -> dict[str, int]:
    """Return where each key stands first."""
    places: dict[str, int] = {}
    for place, entry in enumerate(entries):
        places.setdefault(str(entry.get("key", "")), place)
    return places


def _read_matrices(rows: list[Row], reading: Reading) -> None:
    for row, score, path in _of_scores(rows, reading):
        cells = score.setdefault("cells", [])
        if row.values.get("row") != len(cells) + 1:
            reading.wrong(row, "row", f"must be {len(cells) + 1}: rows begin with the lowest level")
        where: FieldPath = (*path, "cells", len(cells))
        line = _entry(reading, where, row, heads=("score", "row")).get("cells", [])
        reading.places[where] = (row, "cells")
        cells.append(line)


def _read_trees(rows: list[Row], reading: Reading) -> None:
    for row, score, path in _of_scores(rows, reading):
        steps = score.setdefault("steps", [])
        key = str(row.values.get("step", ""))
        if not steps or steps[-1]["key"] != key:
            steps.append({"key": key, "cases": []})
            where: FieldPath = (*path, "steps", len(steps) - 1)
            reading.places[where] = (row, "step")
            _put(reading, steps[-1], where, row, Column("question"))
        elif "question" in row.values:
            reading.wrong(row, "question", "stands in the first row of a step only")
        cases = steps[-1]["cases"]
        below: FieldPath = (*path, "steps", len(steps) - 1, "cases", len(cases))
        cases.append(_entry(reading, below, row, heads=("score", "step", "question")))


def _read_translations(rows: list[Row], languages: tuple[str, ...], reading: Reading) -> None:
    known: dict[str, tuple[Content, FieldPath]] = {}
    for called, path, entry in entries_in(reading.content):
        known.setdefault(called, (entry, path))
    for row in rows:
        called, text = str(row.values.get("what", "")), str(row.values.get("text of", ""))
        if called not in known:
            reading.wrong(row, "what", unknown("entry", called, known))
            continue
        if text not in TEXTS:
            reading.wrong(row, "text of", f"{text!r} is not one of {listed(TEXTS)}")
            continue
        entry, path = known[called]
        for code in [header for header in row.values if len(header) == 2]:
            if code not in languages:
                what = f"'translations' of the sheet about names {listed(languages)}"
                reading.wrong(row, code, what)
            texts = entry.setdefault("i18n", {}).setdefault(code, {})
            texts[text] = from_cell(row.values[code], "text")
            reading.places[(*path, "i18n", code, text)] = (row, code)


def _checked(reading: Reading) -> Framework | None:
    """Return the framework; note what is wrong with it where it cannot be used."""
    try:
        framework = Framework.model_validate(reading.content)
    except ValidationError as error:
        found = [located(detail, Framework, reading.content) for detail in error.errors()]
    else:
        found = list(framework.problems())
        if not found and not reading.problems:
            return framework
    for path, what in found:
        reading.problems.append(f"{_place(reading, path)}: {what}")
    return None


def _place(reading: Reading, path: FieldPath) -> str:
    """Return sheet, row and column of the deepest part of a path that stands in the workbook."""
    for length in range(len(path), -1, -1):
        if path[:length] not in reading.places:
            continue
        row, header = reading.places[path[:length]]
        rest = path[length:]
        if rest and isinstance(rest[0], str):
            names = {c.path[0]: c.header for c in SHEETS[row.sheet]}
            heads = {name: head for head, name in _HEADS.items() if head in row.values}
            header = {**names, **heads}.get(rest[0], header)
        return f"sheet {row.sheet}, row {row.number}, column {header}"
    return f"sheet about, {'.'.join(map(str, path)) or 'the whole workbook'}"
