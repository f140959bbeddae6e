"""How do answers travel as a table: CSV, XLSX and JSON out, and the same in."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from parvis.assessment import (
    Answer,
    AnswerState,
    Assessment,
    EvidenceFile,
    Item,
    ListEntry,
    check_answer,
    items,
)
from parvis.errors import InputError
from parvis.io.answer_values import ValueTextError, value_of_text, value_text
from parvis.io.assessment_file import (
    LARGEST,
    AssessmentFile,
    answer_document,
    assessment_from,
    assessment_text,
    in_order,
)
from parvis.io.sheet_cells import put_text, shielded, unescaped, unshielded
from parvis.io.submission_reading import read_submissions
from parvis.io.submission_record import SubmissionsUnreadableError
from parvis.io.submission_tables import check_unpacked
from parvis.io.submissions import (
    Submission,
    Submissions,
    SubmissionsFormError,
)
from parvis.io.vector import open_workbook

COLUMNS = (
    "framework", "version", "question", "at", "state", "value", "assessor", "note", "when",
    "evidence", "text",
)  # fmt: skip
"""`text` is the question in words, for people; it is not read back."""
_WIDTHS = {"question": 20, "value": 24, "note": 40, "text": 60, "evidence": 30, "when": 26}
MOST_ROWS = 200_000
LARGEST_UNPACKED = 500_000_000
LISTS = "lists"


class TableInvalidError(InputError):
    """Rows of a table of answers cannot be used; details: file, n, listed."""

    code: ClassVar[str] = "answers_invalid"


def answers_json(kept: AssessmentFile) -> bytes:
    """Return the assessment's own file."""
    return assessment_text(kept).encode()


def answers_csv(kept: AssessmentFile) -> bytes:
    """Return all answers as CSV, a row each; no cell can be taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in [*_list_rows(kept.assessment), *_rows(kept.assessment)]:
        writer.writerow([shielded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def answers_xlsx(kept: AssessmentFile) -> bytes:
    """Return all answers as a workbook, a row each, every cell text."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    for name in book.sheetnames:
        book.remove(book[name])
    page: Any = book.create_sheet("answers")
    for number, row in enumerate(
        [COLUMNS, *_list_rows(kept.assessment), *_rows(kept.assessment)], start=1
    ):
        for place, cell in enumerate(row, start=1):
            if cell:
                put_text(page.cell(number, place), shielded(cell))
    for place, column in enumerate(COLUMNS, start=1):
        page.cell(1, place).font = Font(bold=True)
        page.cell(1, place).alignment = Alignment(vertical="top")
        page.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, 14)
    page.freeze_panes = "A2"
    book.properties.creator = "Parvis"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_answers(path: Path, kept: AssessmentFile, *, home: Path | None = None) -> Submissions:
    """
    Read answers to an assessment, whoever wrote them: its own tables, or a server of forms.

    Parameters
    ----------
    path : Path
        CSV, XLSX or JSON as `answers_csv` and its siblings write them; or submissions, see
        `parvis.io.submission_reading.read_submissions`.
    kept : AssessmentFile
        What they shall join.
    home : Path, optional
        Library home with the authority's own frameworks.

    Raises
    ------
    SubmissionsUnreadableError, SubmissionsFormError, TableInvalidError
        Beside the errors of assessments' files.
    """
    if not path.is_file():
        raise SubmissionsUnreadableError(file=str(path), problem="there is no such file")
    suffix = path.suffix.lower()
    if suffix == ".json" and _is_assessment(path):
        raw = _bytes(path)
        other = assessment_from(raw, file=path.name, home=home)
        return _of_assessment(path.name, other, kept)
    lines = None
    if suffix == ".xlsx":
        lines = _xlsx_lines(path)
    elif suffix == ".csv":
        lines = _csv_lines(path)
    if lines is not None and lines and {"question", "state", "value"} <= set(lines[0][1]):
        return _of_table(path.name, lines, kept)
    return read_submissions(path, kept.assessment)


def _rows(assessment: Assessment) -> Iterable[tuple[str, ...]]:
    framework = assessment.framework
    listed = items(framework, assessment.subject, assessment.lists)
    texts = {item.key: item.question.name for item in listed}
    for answer in in_order(assessment):
        yield (
            framework.short_id,
            str(framework.version),
            answer.question,
            "/".join(answer.at),
            answer.state,
            value_text(answer.value),
            answer.assessor,
            answer.note,
            answer.when.isoformat() if answer.when else "",
            json.dumps(answer_document(answer)["evidence"], ensure_ascii=False)
            if answer.evidence
            else "",
            texts.get(answer.item, ""),
        )


def _list_rows(assessment: Assessment) -> Iterable[tuple[str, ...]]:
    """Yield the entries that assessors added: list, key and name."""
    framework = assessment.framework
    blank = [""] * len(COLUMNS)
    for key, added in sorted(assessment.lists.items()):
        for entry in added:
            row = dict(zip(COLUMNS, blank, strict=True))
            row |= {
                "framework": framework.short_id, "version": str(framework.version),
                "question": f"{LISTS}.{key}", "at": entry.key, "state": "entry",
                "value": entry.name,
            }  # fmt: skip
            yield tuple(row.values())


Lines = list[tuple[int, list[str]]]


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise SubmissionsUnreadableError(file=path.name, problem="it is too large")
    return raw


def _is_assessment(path: Path) -> bool:
    try:
        found = json.loads(_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "assessment" in found and "answers" in found


def _csv_lines(path: Path) -> Lines:
    try:
        text = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionsUnreadableError(file=path.name, problem="it is not UTF-8 text") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num, [unshielded(cell) for cell in values]) for values in reader]
    except csv.Error as problem:
        raise SubmissionsUnreadableError(file=path.name, problem="damaged text") from problem
    return [line for line in lines if any(line[1])]


def _xlsx_lines(path: Path) -> Lines:
    check_unpacked(path)
    page = open_workbook(path).worksheets[0]
    if page.max_row > MOST_ROWS:
        raise SubmissionsUnreadableError(file=path.name, problem="it is too large")
    lines = []
    rows = page.iter_rows(max_col=min(page.max_column, 50), values_only=True)
    for number, values in enumerate(rows, start=1):
        cells = [unshielded(unescaped(_cell(value))) for value in values]
        if any(cells):
            lines.append((number, cells))
    return lines


def _cell(value: Any) -> str:
    """Return a cell as text; people may have typed numbers and dates into it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _of_assessment(file: str, other: AssessmentFile, kept: AssessmentFile) -> Submissions:
    one, two = other.assessment.framework, kept.assessment.framework
    if (one.id, one.version) != (two.id, two.version):
        raise SubmissionsFormError(
            file=file,
            found=f"{one.short_id} {one.version}",
            expected=f"{two.short_id} {two.version}",
        )
    lists = merged(kept.assessment.lists, other.assessment.lists)
    answers = tuple(in_order(other.assessment))
    return Submissions(file, (Submission("", "", None, answers),), lists, {}, (), {})


def merged(
    one: Mapping[str, tuple[ListEntry, ...]], other: Mapping[str, tuple[ListEntry, ...]]
) -> dict[str, tuple[ListEntry, ...]]:
    """Return the entries of both, those of the first where both have one of the same key."""
    found = {key: {entry.key: entry for entry in added} for key, added in one.items()}
    for key, added in other.items():
        there = found.setdefault(key, {})
        for entry in added:
            there.setdefault(entry.key, entry)
    return {key: tuple(entries.values()) for key, entries in found.items() if entries}


def _of_table(file: str, lines: Lines, kept: AssessmentFile) -> Submissions:
    heads = lines[0][1]
    framework = kept.assessment.framework
    expected = f"{framework.short_id} {framework.version}"
    rows = [(number, dict(zip(heads, cells, strict=False))) for number, cells in lines[1:]]
    said = {
        f"{row.get('framework', '')} {row.get('version', '')}".strip()
        for _, row in rows
        if row.get("framework") or row.get("version")
    }
    if said - {expected}:
        raise SubmissionsFormError(
            file=file, found=", ".join(sorted(said - {expected})[:3]), expected=expected
        )
    entries: dict[str, tuple[ListEntry, ...]] = {}
    for _, row in rows:
        key = row.get("question", "")
        if key.startswith(f"{LISTS}.") and row.get("state") == "entry":
            added = ListEntry(row.get("at", ""), row.get("value", ""))
            entries[key[6:]] = (*entries.get(key[6:], ()), added)
    lists = merged(kept.assessment.lists, entries)
    known = {item.key: item for item in items(framework, kept.assessment.subject, lists)}
    answers, problems = [], []
    for number, row in rows:
        if row.get("state") == "entry":
            continue
        try:
            answers.append(_answer(row, kept.assessment, known))
        except (ValueTextError, KeyError, ValueError, TypeError) as problem:
            problems.append((number, row, problem))
    if problems:
        raise _invalid(file, problems)
    return Submissions(file, (Submission("", "", None, tuple(answers)),), lists, {}, (), {})


def _answer(row: Mapping[str, str], assessment: Assessment, known: Mapping[str, Item]) -> Answer:
    at = row.get("at", "")
    bare = Answer(row.get("question", ""), tuple(at.split("/")) if at else ())
    item = known[bare.item]
    state = row.get("state") or "answered"
    text = row.get("value", "")
    is_photo = item.question.kind == "photo"
    value = value_of_text(text, item.question.kind) if text and not is_photo else None
    when = row.get("when", "")
    answer = Answer(
        question=bare.question,
        at=bare.at,
        state=cast("AnswerState", state),
        value=value,
        assessor=row.get("assessor", ""),
        note=row.get("note", ""),
        evidence=tuple(EvidenceFile(**file) for file in json.loads(row.get("evidence") or "[]")),
        when=dt.datetime.fromisoformat(when) if when else None,
    )
    check_answer(assessment.framework, item, answer)
    return answer


def _invalid(
    file: str, problems: Sequence[tuple[int, Mapping[str, str], Exception]]
) -> TableInvalidError:
    listed = []
    for number, row, problem in problems[:20]:
        item = row.get("question", "")
        if isinstance(problem, InputError) and not isinstance(problem, ValueTextError):
            said = ", ".join(
                str(v) for k, v in problem.details.items() if k in ("value", "known", "accepted")
            )
        else:
            said = row.get("value", "")[:60]
        listed.append(f"  row {number}, {item[:60]}: {said}")
    if len(problems) > 20:
        listed.append("  …")
    return TableInvalidError(file=file, n=len(problems), listed="\n".join(listed))
