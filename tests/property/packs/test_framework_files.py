"""Frameworks damaged at random are read or refused in a sentence; what is read comes back."""

import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.io.framework_pages import FrameworkWorkbookError
from parvis.io.framework_workbook import write_framework_workbook
from parvis.io.framework_workbook_reading import read_framework_workbook
from parvis.packs import PackError, example_text, read_framework
from parvis.packs.conditions import (
    OPERATORS,
    And,
    Compare,
    Condition,
    ConditionError,
    Not,
    Or,
    Reached,
    State,
    parse_condition,
)
from parvis.packs.framework_writing import framework_yaml
from parvis.packs.loader import SafeLoader
from parvis.report.messages import describe

EXAMPLE = example_text("framework")
CONTENT = yaml.load(EXAMPLE, Loader=SafeLoader)  # noqa: S506 - safe, and quick
slowly = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
scraps = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(), st.text(max_size=12),
    st.sampled_from([
        "no", "met", "lit", "overlooked", "gates", "gates.width", "score:seen", "section:seeing",
        "tag:seeing", "lit == no", "outcome.NO_NAMES", "period", "tree", "matrix", "2026-02-30",
    ]),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=3),
    st.dictionaries(st.sampled_from(["key", "name", "when", "x"]), st.text(max_size=4), max_size=3),
)  # fmt: skip


signs = st.characters(exclude_categories=["Cs", "Cc", "Cn"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: Any = enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, dict):
        inner = value.items()
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


PLACES = [place for place in places(CONTENT) if place]


@slowly
@given(st.sampled_from(PLACES), st.sampled_from(["put", "drop", "double"]), scraps)
def test_a_framework_with_another_value_somewhere_is_read_or_refused(
    place: tuple[Any, ...], how: str, scrap: Any
) -> None:
    content = copy.deepcopy(CONTENT)
    owner = content
    for step in place[:-1]:
        owner = owner[step]
    if how == "put":
        owner[place[-1]] = scrap
    elif how == "drop":
        del owner[place[-1]]
    elif isinstance(owner, list):
        owner.append(copy.deepcopy(owner[place[-1]]))
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    try:
        framework = read_framework(text, name="mine.yaml")
    except PackError as error:
        sentence = describe(error)
        assert "mine.yaml" in sentence
        assert "line " in sentence
    else:
        assert read_framework(framework_yaml(framework), name="written.yaml") == framework


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.text(signs, max_size=30).map(lambda text: f"{text}."), min_size=4, max_size=4),
    st.floats(-1e9, 1e9),
    st.integers(1, 2100),
)  # fmt: skip
def test_any_text_and_number_comes_back_from_a_workbook(
    texts: list[str], low: float, version: int
) -> None:
    content = copy.deepcopy(CONTENT)
    question = content["sections"][0]["questions"][3]
    content["name"], question["name"], question["guidance"], question["unit"] = texts
    question["i18n"]["fr"]["guidance"] = texts[0]
    question.pop("computed_from")
    question["minimum"] = low
    content["replaces"] = {"version": version}
    content["version"] = version + 1
    framework = read_framework(yaml.safe_dump(content, allow_unicode=True), name="mine.yaml")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_framework_workbook(framework, path)
        again = read_framework_workbook(path)
    assert again == framework
    assert framework_yaml(again) == framework_yaml(framework)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_workbook_with_other_cells_is_read_or_refused(data: st.DataObject) -> None:
    framework = read_framework(EXAMPLE, name="x")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mine.xlsx"
        write_framework_workbook(framework, path)
        book = openpyxl.load_workbook(path)
        for _ in range(4):
            page = book[data.draw(st.sampled_from(book.sheetnames))]
            row = data.draw(st.integers(1, page.max_row + 1))
            column = data.draw(st.integers(1, page.max_column + 1))
            value = data.draw(
                st.one_of(
                    st.none(), st.booleans(), st.integers(-3, 10**6), st.dates(),
                    st.sampled_from(["=1", "no", "lit: 2", "a, b", "period: day", "lit == no"]),
                )
            )  # fmt: skip
            page.cell(row, column).value = value
        book.save(path)
        try:
            read_framework_workbook(path)
        except FrameworkWorkbookError as error:
            assert describe(error).startswith("mine.xlsx")


names = st.from_regex(
    r"\A(attribute|score)?[A-Z][A-Za-z0-9_]{0,5}(\.[A-Za-z0-9][A-Za-z0-9_-]{0,4})?\Z"
)
literals = st.one_of(
    st.from_regex(r"\A-?[A-Za-z0-9][A-Za-z0-9_.-]{0,6}\Z"),
    st.text(
        st.characters(exclude_characters='"', categories=["L", "N", "P", "S", "Zs"]), max_size=8
    ),
)
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(
        lambda name, op, values: Compare(name, op, values if op == "in" else values[:1]),
        names,
        st.sampled_from(OPERATORS),
        st.lists(literals, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(State, names, st.sampled_from(["answered", "unknown"])),
    st.builds(Reached, st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,6}\Z")),
)


def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(inner, st.builds(Not, inner), st.builds(And, several), st.builds(Or, several))


conditions = joined(joined(leaves))


@given(conditions)
def test_what_a_condition_writes_is_read_as_the_same(condition: Condition) -> None:
    assert parse_condition(str(condition)) == condition


@given(st.one_of(st.text(max_size=40), st.text('ab=!<>()[], ."-1notrand', max_size=40)))
def test_any_text_is_a_condition_or_refused_at_a_column(text: str) -> None:
    try:
        condition = parse_condition(text)
    except ConditionError as error:
        assert 1 <= error.column <= len(text) + 1
        assert error.problem
    else:
        assert parse_condition(str(condition)) == condition
