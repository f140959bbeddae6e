"""No text becomes a formula in a spreadsheet."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from parvis.report.cells import neutralised


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "−1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "\ufeff=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["", "Market Square", "a=b", "1-2", "'=1", -5, -5.5, None, True, date(2026, 1, 1)]
)
def test_everything_else_stays_as_it_is(value):
    assert neutralised(value) is value


def test_no_cell_of_a_workbook_is_a_formula():
    sheet = openpyxl.Workbook().active
    sheet.append([neutralised("=1+1")])
    assert sheet["A1"].data_type == "s"


def test_no_cell_of_a_csv_begins_like_a_formula():
    out = io.StringIO()
    csv.writer(out).writerow([neutralised("@SUM(A1)"), neutralised("\r=1,2")])
    cells = next(csv.reader(io.StringIO(out.getvalue())))
    assert all(cell.startswith("'") for cell in cells)
