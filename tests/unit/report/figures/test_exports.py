"""Files of a figure read back as its values, with title, source, period and caveats."""

import csv
import dataclasses
import io
import json

import openpyxl
import pyarrow.parquet as pq
import pytest
from figure_samples import SAMPLES, interval_dots, trend
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.report.figures import (
    Figure,
    Kind,
    Mark,
    Series,
    csv_metadata,
    full_table,
    to_csv,
    to_json_stat,
    to_parquet,
    to_xlsx,
)
from parvis.report.figures.exports import MEASURES, facts, rows_of
from parvis.report.figures.parquet import parquet
from parvis.report.figures.table import COLUMNS, NUMBERS

KEPT = ("title", "period", "source", "caveats")


def alike(read: list[dict], rows: list[dict]) -> bool:
    """Tell whether rows are the same; workbooks keep numbers to fifteen digits."""

    def plain(row: dict, key: str) -> object:
        found = row[key]
        if key not in NUMBERS:
            return found or ""
        return None if found in ("", None) else pytest.approx(float(found), rel=1e-14)

    return len(read) == len(rows) and all(
        plain(one, key) == (other[key] if key in NUMBERS else other[key] or "")
        for one, other in zip(read, rows, strict=True)
        for key in other
    )


@pytest.mark.parametrize("kind", Kind)
def test_csv_reads_back(kind):
    figure = SAMPLES[kind]()
    read = list(csv.DictReader(io.StringIO(to_csv(figure))))
    rows = rows_of(full_table(figure))
    assert alike(read, rows)
    assert tuple(read[0]) == (*COLUMNS, *KEPT)
    assert {row["title"] for row in read} == {figure.title}
    assert {row["caveats"] for row in read} == {facts(figure)["caveats"]}


@pytest.mark.parametrize("kind", Kind)
def test_the_metadata_beside_a_csv_describe_its_columns(kind):
    figure = SAMPLES[kind]()
    said = csv_metadata(figure, "figure.csv")
    header = next(csv.reader(io.StringIO(to_csv(figure))))
    assert [column["name"] for column in said["tableSchema"]["columns"]] == header
    assert said["url"] == "figure.csv"
    assert said["dc:title"] == figure.title
    json.dumps(said, allow_nan=False)


@pytest.mark.parametrize("kind", Kind)
def test_a_workbook_reads_back(kind):
    figure = SAMPLES[kind]()
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(figure)), read_only=True)
    header, *rows = book["data"].iter_rows(values_only=True)
    assert header == COLUMNS
    read = [dict(zip(header, row, strict=True)) for row in rows]
    assert alike(read, rows_of(full_table(figure)))
    about = list(book["about"].iter_rows(values_only=True))
    assert ("title", figure.title) in about
    said = [text for key, text in about if key == "caveat"]
    assert " ".join(said) == facts(figure)["caveats"]


@pytest.mark.parametrize("kind", Kind)
def test_parquet_reads_back(kind):
    figure = SAMPLES[kind]()
    read = pq.read_table(io.BytesIO(to_parquet(figure)))
    assert read.to_pylist() == rows_of(full_table(figure))
    said = {key.decode(): value.decode() for key, value in read.schema.metadata.items()}
    assert said == facts(figure)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"])) | st.none(),
            st.floats(allow_nan=False) | st.none(),
            st.integers(-(2**63), 2**63 - 1) | st.none(),
        ),
        max_size=300,
    )
)
def test_any_column_survives_parquet(rows):
    columns = [
        (name, kind, [row[place] for row in rows])
        for place, (name, kind) in enumerate((("text", str), ("number", float), ("whole", int)))
    ]
    read = pq.read_table(io.BytesIO(parquet(columns, {"a": "b"})))
    assert [tuple(row.values()) for row in read.to_pylist()] == rows


def checked(document: dict) -> dict:
    """Check what the format says of a data set, and return its values by the keys of its cube."""
    assert document["version"] == "2.0"
    assert document["class"] == "dataset"
    assert set(document["id"]) == set(document["dimension"])
    sizes = dict(zip(document["id"], document["size"], strict=True))
    n = 1
    for name, size in sizes.items():
        category = document["dimension"][name]["category"]
        assert len(category["index"]) == len(set(category["index"])) == size
        assert set(category["label"]) == set(category["index"])
        assert set(category.get("unit", {})) <= set(category["index"])
        n *= size
    assert len(document["value"]) == n
    assert all(0 <= int(place) < n for place in document["status"])
    for role, names in document["role"].items():
        assert role in {"time", "geo", "metric"}
        assert set(names) <= set(document["id"])
    found = {}
    cube = [document["dimension"][name]["category"]["index"] for name in document["id"]]
    for place, value in enumerate(document["value"]):
        rest, keys = place, []
        for index in reversed(cube):
            rest, at = divmod(rest, len(index))
            keys.append(index[at])
        found[tuple(reversed(keys))] = value
    return found


@pytest.mark.parametrize("kind", Kind)
def test_json_stat_obeys_the_format_and_reads_back(kind):
    figure = SAMPLES[kind]()
    document = json.loads(to_json_stat(figure))
    values = checked(document)
    for series in figure.series:
        for mark in series.marks:
            for measure in MEASURES:
                assert values[series.key, mark.key, measure] == getattr(mark, measure)
    assert document["label"] == figure.title
    assert facts(figure)["summary"] in document["note"]
    assert all(caveat in " ".join(document["note"]) for caveat in figure.caveats)


def test_json_stat_says_which_dimension_is_time_and_which_is_place():
    assert json.loads(to_json_stat(trend()))["role"] == {"metric": ["measure"], "time": ["mark"]}
    roles = json.loads(to_json_stat(SAMPLES[Kind.AREA_MAP]()))["role"]
    assert roles == {"metric": ["measure"], "geo": ["mark"]}


def test_flags_travel_as_status():
    document = json.loads(to_json_stat(interval_dots()))
    assert list(document["status"].values()) == ["u", "c"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_label_becomes_a_formula(start):
    mark = dataclasses.replace(interval_dots().marks[0], label=start, note=start)
    series = (Series(start, (mark,)),)
    figure = dataclasses.replace(interval_dots(), series=series, title=start, source=start)
    (row, *_) = csv.DictReader(io.StringIO(to_csv(figure)))
    assert [row[key] for key in ("label", "series", "note", "title", "source")] == [f"'{start}"] * 5
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(figure)))
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_figure_without_values_still_gives_files():
    empty = Figure("x", Kind.TREND, "X", (Series("a", ()),))
    assert to_csv(empty).count("\r\n") == 1
    assert pq.read_table(io.BytesIO(to_parquet(empty))).num_rows == 0
    checked(json.loads(to_json_stat(empty)))
    to_xlsx(empty)


def test_signs_no_workbook_can_hold_are_left_out():
    mark = Mark("a\x00\x0bb", 1.0)
    figure = dataclasses.replace(trend(), series=(Series("a", (mark,)),))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(figure)))
    assert book["data"]["D2"].value == "ab"
