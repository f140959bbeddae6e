"""The annex tells a plan line by line and to scale; the council paper gives nothing of it away."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import closure_samples as samples
import numpy as np
import pypdf
import pytest
import shapely
import typst
from report_reading import flat, text_of

from parvis.closure.results import CostRange, RatedLine
from parvis.report.closure_annex import closure_annex_data, closure_pictures
from parvis.report.closure_council import YARDSTICKS, coarse, public_options
from parvis.report.closure_layout import BAR, SCALES, SHEET_MM, layout_scale
from parvis.report.closure_maps import closure_map
from parvis.report.council import council_data
from parvis.report.documents import annex_pictures, council_paper, restricted_annex, write_report

MM_PER_POINT = 25.4 / 72
SVG = "{http://www.w3.org/2000/svg}"

WEAK = {
    "en": ("access point", "km/h", "rating", " gap", "bollard", "stand-off", "line 1", "speed",
           "penetration", "AMBER ", "planter", "Long Street:"),
    "fr": ("point d'accès", "km/h", "classe de performance", "passage libre", "borne", "ligne 1",
           "vitesse", "pénétration", "jardinière"),
    "pl": ("punkt wjazdu", "km/h", "odporności", "prześwit", "słupek", "linia 1", "prędkoś",
           "penetracj", "donic"),
}  # fmt: skip


def element(svg: bytes, gid: str) -> np.ndarray:
    """Return the vertices of the path drawn as `gid`, in points on paper."""
    root = ET.fromstring(svg)  # noqa: S314
    group = next(node for node in root.iter(f"{SVG}g") if node.get("id") == gid)
    path = next(group.iter(f"{SVG}path")).get("d")
    return np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path), dtype=float)


@pytest.fixture(scope="module")
def closure():
    return samples.make_closure()


@pytest.fixture(scope="module")
def small():
    """One line that holds."""
    return samples.make_closure(plans=(samples.make_plan(lines=samples.make_lines()[:1]),))


@pytest.fixture(scope="module")
def light(result_with):
    return result_with(access_points=(), inputs=(), speed_maps=(), profiles=())


@pytest.fixture(scope="module")
def drawn(closure, city):
    return closure_pictures(closure, city)


@pytest.fixture(scope="module")
def annex(light, closure, city, drawn):
    pictures = annex_pictures(light, city) | drawn
    return restricted_annex(light, pictures, recipients=("A. Mayor",), closure=closure)


def sheets_of(pictures, item):
    _, parts = layout_scale(item)
    return [pictures[f"closure-line-{item.line.id}-{part}.svg"] for part in range(1, parts + 1)]


def width_of(svg: bytes) -> float:
    root = ET.fromstring(svg)  # noqa: S314
    width = float(root.get("width").removesuffix("pt"))
    assert float(root.get("viewBox").split()[2]) == pytest.approx(width)
    return width * MM_PER_POINT


def test_one_metre_on_a_layout_is_as_many_millimetres_as_its_scale_says(drawn, closure):
    for item in closure.plans[0].lines:
        scale, _ = layout_scale(item)
        for svg in sheets_of(drawn, item):
            assert width_of(svg) == pytest.approx(SHEET_MM, abs=0.01)
            bar = element(svg, "scale-bar")
            bar_mm = np.ptp(bar[:, 0]) * MM_PER_POINT
            assert bar_mm == pytest.approx(BAR[scale] * 1000 / scale, abs=0.02)


def test_a_line_is_drawn_as_long_as_it_is(drawn, closure):
    for item in closure.plans[0].lines:
        scale, parts = layout_scale(item)
        if parts > 1:
            continue
        places = element(sheets_of(drawn, item)[0], "closure-line")
        line_mm = shapely.LineString(places).length * MM_PER_POINT
        assert line_mm == pytest.approx(item.line.width * 1000 / scale, abs=0.05)


def test_elements_are_drawn_as_large_as_they_are(drawn, closure):
    item = closure.plans[0].lines[1]
    scale, _ = layout_scale(item)
    for number in range(1, 6):
        places = element(sheets_of(drawn, item)[0], f"element-{number}")
        across = np.ptp(places[:, 0]) * MM_PER_POINT
        assert across == pytest.approx(300 / scale, abs=0.02)


def test_every_element_and_gap_is_on_a_sheet(drawn, closure):
    item = closure.plans[0].lines[2]
    sheets = [svg.decode() for svg in sheets_of(drawn, item)]
    for number in range(1, len(item.elements) + 1):
        assert any(f'id="element-{number}"' in svg for svg in sheets)


def test_the_page_keeps_the_scale_of_the_drawing(drawn, closure):
    """A picture typeset as wide as the template says is as wide on the page as its sheet."""
    svg = sheets_of(drawn, closure.plans[0].lines[0])[0]
    wide = closure_annex_data(closure, space="Corn Market")["sheet_mm"]
    source = (
        f'#set page(width: auto, height: auto, margin: 0mm)\n#image("a.svg", width: {wide} * 1mm)'
    )
    pdf = typst.compile({"main.typ": source.encode(), "a.svg": svg})
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert float(page.width) * MM_PER_POINT == pytest.approx(width_of(svg), abs=0.02)


def test_long_lines_are_cut_into_sheets_that_show_all_of_them():
    for length in (2.0, 14.0, 15.0, 29.0, 60.0, 116.0, 300.0):
        line = make_straight(length)
        scale, parts = layout_scale(line)
        assert scale in SCALES
        assert parts * (SHEET_MM - 24) * scale / 1000 >= length - 1e-9
        if length <= 116:
            assert scale <= 200


def make_straight(length: float):
    line: RatedLine = samples.make_line(1, [(0, 0), (length, 0)], street="")
    return samples.make_schedule(line)


def test_drawings_and_map_are_the_same_bytes_every_time(city, small):
    assert closure_pictures(small, city) == closure_pictures(small, city)
    assert closure_map(city, samples.make_open_closure()) == closure_map(
        city, samples.make_open_closure()
    )


def test_the_annex_holds_schedule_checks_plans_risks_and_sign_off(annex):
    text = flat(text_of(annex))
    for words in (
        "Barrier schedule", "layout at 1:100 on A4 paper", "layout at 1:200", "part 4 of 4",
        "short by 0.48 m", "to verify", "Nearest to the place", "Slow pushing and nudging",
        "To be filled in by the named adviser", "not against Lorry", "nothing suitable",
        "Closure plan: Run", "b2b2b2",
    ):  # fmt: skip
        assert words in text, words


def test_the_annex_without_a_closure_has_no_such_chapter(light, city):
    text = flat(text_of(restricted_annex(light, annex_pictures(light, city))))
    assert "Closure plan" not in text
    assert "Barrier schedule" not in text


@pytest.mark.parametrize("make", [samples.make_open_closure, samples.make_partial_closure])
def test_what_cannot_be_closed_stands_in_the_annex(light, city, make):
    closure = make()
    pictures = annex_pictures(light, city, "fr") | closure_pictures(closure, city, "fr")
    text = flat(text_of(restricted_annex(light, pictures, "fr", closure=closure)))
    assert "Le lieu ne peut pas être fermé ici" in text
    assert "gros pointillés" in text


def test_variants_stand_in_the_annex_as_they_are_given(light, city, small):
    overview = closure_map(city, small)
    comparison = {
        "head": ["What", "Present", "Plan of the architect"],
        "rows": [["Access points", "5", "3"]],
        "notes": ["The design is a draft."],
        "pictures": [{"file": "after.svg", "alt": "Map", "caption": "After.", "content": overview}],
    }
    pictures = annex_pictures(light, city) | {"after.svg": overview}
    text = flat(text_of(restricted_annex(light, pictures, comparison=comparison)))
    for words in ("Plan of the architect", "The design is a draft.", "After."):
        assert words in text


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_the_council_paper_with_options_says_nothing_about_weaknesses(
    result, city, closure, language
):
    text = flat(text_of(council_paper(result, city, language, closure=closure)))
    for word in WEAK[language]:
        assert word.lower() not in text.lower(), word
    assert not re.search(r"\d+\s*(km|m/s|kJ|mph|t\b)", text)
    assert not re.search(r"\d[.,]\d+ m\b", text)
    assert not re.search(r"[MN]\d[A-G]?\b", text)
    assert "V/" not in text
    assert {"en": "Temporary", "fr": "Temporaire", "pl": "Tymczasowa"}[language] in text


def other_closure():
    """The same public options from a plan that differs in everything else."""
    closure = samples.make_closure()
    plan = closure.plans[0]
    lines = tuple(
        replace(
            item,
            line=replace(
                item.line,
                geometry=item.line.geometry[::-1] + 3.0,
                street="Another Street",
                stand_off=0.5,
                classes=item.line.classes[:1],
                access_points=(9, 10),
            ),
            options=tuple(
                replace(o, is_suitable=not o.is_suitable, coverage=(), n_elements=99, gap=0.7,
                        family="rated-wall" if o.family else "", reasons=("unrated",))
                for o in item.options
            ),
            chosen=-1 if item.chosen >= 0 else 4,
            elements=(),
            gaps=(),
            coverage=(),
            residual_risks=(),
        )
        for item in plan.lines
    )  # fmt: skip
    changed = replace(
        plan, lines=lines, enclosed=closure.protected_area, cost=CostRange(1, 2, "EUR", True),
        still_reached_by=("M1",), cut_cost=1, rounds=9, left_open=4,
    )  # fmt: skip
    return replace(
        closure, plans=(changed,), cannot_close="forbidden_ground_joins",
        where_not=closure.protected_area, vehicles=("N3G",), design="limit", notices=(),
        provenance={},
    )  # fmt: skip


def test_council_paper_depends_on_public_options_alone(result, city, closure):
    other = other_closure()
    assert public_options(other) == public_options(closure)
    assert council_paper(result, city, closure=other) == council_paper(
        result, city, closure=closure
    )


def test_council_paper_with_options_is_the_same_whatever_the_approach_found(
    result, result_with, city, closure
):
    cleared = result_with(access_points=(), inputs=(), profiles=(), notices=(), design="limit")
    assert council_paper(cleared, city, closure=closure) == council_paper(
        result, city, closure=closure
    )


def test_public_costs_do_not_tell_whether_a_kind_suffices(closure):
    plan = closure.plans[0]
    none_suits = tuple(
        replace(
            item,
            options=tuple(replace(option, is_suitable=False) for option in item.options),
            chosen=-1,
        )
        for item in plan.lines
    )
    other = replace(closure, plans=(replace(plan, lines=none_suits),))
    assert public_options(other).costs == public_options(closure).costs
    assert all(cost is not None for cost in public_options(closure).costs.values())


def test_public_amounts_enclose_the_computed_ones_in_coarse_steps():
    for amount in (0, 1, 9.99, 10, 149, 183_400, 1_999_999, 1e9):
        low, high = coarse(amount, is_high=False), coarse(amount, is_high=True)
        assert low <= amount <= high
        assert high <= 2.01 * max(amount, 0.5)
        for told in (low, high):
            assert str(told).rstrip("0") in ("", "1", "15", "2", "3", "5", "7")


def test_public_answers_stand_beside_the_yardsticks_of_the_paper(result, closure):
    assert len(YARDSTICKS) == len(council_data(result)["t"]["sections"]["options"]["rows"])
    rows = council_data(result, "en", public_options(closure))["options"]["yardsticks"]
    answers = {row[0]: row[2] for row in rows}
    assert answers["Emergency services"] == "Yes, in what is worked out so far."
    assert answers["Cycling"].startswith("Not everywhere yet")
    assert answers["Public transport"] == "To be checked on site."
    assert answers["Leaving in a hurry"].endswith("At least 70 % of the people who can leave "
                                                  "in a minute today still could.")  # fmt: skip


def test_a_plan_without_lines_gives_a_paper_too(result, city):
    for closure in (samples.make_open_closure(), samples.make_closure(plans=(
        samples.make_plan(lines=(), checks=()),))):  # fmt: skip
        text = flat(text_of(council_paper(result, city, closure=closure)))
        assert "not yet worked out" in text
        assert "cannot be closed" not in text


def test_write_report_writes_both_documents_with_the_plan(light, city, small, tmp_path):
    comparison = {"head": ["What", "Present"], "rows": [["a", "b"]], "notes": [], "pictures": []}
    report = write_report(
        light, city, tmp_path, closure=small, comparison=comparison,
        supply=["  Line 1 stays open."],
    )  # fmt: skip
    assert "Options have been worked out" in flat(text_of(report.council_paper.read_bytes()))
    assert "Barrier schedule" in flat(text_of(report.annexes[0].read_bytes()))
    annex = flat(text_of(report.annexes[0].read_bytes()))
    assert "What can really be had" in annex
    assert "Line 1 stays open." in annex
    assert "Present and variants" in annex


def test_options_refused_for_the_same_reasons_share_a_row(closure):
    item = closure.plans[0].lines[0]
    refused = [
        samples.make_option("temporary", 6, family=family, reasons=("unrated",))
        for family in ("concrete-block", "water-filled-barrier")
    ]
    suiting = [
        samples.make_option("semi_permanent", 5, family=family, is_suitable=True)
        for family in ("surface-planter", "surface-mounted-modular")
    ]
    changed = replace(item, options=(*suiting, *refused))
    plan = replace(closure.plans[0], lines=(changed,))
    data = closure_annex_data(replace(closure, plans=(plan,)), space="Corn Market")
    rows = data["lines"][0]["option_rows"]
    assert [row[0] for row in rows] == ["Semi-permanent measures", "", "Temporary measures"]
    assert rows[2][1] == "Concrete block, unrated; Water-filled barrier, unrated"
    assert [row[5] for row in rows] == ["yes", "yes", "no"]
