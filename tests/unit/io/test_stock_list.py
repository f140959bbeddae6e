"""A stock list is read in three languages, with all its slips said at once."""

import openpyxl
import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.io.municipal_tables import TableColumnsError
from parvis.io.stock_list import (
    StockEmptyError,
    StockInvalidError,
    read_stock,
)
from parvis.report.messages import describe

RATING = "V/7200[N2B]/64/90:1.5"


def sheet(path, rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def test_three_types(tmp_path):
    rows = [
        ["Type", "Number", "Length [m]", "Rating", "Certificate", "Where kept", "Lead time [days]",
         "Cost per element", "Operable"],
        ["heavy planter", 12, 1.2, RATING, "T-17", "depot", 5, 150, "no"],
        ["concrete block", 40, "2,4 m", "unrated", None, "yard", "2 weeks", None, None],
        ["gate", 2, 4, f"{RATING}; ISO 22343-1 V/1500[M1]/80/90:0.5", None, None, None,
         "1.250,00 €"],
    ]  # fmt: skip
    planter, block, gate = read_stock(sheet(tmp_path / "s.xlsx", rows)).items
    assert (planter.kind, planter.count, planter.length) == ("heavy planter", 12, 1.2)
    assert (planter.ratings, planter.certificate, planter.place) == ((RATING,), "T-17", "depot")
    assert (planter.lead_days, planter.cost, planter.is_operable) == (5, 15_000, False)
    assert (block.ratings, block.length, block.lead_days, block.cost) == ((), 2.4, 14, None)
    assert (len(gate.ratings), gate.cost, gate.is_operable) == (2, 125_000, True)
    assert [item.row for item in (planter, block, gate)] == [2, 3, 4]


@pytest.mark.parametrize(
    "header",
    [
        ["Typ", "Anzahl", "Länge (cm)", "Klassifizierung", "Zertifikat", "Lagerort", "Lieferzeit",
         "Kosten je Einsatz"],
        ["Désignation", "Quantité", "Longueur (cm)", "Classement", "Certificat",
         "Lieu de stockage", "Délai de livraison", "Coût unitaire"],
    ],
)  # fmt: skip
def test_other_languages_and_units(tmp_path, header):
    rows = [["Liste"], header, ["Betonblock", 4, 120, "ohne", "Z1", "Bauhof", "3 Wochen", "99,50"]]
    (item,) = read_stock(sheet(tmp_path / "s.xlsx", rows)).items
    assert (item.count, item.length, item.lead_days, item.cost) == (4, 1.2, 21, 9950)
    assert (item.certificate, item.place, item.row) == ("Z1", "Bauhof", 3)


def test_merged_type_goes_for_all_its_rows(tmp_path):
    rows = [["type", "number", "length", "rating"], ["block", 1, 1, RATING], [None, 2, 2, RATING]]
    items = read_stock(sheet(tmp_path / "s.xlsx", rows, merged=["A2:A3"])).items
    assert [(item.kind, item.count) for item in items] == [("block", 1), ("block", 2)]


def test_all_slips_are_said_at_once(tmp_path):
    rows = [
        ["type", "number", "length", "rating", "lead time", "cost", "operable"],
        [None, 3, 1, "", 0, 1, "no"],
        ["block", 2.5, 1, "", 0, 1, "no"],
        ["block", 3, "NaN", "", 0, 1, "no"],
        ["block", 3, 1, "heavy duty", 0, 1, "no"],
        ["block", 3, 1, "", "soon", 1, "no"],
        ["block", 3, 1, "", 0, -1, "no"],
        ["block", 3, 1, "", 0, 1, "sometimes"],
        ["block", "=1+1", 1, "", 0, 1, "no"],
        ["block", 3, 1200, "", 0, 1, "no"],
    ]
    with pytest.raises(StockInvalidError) as caught:
        read_stock(sheet(tmp_path / "s.xlsx", rows))
    lines = describe(caught.value).split("\n")
    for row in range(2, 11):
        assert any(f"row {row}," in line for line in lines), row


def test_template_reads_back(tmp_path):
    path = tmp_path / "stock.xlsx"
    done = CliRunner().invoke(app, ["stock", "template", str(path)], catch_exceptions=False)
    assert str(path) in done.stdout
    (item,) = read_stock(path).items
    assert item.kind == "heavy planter"
    assert item.cost == 15_000
    assert item.lead_days == 5


def test_a_list_without_rows_or_without_ratings_is_said(tmp_path):
    with pytest.raises(StockEmptyError):
        read_stock(sheet(tmp_path / "a.xlsx", [["type", "number", "length", "rating"]]))
    with pytest.raises(TableColumnsError) as caught:
        read_stock(sheet(tmp_path / "b.xlsx", [["type", "number", "length"], ["block", 1, 1]]))
    assert "rating" in describe(caught.value)


def test_german_class_is_a_rating_and_what_is_not_read_is_said(tmp_path):
    rows = [
        ["Typ", "Anzahl", "Länge", "Klasse", "Plakette", "Farbe"],
        ["Poller", 3, 1, RATING, "V/1500[M1]/80/90", "rot"],
        ["Block", 2, 1, "V/1500[M1]/64/90", None, None],
    ]
    reading = read_stock(sheet(tmp_path / "s.xlsx", rows))
    assert [item.ratings for item in reading.items] == [(RATING,), ("V/1500[M1]/64/90",)]
    assert {notice.code: notice.details["value"] for notice in reading.notices} == {
        "stock_column_rated": "Plakette",
        "stock_columns_unused": "Farbe",
        "stock_standard_missing": "3",
    }
