"""Which answer sheets of a survey can be used, and what do they say."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.answered import Answers, Counted, Kind
from parvis.indicators.surveyed import AREA, SPLITS, Answered
from parvis.indicators.values import period_days
from parvis.io.observation_import import Rejected
from parvis.io.survey_map import (
    DISABILITY,
    OPEN_LINK,
    SplitColumn,
    SurveyMap,
    pieces,
    question_column,
    split_column,
    words_of,
)
from parvis.io.survey_request import SurveyRequest, sample_of
from parvis.io.survey_table import SurveyTable

if TYPE_CHECKING:
    from parvis.indicators.survey.linear import Sample
    from parvis.packs.question_models import QuestionModule

Words = NDArray[np.object_]
OLDEST = 120.0
"""Years of age above which a cell is a slip of the pen."""
N_NAMED = 30
HARD = ("a_lot", "cannot")
"""Answers of the Washington Group short set that mean a disability."""


class RowsReader:
    """
    Reads the rows of a survey's file, and collects those that cannot be used.

    Parameters
    ----------
    table : SurveyTable
    mapping : SurveyMap
    module : QuestionModule
    """

    def __init__(self, table: SurveyTable, mapping: SurveyMap, module: "QuestionModule") -> None:
        self.table = table
        self.mapping = mapping
        self.module = module
        self.rejected: dict[int, Rejected] = {}

    def kept(self) -> SurveyTable:
        """
        Return the table without the rows that cannot be used.

        Raises
        ------
        SurveyColumnError, SurveyNumberError, SurveyDecimalsError
            If the file lacks a column that the map names, or numbers cannot be read.
        """
        self._check_persons()
        self._check_design()
        for name in self.module.questions:
            self._check_question(name)
        for split in SPLITS:
            self._check_split(split)
        good = [at for at in range(len(self.table.rows)) if at not in self.rejected]
        columns = {name: [cells[at] for at in good] for name, cells in self.table.columns.items()}
        return replace(self.table, columns=columns, rows=tuple(self.table.rows[at] for at in good))

    def _reject(self, at: int, column: str, code: str, **details: Any) -> None:
        if at not in self.rejected:
            row = self.table.rows[at]
            told = {"row": row, "column": column, **details}
            self.rejected[at] = Rejected(row, column, code, told)

    def _check_persons(self) -> None:
        if self.mapping.id:
            first: dict[str, int] = {}
            for at, word in enumerate(self.table.labels(self.mapping.id)):
                if word and word in first:
                    self._reject(
                        at, self.mapping.id, "survey_row_twice", value=word, first=first[word]
                    )
                first.setdefault(word, self.table.rows[at])
        days = period_days(self.mapping.period)
        if self.mapping.date and days is not None:
            for at, cell in enumerate(self.table.cells(self.mapping.date)):
                day = _day(cell)
                if day is None or not days[0] <= day <= days[1]:
                    self._reject(
                        at, self.mapping.date, "survey_row_date", value=str(cell)[:40],
                        period=self.mapping.period,
                    )  # fmt: skip

    def _check_design(self) -> None:
        design = self.mapping.design
        if not design:
            return
        may_be_zero = self.mapping.zero_weights != "refuse"
        column = design["weights"]
        for at, weight in enumerate(self.table.numbers(column).tolist()):
            is_weight = math.isfinite(weight) and (weight > 0.0 or (may_be_zero and weight == 0.0))
            if not is_weight:
                cell = str(self.table.cells(column)[at])[:40]
                self._reject(at, column, "survey_row_weight", value=cell)
        for key in ("strata", "clusters"):
            for name in design[key].split("+") if key in design else ():
                for at, word in enumerate(self.table.labels(name)):
                    if not word:
                        self._reject(at, name, "survey_row_design")

    def _check_question(self, name: str) -> None:
        column = question_column(self.mapping, name)
        for each in column.columns.values():
            self.table.cells(each)
        if name in self.mapping.questions and column.column:
            self.table.cells(column.column)
        if not column.column or column.column not in self.table.columns:
            return
        offered = words_of(self.module, name)
        if not offered:
            return
        several = self.module.questions[name].kind == "several"
        for at, word in enumerate(self.table.labels(column.column)):
            if word in column.answers:
                continue
            for piece in pieces(word, offered, several=several):
                if piece not in column.answers and piece.casefold() not in offered:
                    accepted = ", ".join(dict.fromkeys([*column.answers, *offered.values()]))
                    self._reject(
                        at, column.column, "survey_row_answer", value=piece[:40],
                        question=name, accepted=accepted[:300],
                    )  # fmt: skip

    def _check_split(self, split: str) -> None:
        if split in self.mapping.splits:
            self.table.cells(self.mapping.splits[split].column)
        told = split_column(self.mapping, split)
        if told is None or told.column not in self.table.columns:
            return
        if told.bands:
            for at, age in enumerate(self.table.numbers(told.column).tolist()):
                if not (math.isnan(age) or 0.0 <= age <= OLDEST):
                    self._reject(at, told.column, "survey_row_age", value=age)
            return
        for at, word in enumerate(self.table.labels(told.column)):
            group = told.words.get(word, word)
            if split == AREA and group and self.mapping.areas and group not in self.mapping.areas:
                known = ", ".join(self.mapping.areas[:N_NAMED])
                self._reject(at, told.column, "survey_row_area", value=word[:40], known=known)
            elif split in self.mapping.splits and told.words and word not in told.words and word:
                known = ", ".join(list(told.words)[:N_NAMED])
                self._reject(at, told.column, "survey_row_group", value=word[:40], known=known)


def answered_of(table: SurveyTable, mapping: SurveyMap, module: "QuestionModule") -> Answered:
    """
    Return what the usable rows of a survey say.

    Raises
    ------
    SurveyError
        If the design cannot be used: a stratum of one cluster, populations that vary, totals that
        do not fit.
    """
    said = {}
    for name in module.questions:
        answers = _answers(table, mapping, module, name)
        if answers is not None:
            said[name] = answers
    groups: dict[str, Words] = {}
    for split in SPLITS:
        told = split_column(mapping, split)
        if told is not None and told.column in table.columns:
            groups[split] = _groups(table, told, module, split)
    if "disability" not in groups and any(name in said for name in DISABILITY):
        groups["disability"] = _disability([said[name] for name in DISABILITY if name in said])
    return Answered(
        sample=_sample(table, mapping),
        said=said,
        groups=groups,
        others={code: _own(table, each) for code, each in mapping.indicators.items()},
        is_open=mapping.sample == OPEN_LINK,
    )


def _sample(table: SurveyTable, mapping: SurveyMap) -> "Sample":
    from parvis.indicators.survey.design import survey_design
    from parvis.indicators.survey.weighting import TRIM, rake

    sample: Sample
    if mapping.design and mapping.sample != OPEN_LINK:
        request = SurveyRequest(
            design=mapping.design,
            nested=mapping.nested,
            lonely=mapping.lonely,
            zero_weights=mapping.zero_weights,
        )
        sample = sample_of(table, request)
    else:
        sample = survey_design(np.ones(len(table.rows)))
    if not mapping.margins:
        return sample
    columns = {name: table.labels(name) for name in mapping.margins}
    return rake(sample, columns, mapping.margins, trim=TRIM).sample


def _answers(
    table: SurveyTable, mapping: SurveyMap, module: "QuestionModule", name: str
) -> Answers | None:
    column = question_column(mapping, name)
    offered = words_of(module, name)
    if not offered:
        return None
    n = len(table.rows)
    chosen = {choice.key: np.zeros(n, dtype=np.bool_) for choice in module.choices_of(name)}
    blank = np.ones(n, dtype=np.bool_)
    if column.columns:
        yes = {word.casefold() for word in column.yes}
        for answer, each in column.columns.items():
            words = table.labels(each)
            chosen[answer] = np.array([word.casefold() in yes for word in words], dtype=np.bool_)
            blank &= words == ""
    elif column.column in table.columns:
        several = module.questions[name].kind == "several"
        for at, word in enumerate(table.labels(column.column)):
            told = word in column.answers
            listed = [word] if told else pieces(word, offered, several=several)
            for piece in listed:
                answer = column.answers.get(piece, offered.get(piece.casefold(), ""))
                if answer and answer not in module.blank:
                    chosen[answer][at] = True
                    blank[at] = False
    else:
        return None
    return Answers(blank, chosen)


def _groups(table: SurveyTable, told: SplitColumn, module: "QuestionModule", split: str) -> Words:
    found = np.full(len(table.rows), "", dtype=object)
    if told.bands:
        ages = table.numbers(told.column)
        ends = [*told.bands[1:], None]
        for low, after in zip(told.bands, ends, strict=True):
            inside = (ages >= low) & (ages < (math.inf if after is None else after))
            found[inside] = f"{low}+" if after is None else f"{low}-{after - 1}"
        return found
    question = {"sex": "D1", "migration": "D5"}.get(split)
    offered = words_of(module, question) if question else {}
    silent = {*module.blank, "dont_know"} if question else set()
    for at, word in enumerate(table.labels(told.column)):
        group = told.words[word] if word in told.words else offered.get(word.casefold(), word)
        found[at] = "" if group in silent else group
    return found


def _disability(said: Sequence[Answers]) -> Words:
    """Return who has a lot of difficulty with something, by the short set's own rule."""
    hard = np.any([each.gave(HARD) for each in said], axis=0)
    silent = np.all([each.blank for each in said], axis=0)
    found = np.where(hard, "yes", "no").astype(object)
    found[silent] = ""
    return found


def _own(table: SurveyTable, each: Any) -> Counted:
    if not each.hits:
        return Counted(Kind.MEAN, ((1.0, table.numbers(each.column)),))
    words = table.labels(each.column).astype(str)
    values = np.isin(words, list(each.hits)).astype(np.float64)
    values[(words == "") | np.isin(words, list(each.outside))] = np.nan
    return Counted(Kind.SHARE, ((1.0, values),))


def _day(cell: Any) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        return dt.date.fromisoformat(str(cell).strip()[:10])
    except ValueError:
        return None
