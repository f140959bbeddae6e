"""Registers and stock lists that are broken in any way give a result or one sentence."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from drawn_city import Street, draw_city
from hypothesis import given
from hypothesis import strategies as st

from parvis.errors import InputError
from parvis.io.barrier_register import read_barrier_register
from parvis.io.municipal_tables import MOST_ROWS, TableTooLargeError
from parvis.io.stock_list import read_stock
from parvis.report.messages import describe

CITY = draw_city([Street([(4e5, 58e5), (4.001e5, 58e5)], name="Market Street")])
READERS = {
    "register": lambda path: read_barrier_register(path, CITY, crs="25832"),
    "stock": read_stock,
}
HEADERS = (
    *("type", "Art", "rating", "state", "number", "Länge [cm]", "address", "Straße", "x", "y"),
    *("lon", "lat", "EPSG", "wkt", "lead time", "cost", "operable", "colour", None),
)
cells = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(
        ["NaN", "nan", "inf", "-inf", "1e999", "=1+1", "=A1", "#REF!", "31.12.2026", "2026-13-45",
         "V/7200[N2B]/64/90:1.5", "V/0[N2B]/0/0", "unrated", "closed", "half open", "Market Street",
         "Market Street 12", "12", "POINT(9 52)", "POINT(nan nan)", "POLYGON EMPTY", "25832",
         "EPSG:0", "2 weeks", "1.000,00 €", "x" * 600]
    ),
)  # fmt: skip
tables = st.lists(st.lists(cells, max_size=8), max_size=8)
headers = st.lists(st.sampled_from(HEADERS), min_size=1, max_size=9)


def answered(read, path: Path) -> None:
    """Whether a reader ends in a result or in one error with its sentence."""
    try:
        read(path)
    except InputError as error:
        assert describe(error).strip()


def written(rows, merged=()) -> bytes:
    book = openpyxl.Workbook()
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            try:
                book.active.cell(row, column, value)
            except openpyxl.utils.exceptions.IllegalCharacterError:
                continue
    for cells_of in merged:
        book.active.merge_cells(**cells_of)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("reader", READERS)
@given(tables, headers, tables, st.lists(st.tuples(*[st.integers(1, 9)] * 4), max_size=3))
def test_any_workbook(folder, reader, before, header, after, merged):
    ranges = [
        {"start_row": min(a, b), "end_row": max(a, b),
         "start_column": min(c, d), "end_column": max(c, d)}
        for a, b, c, d in merged
    ]  # fmt: skip
    path = folder / "any.xlsx"
    path.write_bytes(written([*before, header, *after], ranges))
    answered(READERS[reader], path)


@pytest.mark.parametrize("reader", READERS)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode), st.sampled_from(
    ["xlsx", "csv", "txt", "gpkg", "geojson", "shp", "dxf", "pdf", ""]))  # fmt: skip
def test_any_bytes_under_any_name(folder, reader, content, suffix):
    path = folder / f"any.{suffix}"
    path.write_bytes(content)
    answered(READERS[reader], path)


@pytest.mark.parametrize("reader", READERS)
@given(headers, tables, st.sampled_from(";,\t|"), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_delimited_text(folder, reader, header, after, delimiter, encoding):
    lines = [delimiter.join(str(v or "") for v in row) for row in [header, *after]]
    path = folder / "any.csv"
    path.write_bytes("\n".join(lines).encode(encoding, errors="replace"))
    answered(READERS[reader], path)


GOOD = written([["type", "number", "length", "rating", "address", "x", "y", "epsg"],
                ["block", 2, 1.0, "unrated", "Market Street", 4e5, 58e5, 25832]])  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.booleans())
def test_damaged_workbook(folder, reader, at, byte, is_cut):
    content = GOOD[:at] if is_cut else GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    path = folder / "damaged.xlsx"
    path.write_bytes(content)
    answered(READERS[reader], path)


@pytest.mark.parametrize("reader", READERS)
def test_odd_files(folder, reader):
    packed = folder / "packed.xlsx"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    hollow = folder / "hollow.xlsx"
    hollow.write_bytes(written([]))
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "folder.xlsx").mkdir(exist_ok=True)
    for name in ("packed.xlsx", "hollow.xlsx", "empty.xlsx", "empty.csv", "folder.xlsx", "no.xlsx"):
        with pytest.raises(InputError):
            READERS[reader](folder / name)


@pytest.mark.parametrize("reader", READERS)
def test_table_far_too_long_is_refused_before_it_is_read(folder, reader):
    row = b'<row><c t="inlineStr"><is><t>block</t></is></c></row>'
    long = folder / "long.xlsx"
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(long, "w", 8) as archive:
        for name in good.namelist():
            content = good.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", row * 100_000 + b"</sheetData>")
            archive.writestr(name, content)
    with pytest.raises(TableTooLargeError):
        READERS[reader](long)
    text = folder / "long.csv"
    text.write_text("type,number,length,rating,address\n" + "block,1,1,,\n" * 100_000)
    with pytest.raises(TableTooLargeError):
        READERS[reader](text)


@pytest.mark.parametrize("reader", READERS)
def test_one_cell_at_the_far_corner_does_not_fill_the_memory(folder, reader):
    path = folder / "far.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.active.cell(1_048_576, 16_384, "here")
    book.save(path)
    with pytest.raises(TableTooLargeError):
        READERS[reader](path)


def test_longest_table_that_is_taken(folder):
    rows = [["type", "number", "length", "rating"]]
    rows += [["block", 1, 1.0, "unrated"]] * (MOST_ROWS // 10)
    path = folder / "many.xlsx"
    path.write_bytes(written(rows))
    assert len(read_stock(path).items) == MOST_ROWS // 10
