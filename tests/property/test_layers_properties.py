"""Tables joined and cut, layers in any order, survey sheets there and back."""

import datetime as dt
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from hamlet import EAST, NORTH, degrees, metres, store_hamlet
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.approach.results import UncertainInput
from parvis.city.assemble import build_table, extend_strings, find_texts, join, retag, take
from parvis.city.corrections import GREATEST_VALUE, Correction, CorrectionKind, Method
from parvis.city.layers import Layer, resolve
from parvis.city.table import FeatureTable, Strings
from parvis.io.correction_rows import COLUMNS, read_correction_file
from parvis.io.survey_sheet import survey_rows, survey_workbook
from parvis.io.vector import read_rows
from parvis.terms import Grade

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
WORD = st.sampled_from(["wall", "fence", "hedge", "kerb"])
LINE = st.builds(
    lambda x, y, dx, dy: shapely.LineString([(x, y), (x + dx, y + dy)]),
    st.floats(0, 100), st.floats(0, 100), st.floats(1, 50), st.floats(1, 50),
)  # fmt: skip
ROW = st.tuples(LINE, WORD, TEXT, st.dictionaries(TEXT.filter(bool), TEXT, max_size=3))


def table_of(rows) -> FeatureTable:
    return build_table(
        "line",
        [line for line, *_ in rows],
        {"osm_id": np.arange(len(rows), dtype=np.int64)},
        texts={"name": [name for _, _, name, _ in rows]},
        coded={"kind": [word for _, word, _, _ in rows]},
        tags=[tags for *_, tags in rows],
    )


def rows_of(table: FeatureTable):
    return [
        (table.geometry[i].wkb, str(table.words("kind")[i]), table.text("name", i), table.tags(i))
        for i in range(len(table))
    ]


def plain(rows):
    return [(line.wkb, word, name, tags) for line, word, name, tags in rows]


@given(st.lists(ROW, min_size=1, max_size=5), st.lists(ROW, max_size=5))
def test_joined_tables_hold_the_rows_of_both_in_order(one, other):
    assert rows_of(join(table_of(one), table_of(other))) == plain([*one, *other])


@given(st.lists(ROW, min_size=1, max_size=6), st.data())
def test_taken_rows_are_those_asked_for_in_that_order(rows, data):
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=6))
    assert rows_of(take(table_of(rows), np.array(chosen, dtype=np.int64))) == plain(
        [rows[i] for i in chosen]
    )


@given(st.lists(ROW, min_size=1, max_size=5), st.dictionaries(TEXT, TEXT, max_size=3), st.data())
def test_tagging_one_row_changes_no_other(rows, tags, data):
    row = data.draw(st.integers(0, len(rows) - 1))
    expected = plain(rows)
    expected[row] = (*expected[row][:3], expected[row][3] | tags)
    assert rows_of(retag(table_of(rows), row, tags)) == expected


@given(st.lists(TEXT, max_size=30, unique=True), st.lists(TEXT, max_size=30))
def test_text_pool_finds_every_text_and_grows_without_moving_any(known, new):
    pool = Strings.of(known)
    assert find_texts(pool, known) == {text: i for i, text in enumerate(known)}
    grown, index = extend_strings(pool, new)
    assert list(grown)[: len(known)] == known
    assert all(grown[index[text]] == text for text in new)


def layer(order: int, south: float, *, replacing: bool) -> Layer:
    house = metres(shapely.box(0, south, 50, south + 5))
    table = build_table(
        "polygon",
        [house],
        {"osm_id": np.array([-order]), "level": np.zeros(1, dtype=np.int8)},
        coded={"kind": ["building"], "osm_type": ["layer"]},
        tags=[{"parvis:grade": "B"}],
    )
    return Layer(
        f"l{order}", order, "buildings", replacing, {"areas": table}, house, f"h{order}", {}
    )


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(tmp_path_factory.mktemp("home")))
        return store_hamlet()


LAYER = st.tuples(st.floats(-4, 40), st.booleans())


@given(st.lists(LAYER, min_size=1, max_size=4), st.randoms())
@settings(max_examples=15)
def test_layers_resolve_the_same_in_whatever_order_they_are_given(hamlet, said, random):
    layers = [layer(i, y, replacing=r) for i, (y, r) in enumerate(said, start=1)]
    before = rows_of_areas(hamlet)
    one = resolve(hamlet, layers)
    random.shuffle(layers)
    other = resolve(hamlet, layers)
    assert one.hash == other.hash
    assert rows_of_areas(one) == rows_of_areas(other)
    assert np.array_equal(one.segments.width, other.segments.width)
    assert rows_of_areas(hamlet) == before


def rows_of_areas(city):
    return [(g.wkb, city.areas.tags(i)) for i, g in enumerate(city.areas.geometry)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["clear_width", "street_width", "obstacle", "ground"]),
            st.floats(5, 195),
            st.one_of(st.none(), st.floats(0.01, 40).map(lambda v: round(v, 2))),
            st.sampled_from(["yes", "no", ""]),
            st.sampled_from(list(Method)),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=10)
def test_survey_sheet_reads_back_what_was_filled_in(hamlet, tmp_path_factory, said):
    inputs = tuple(
        UncertainInput(
            key={"street_width": "street_width:way/1", "obstacle": "obstacle:node/31"}.get(
                what, f"{what}:access-point/{i}"
            ),
            what=what, value=3.0, sigma=1.5, grade=Grade.C, x=EAST + x, y=NORTH + 2.0,
            label="Long Street", access_points=(i,),
        )
        for i, (what, x, *_) in enumerate(said)
    )  # fmt: skip
    rows = survey_rows(Result(inputs), {}, "see plan")
    book = openpyxl.load_workbook(
        BytesIO(survey_workbook(rows, {"method": "How"}, "Title", "Guide"))
    )
    names = [cell.value for cell in book.active[4]]
    expected = []
    for line, (row, (_, x, value, there, method)) in enumerate(zip(rows, said, strict=True), 5):
        is_length = row.kind in (CorrectionKind.WIDTH, CorrectionKind.GAP)
        filled = {
            "value": min(value, GREATEST_VALUE[row.kind]) if value and is_length else None,
            "there": there if not is_length else "",
            "method": str(method),
            "person": "A. Surveyor",
            "date": dt.date(2026, 5, 1),
        }
        for name, cell in filled.items():
            book.active.cell(line, names.index(name) + 1).value = cell or None
        if filled["value"] or filled["there"]:
            expected.append((row.kind, filled["value"], filled["there"] != "no", method, x))
    path = Path(tmp_path_factory.mktemp("sheet")) / "filled.xlsx"
    book.save(path)
    read = read_correction_file(path, hamlet, today=dt.date(2026, 6, 1))
    assert read.n_blank == len(said) - len(expected)
    for correction, (kind, value, there, method, x) in zip(read.corrections, expected, strict=True):
        assert (correction.kind, correction.is_there, correction.method) == (kind, there, method)
        assert value is None or correction.value == pytest.approx(value)
        assert correction.geometry.x == pytest.approx(EAST + x, abs=0.01)
        assert correction.date == "2026-05-01"


class Result:
    """What the sheet needs of a result."""

    epsg = 25832

    def __init__(self, inputs):
        self.inputs = inputs


CELL = st.one_of(
    st.none(), st.integers(-999, 999), st.floats(), TEXT, st.booleans(),
    st.sampled_from(["width", "ground", "tape", "seen", "yes", "2026-05-01", "way/1", "node/31"]),
)  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL), min_size=1, max_size=5))
def test_any_cells_end_in_statements_or_in_a_list_of_problems(hamlet, tmp_path_factory, rows):
    from parvis.errors import InputError

    path = Path(tmp_path_factory.mktemp("sheet")) / "any.csv"
    lines = [";".join(COLUMNS)]
    lon, lat = degrees(20, 1)
    for row in rows:
        full = {"lon": lon, "lat": lat, "kind": "width", "method": "tape"} | row
        lines.append(";".join(str(full.get(name, "")).replace(";", ",") for name in COLUMNS))
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        read = read_correction_file(path, hamlet, person="A", today=dt.date(2026, 6, 1))
    except InputError:
        return
    assert all(isinstance(correction, Correction) for correction in read.corrections)
    assert len(read_rows(path)) - 1 >= len(read.corrections)
    assert resolve(hamlet, [], [replace(c, photo="") for c in read.corrections]).hash
