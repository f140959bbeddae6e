"""Which columns of a survey's file answer which question, and what its words stand for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from parvis.errors import InputError
from parvis.indicators.measures import Edition
from parvis.indicators.survey.design import Lonely
from parvis.indicators.survey.publication import Rule
from parvis.indicators.survey.weights import ZeroWeights
from parvis.indicators.surveyed import AREA, NO_RULE, SPLITS
from parvis.indicators.values import DataGrade, period_days
from parvis.io.survey_request import DESIGN_KEYS

if TYPE_CHECKING:
    from parvis.io.survey_table import SurveyTable
    from parvis.packs.question_models import QuestionModule

BANDS = (16, 25, 45, 65)
"""First years of the age bands where a map names none."""
UNTOLD = "?"
"""Stands in a draft for what a word means that could not be told."""
PROBABILITY, OPEN_LINK = "probability", "open_link"
DISABILITY = ("D3a", "D3b", "D3c", "D3d", "D3e", "D3f")
_OWN = {"sex": "D1", "age": "D2", AREA: "D4", "migration": "D5"}
_LARGEST = 1_000_000
_TEXTS = ("period", "area", "source", "id", "date", "sheet")
_CHOICES = {
    "grade": [each.value for each in DataGrade],
    "sample": [PROBABILITY, OPEN_LINK],
    "edition": [each.value for each in Edition],
    "rule": [*(each.value for each in Rule), NO_RULE],
    "lonely": [each.value for each in Lonely],
    "zero_weights": [each.value for each in ZeroWeights],
}


class SurveyMapError(InputError):
    """A map of a survey's questions cannot be used; details: file, key, problem."""

    code: ClassVar[str] = "survey_map"


@dataclass(frozen=True, slots=True)
class QuestionColumn:
    """
    Where a question is answered.

    Attributes
    ----------
    column : str
        Holds an answer, or several parted by spaces, commas, semicolons or ``|``.
    answers : mapping of str to str
        The file's words and what they mean; nothing where they mean that nobody answered.
    columns : mapping of str to str
        Instead of `column`: a column of yes and no for each answer.
    yes : tuple of str
        Words of such columns that mean yes.
    """

    column: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = ("1", "yes", "true", "oui", "tak")


@dataclass(frozen=True, slots=True)
class SplitColumn:
    """
    Where a file says which group a person belongs to.

    Attributes
    ----------
    column : str
    words : mapping of str to str
        The file's words and the groups they mean; nothing for no group.
    bands : tuple of int
        First years of age bands, where the column holds years.
    """

    column: str
    words: Mapping[str, str] = field(default_factory=dict)
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnIndicator:
    """
    An indicator that the module does not ask for.

    Attributes
    ----------
    column : str
    hits, outside : tuple of str
        Words that count, and those that are no part of it; no hits for a mean of numbers.
    """

    column: str
    hits: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyMap:
    """
    How a survey's file is read.

    Attributes
    ----------
    period, area : str
        Of the whole survey.
    source, grade : str
    sample : str
        ``probability``, or ``open_link`` where anybody could answer.
    edition : str
        Of SDG 11.7.2.
    rule : str
        Publication rule.
    id, date : str
        Columns of a person's number and of the day of the interview; empty for none.
    sheet : str
    design : mapping of str to str
        Columns by one of `DESIGN_KEYS`; empty for a simple sample.
    nested : bool
    lonely, zero_weights : str
    margins : mapping of str to mapping
        Known totals by column and word, to weight to.
    questions : mapping from question to QuestionColumn
    splits : mapping from split to SplitColumn
    areas : tuple of str
        Codes that are accepted; empty accepts all.
    indicators : mapping from code to OwnIndicator
    """

    period: str = ""
    area: str = "city"
    source: str = ""
    grade: str = "B"
    sample: str = PROBABILITY
    edition: str = Edition.NON_SEXUAL_OR_SEXUAL.value
    rule: str = Rule.STRICTER.value
    id: str = ""
    date: str = ""
    sheet: str = ""
    design: Mapping[str, str] = field(default_factory=dict)
    nested: bool = False
    lonely: str = Lonely.REFUSE.value
    zero_weights: str = ZeroWeights.REFUSE.value
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    questions: Mapping[str, QuestionColumn] = field(default_factory=dict)
    splits: Mapping[str, SplitColumn] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    indicators: Mapping[str, OwnIndicator] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain data as a file holds it."""

        def plain(value: Any) -> Any:
            if hasattr(value, "__dataclass_fields__"):
                return {
                    name: plain(getattr(value, name))
                    for name in value.__dataclass_fields__
                    if getattr(value, name) not in ("", (), {})
                }
            if isinstance(value, Mapping):
                return {key: plain(each) for key, each in value.items()}
            return list(value) if isinstance(value, tuple) else value

        return dict(plain(self))


def read_survey_map(path: Path, module: "QuestionModule") -> SurveyMap:
    """
    Read a saved map.

    Raises
    ------
    SurveyMapError
        Names the key.
    """
    try:
        with path.open("rb") as stream:
            said = json.loads(stream.read(_LARGEST + 1).decode("utf-8-sig"))
    except OSError:
        raise SurveyMapError(file=str(path), key="", problem="there is no such file") from None
    except (ValueError, RecursionError):
        raise SurveyMapError(file=str(path), key="", problem="it is not JSON") from None
    return survey_map_of(said, module, file=str(path))


def survey_map_of(said: object, module: "QuestionModule", *, file: str = "") -> SurveyMap:
    """
    Return a map from plain data; questions that it does not name are read from their own columns.

    Raises
    ------
    SurveyMapError
        Names the key.
    """

    def wrong(key: str, problem: str) -> SurveyMapError:
        return SurveyMapError(file=file, key=key, problem=problem)

    if not isinstance(said, dict):
        raise wrong("", "it is not an object in JSON")
    known = SurveyMap.__slots__
    for key, value in said.items():
        if key not in known:
            raise wrong(str(key), "there is no such key")
        if key in _TEXTS and not isinstance(value, str):
            raise wrong(key, "a text must stand here")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise wrong(key, f"accepted: {', '.join(_CHOICES[key])}")
        if key == "nested" and not isinstance(value, bool):
            raise wrong(key, "true or false must stand here")
    period = said.get("period", "")
    if period_days(period) is None:
        raise wrong("period", "a period such as 2025 or 2025-Q3 must stand here")
    design = _texts(said.get("design", {}), "design", wrong)
    for key in design:
        if key not in DESIGN_KEYS:
            raise wrong(f"design.{key}", f"accepted: {', '.join(DESIGN_KEYS)}")
    if design and "weights" not in design:
        raise wrong("design", "at least weights must stand here")
    made: dict[str, Any] = {key: said[key] for key in (*_TEXTS, *_CHOICES, "nested") if key in said}
    return SurveyMap(
        **made,
        design=design,
        margins=_margins(said.get("margins", {}), wrong),
        questions=_questions(said.get("questions", {}), module, wrong),
        splits=_splits(said.get("splits", {}), wrong),
        areas=_words(said.get("areas", []), "areas", wrong),
        indicators=_indicators(said.get("indicators", {}), wrong),
    )


def draft_survey_map(table: "SurveyTable", module: "QuestionModule") -> dict[str, Any]:
    """
    Return a map to fill in: columns called like questions, and the words to be told.

    Parameters
    ----------
    table : SurveyTable
        Labels of SPSS files stand for their codes.
    module : QuestionModule

    Returns
    -------
    dict
        `UNTOLD` where a meaning could not be told; a map with it is refused.
    """
    by_name = {name.casefold(): name for name in table.columns}
    questions: dict[str, Any] = {}
    for key in module.questions:
        column = by_name.get(key.casefold())
        if column is None:
            continue
        index = words_of(module, key)
        untold = {
            word: UNTOLD
            for label in dict.fromkeys(table.labels(column).tolist())
            for word in pieces(label, index, several=module.questions[key].kind == "several")
            if index and word.casefold() not in index
        }
        entry: dict[str, Any] = {"column": column}
        if untold:
            entry["answers"] = untold
        questions[key] = entry
    weights = next((name for name in table.columns if name.casefold() in _WEIGHTS), None)
    draft: dict[str, Any] = {"period": "", "area": "city", "source": "", "questions": questions}
    if weights:
        draft["design"] = {"weights": weights}
    return draft


_WEIGHTS = ("w", "weight", "weights", "poids", "waga")


def words_of(module: "QuestionModule", question: str) -> dict[str, str]:
    """Return the answers to a question by every word for them, in lower case."""
    found: dict[str, str] = {}
    for choice in module.choices_of(question):
        names = (choice.key, choice.name, *(each.get("name", "") for each in choice.i18n.values()))
        found |= {name.casefold(): choice.key for name in names if name}
    return found


def pieces(word: str, offered: Mapping[str, str], *, several: bool) -> list[str]:
    """Return the answers that one cell names: several only where the question allows it."""
    whole = word.strip()
    if not whole:
        return []
    if not several or whole.casefold() in offered:
        return [whole]
    for sign in ("|", ";", ","):
        whole = whole.replace(sign, " ")
    return whole.split()


def question_column(mapping: SurveyMap, question: str) -> QuestionColumn:
    """Return where a question is answered: as mapped, else in the column of its name."""
    return mapping.questions.get(question) or QuestionColumn(column=question)


def split_column(mapping: SurveyMap, split: str) -> SplitColumn | None:
    """Return where a split is told: as mapped, else by the module's own question."""
    if split in mapping.splits:
        return mapping.splits[split]
    own = _OWN.get(split)
    if own is None:
        return None
    column = question_column(mapping, own)
    if not column.column:
        return None
    return SplitColumn(column.column, column.answers, BANDS if split == "age" else ())


def _questions(said: object, module: "QuestionModule", wrong: Any) -> dict[str, QuestionColumn]:
    if not isinstance(said, dict):
        raise wrong("questions", "columns by question must stand here")
    found = {}
    for name, value in said.items():
        key = f"questions.{name}"
        if name not in module.questions:
            raise wrong(key, "there is no such question")
        if isinstance(value, str):
            found[name] = QuestionColumn(column=value)
            continue
        if not isinstance(value, dict) or set(value) - {"column", "answers", "columns", "yes"}:
            raise wrong(key, "accepted: column, answers, columns, yes")
        answers = _texts(value.get("answers", {}), f"{key}.answers", wrong)
        columns = _texts(value.get("columns", {}), f"{key}.columns", wrong)
        column = value.get("column", "")
        if not isinstance(column, str) or bool(column) == bool(columns):
            raise wrong(key, "either column or columns must stand here")
        offered = {choice.key for choice in module.choices_of(name)}
        for word, answer in answers.items():
            if answer == UNTOLD:
                raise wrong(f"{key}.answers", f"the meaning of {word!r} is still to be told")
            if answer and offered and answer not in offered:
                raise wrong(f"{key}.answers", f"accepted: {', '.join(sorted(offered))}")
        for answer in columns:
            if answer not in offered:
                raise wrong(f"{key}.columns", f"accepted: {', '.join(sorted(offered))}")
        more = {"yes": _words(value["yes"], f"{key}.yes", wrong)} if "yes" in value else {}
        found[name] = QuestionColumn(column, answers, columns, **more)
    return found


def _splits(said: object, wrong: Any) -> dict[str, SplitColumn]:
    if not isinstance(said, dict):
        raise wrong("splits", "columns by split must stand here")
    found = {}
    for name, value in said.items():
        key = f"splits.{name}"
        if name not in SPLITS:
            raise wrong(key, f"accepted: {', '.join(SPLITS)}")
        if isinstance(value, str):
            value = {"column": value}
        if not isinstance(value, dict) or set(value) - {"column", "words", "bands"}:
            raise wrong(key, "accepted: column, words, bands")
        column, bands = value.get("column"), value.get("bands", [])
        if not isinstance(column, str) or not column:
            raise wrong(key, "a column must stand here")
        is_rising = isinstance(bands, list) and all(type(each) is int for each in bands)
        if not is_rising or sorted(set(bands)) != bands or any(each < 0 for each in bands):
            raise wrong(f"{key}.bands", "rising whole years must stand here")
        if bands and name != "age":
            raise wrong(f"{key}.bands", "only ages have bands")
        words = _texts(value.get("words", {}), f"{key}.words", wrong)
        if any({";", "="} & {*group} for group in words.values()):
            raise wrong(f"{key}.words", "groups are called without ; and =")
        found[name] = SplitColumn(column, words, tuple(bands))
    return found


def _indicators(said: object, wrong: Any) -> dict[str, OwnIndicator]:
    if not isinstance(said, dict):
        raise wrong("indicators", "columns by indicator must stand here")
    found = {}
    for code, value in said.items():
        key = f"indicators.{code}"
        if not isinstance(value, dict) or set(value) - {"column", "hits", "outside"}:
            raise wrong(key, "accepted: column, hits, outside")
        column = value.get("column")
        if not isinstance(column, str) or not column:
            raise wrong(key, "a column must stand here")
        hits, outside = (_words(value.get(n, []), f"{key}.{n}", wrong) for n in ("hits", "outside"))
        found[str(code)] = OwnIndicator(column, hits, outside)
    return found


def _margins(said: object, wrong: Any) -> dict[str, dict[str, float]]:
    if not isinstance(said, dict):
        raise wrong("margins", "totals by column and word must stand here")
    found: dict[str, dict[str, float]] = {}
    for column, totals in said.items():
        if not isinstance(totals, dict) or not all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in totals.values()
        ):
            raise wrong(f"margins.{column}", "totals by word must stand here")
        found[column] = {word: float(each) for word, each in totals.items()}
    return found


def _texts(said: object, key: str, wrong: Any) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(each, str) for each in said.values()):
        raise wrong(key, "texts by name must stand here")
    return said


def _words(said: object, key: str, wrong: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise wrong(key, "a list of texts must stand here")
    return tuple(said)
