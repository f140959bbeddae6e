"""A performance specification says what barriers must do, and nothing of what could arrive."""

import re
from dataclasses import replace

import openpyxl
import pytest
from closure_samples import make_closure, make_line, make_plan, make_schedule

from parvis.report.tender import write_tender
from parvis.report.wording import UnknownLanguageError


@pytest.fixture
def book(tmp_path):
    return openpyxl.load_workbook(write_tender(tmp_path / "tender.xlsx", make_closure()))


def rows(page):
    return [list(values) for values in page.iter_rows(values_only=True)]


def table(page):
    """Rows below the header, which is the fifth row of every sheet but the first."""
    head, *body = rows(page)[4:]
    return [dict(zip(head, values, strict=True)) for values in body]


def test_every_class_of_every_line_has_its_required_rating(book):
    found = table(book["Performance"])
    assert [row["Line"] for row in found] == [n for n in (1, 2, 3, 4) for _ in range(3)]
    lorry = found[2]
    assert lorry["Rating asked for"] == "V/7200[N2B]/64/90"
    assert (lorry["Test mass at least [kg]"], lorry["Test speed at least [km/h]"]) == (7200, 64)
    assert (lorry["Angle [°]"], lorry["Penetration at most [m]"]) == (90, 3.5)


def test_line_that_no_test_reaches_says_that_the_speed_comes_down_first(book):
    fourth = [row for row in table(book["Performance"]) if row["Line"] == 4]
    assert all(row["Rating asked for"] is None for row in fourth)
    assert all("speed is brought down first" in row["Remark"] for row in fourth)


def test_layout_gives_gaps_heights_contrast_and_openings(book):
    first, second, *_ = table(book["Layout"])
    assert first["Width from face to face [m]"] == 12.0
    assert first["Elements planned"] == 8
    assert first["Clear gap at most [m]"] == 1.2
    assert first["Clear gap for people at least [m]"] == 0.9
    assert first["Height at least [m]"] == 0.5
    assert first["Visible height at least [m]"] == 1.0
    assert first["Contrast with the ground at least [1]"] == 0.3
    assert first["Opens"] == "no"
    assert second["Opens"] == "yes"
    assert second["Opening for emergency vehicles at least [m]"] == 3.7
    fourth = table(book["Layout"])[3]
    assert fourth["Kind planned"] == fourth["Elements planned"] == "to be offered"


def test_ground_lists_what_to_verify(book):
    said = [row["What to verify"] for row in table(book["Ground"]) if row["Line"] == 1]
    assert any("1.2 m" in text for text in said)
    assert "Pipes and cables" in said
    found = [row["Found in the data"] for row in table(book["Ground"]) if row["Line"] == 1]
    assert "nearest tree at 2.4 m" in found


def test_evidence_for_operable_barriers_only_where_some_open(tmp_path):
    fixed = make_schedule(make_line(1, [(0, 0), (8, 0)], street="A"),
                          {"scheme": "total_traffic_exclusion", "family": "fixed-bollard-deep",
                           "permanence": "permanent"}, n=5)  # fmt: skip
    result = make_closure(plans=(make_plan(lines=(fixed,)),))
    one = openpyxl.load_workbook(write_tender(tmp_path / "a.xlsx", result))
    other = openpyxl.load_workbook(write_tender(tmp_path / "b.xlsx", make_closure()))
    assert len(rows(other["Evidence"])) == len(rows(one["Evidence"])) + 2


def test_bidders_fill_in_a_row_for_each_line(book):
    found = table(book["Offer"])
    assert [row["Line"] for row in found] == [1, 2, 3, 4]
    assert "Price of one element [EUR]" in found[0]
    assert all(value is None for row in found for value in list(row.values())[2:])


def test_a_named_adviser_signs(book):
    said = [values[0] for values in rows(book["Sign-off"])]
    assert "Named adviser" in said
    assert "Signature" in said


def test_what_stands_already_is_left_out(book):
    said = [values for values in rows(book["Read first"]) if values[0] == "Not part of this tender"]
    assert said == [["Not part of this tender", "Line 5: a rated barrier stands here already."]]


def test_every_sheet_is_marked_and_no_person_is_named(book):
    for page in book:
        assert page["A1"].value == "TLP:AMBER"
        assert "TLP:AMBER" in page.oddHeader.center.text
    about = book.properties
    assert (about.creator, about.lastModifiedBy) == ("Parvis", "Parvis")


def test_no_speed_energy_or_risk_of_the_place_stands_in_it(tmp_path):
    path = write_tender(tmp_path / "t.xlsx", make_closure())
    book = openpyxl.load_workbook(path)
    text = " ".join(str(v) for page in book for row in rows(page) for v in row if v is not None)
    attainable = [re.escape(f"{speed:g}") for speed in (58 * 1.5, 41 * 1.5, 128 * 1.5)]
    assert not re.search(rf"\b({'|'.join(attainable)})\b", text)
    assert not re.search(r"attainable|run-up|kJ|nudging|residual", text, re.IGNORECASE)


@pytest.mark.parametrize("street", ['=HYPERLINK("x")', "+1+2", "@SUM(A1)", "Bad\x07 Street"])
def test_names_never_become_formulas(tmp_path, street):
    lines = tuple(
        replace(item, line=replace(item.line, street=street)) for item in make_plan().lines
    )
    result = make_closure(space_name=street, plans=(make_plan(lines=lines),))
    book = openpyxl.load_workbook(write_tender(tmp_path / "t.xlsx", result))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert table(book["Layout"])[0]["Where"] == street.replace("\x07", "")


def test_french_says_the_same(tmp_path):
    path = write_tender(tmp_path / "t.xlsx", make_closure(), 1, "fr")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:2] == ["À lire", "Performances"]
    assert [row["Ligne"] for row in table(book["Offre"])] == [1, 2]


def test_other_languages_are_refused(tmp_path):
    with pytest.raises(UnknownLanguageError):
        write_tender(tmp_path / "t.xlsx", make_closure(), 0, "tlh")
    assert not (tmp_path / "t.xlsx").exists()


def test_the_same_result_gives_the_same_workbook(tmp_path):
    first = openpyxl.load_workbook(write_tender(tmp_path / "a.xlsx", make_closure()))
    second = openpyxl.load_workbook(write_tender(tmp_path / "b.xlsx", make_closure()))
    assert [rows(page) for page in first] == [rows(page) for page in second]
    assert first.properties.created == second.properties.created
