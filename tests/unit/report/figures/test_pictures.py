"""Pictures: well-formed, without style or script, with the words and marks of what they show."""

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from figure_samples import SAMPLES, area_map, interval_dots, pair, profile, trend, waterfall
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.indicators.estimates import Flag
from parvis.report.figures import (
    Figure,
    FigureError,
    Kind,
    Layout,
    Mark,
    Series,
    embedded,
    screen_svg,
    summary,
    to_png,
    to_svg,
)
from parvis.report.figures.areas import pattern_of
from parvis.report.figures.styles import COLOURS, STYLES, style_sheet
from parvis.report.figures.trend import stretches

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert(1)</script>"\' onload="x" & <b style="x">\x00\x0b\u202e]]>'
ROOT = Path(__file__).parents[4]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own text, looked at for being well-formed


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("kind", Kind)
def test_a_picture_for_a_page_has_neither_style_nor_script(kind, layout):
    figure = SAMPLES[kind]()
    root = parsed(screen_svg(figure, layout))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) not in {"style", "script", "foreignObject", "a"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    assert root.get("role") == "img"
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title.text == figure.title
    assert about.text == summary(figure)
    assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("kind", Kind)
def test_everything_lies_within_the_picture(kind, layout):
    root = parsed(screen_svg(SAMPLES[kind](), layout))
    _, _, width, height = map(float, root.get("viewBox").split())
    for element in root.iter():
        for name in {"x", "cx", "x1", "x2", "y", "cy", "y1", "y2"} & element.attrib.keys():
            most = height if "y" in name else width
            assert -0.01 <= float(element.get(name)) <= most + 0.01, element.attrib


@pytest.mark.parametrize("kind", Kind)
def test_screen_and_print_draw_the_same(kind):
    figure = SAMPLES[kind]()
    screen, printed = texts(screen_svg(figure)), texts(to_svg(figure))
    assert [text for text in printed if text in set(screen)] == screen


@pytest.mark.parametrize("kind", Kind)
def test_every_class_of_a_picture_is_in_the_style_sheet(kind):
    said = screen_svg(SAMPLES[kind]())
    for name in re.findall(r'class="f-([^"]+)"', said):
        assert name in STYLES
        assert f".f-{name} {{" in style_sheet()


def test_the_style_sheet_of_the_pages_is_that_of_the_code():
    path = ROOT / "frontend" / "src" / "styles" / "figure-looks.css"
    assert path.read_text(encoding="utf-8") == style_sheet()


@pytest.mark.parametrize("kind", Kind)
def test_a_file_carries_title_source_period_and_caveats(kind):
    figure = dataclasses.replace(SAMPLES[kind](), source="Office", period="2025", caveats=("Odd.",))
    said = " ".join(texts(to_svg(figure)))
    for text in (figure.title, "Source: Office.", "Period: 2025.", "Odd."):
        assert text in said


def test_recorded_crime_is_drawn_with_its_reporting_rate_or_that_it_is_unknown():
    assert "42% is reported (survey 2024)" in " ".join(texts(to_svg(trend())))
    assert "it is not known how much is reported" in " ".join(texts(to_svg(profile())))


@pytest.mark.parametrize("kind", Kind)
def test_hostile_labels_stay_text(kind):
    figure = SAMPLES[kind]()
    series = tuple(
        Series(
            f"{HOSTILE}{each.name}",
            tuple(
                dataclasses.replace(
                    mark, label=f"{HOSTILE}{mark.label}", code=mark.key, note=HOSTILE
                )
                for mark in each.marks
            ),
            each.key,
        )
        for each in figure.series
    )
    hostile = dataclasses.replace(
        figure, title=HOSTILE, series=series, unit=HOSTILE, of=HOSTILE, source=HOSTILE
    )
    for svg in (screen_svg(hostile), screen_svg(hostile, Layout.NARROW), to_svg(hostile)):
        root = parsed(svg)
        assert not list(root.iter(f"{SVG}script"))
        assert "<script" not in svg
        assert "<b" not in svg
        assert "\u202e" not in svg


def test_a_line_stops_at_missing_values_and_at_breaks():
    (series,) = trend().series
    assert [[mark.label for mark in each] for each in stretches(series)] == [
        ["2018", "2019"],
        ["2021"],
        ["2022", "2023"],
    ]
    assert "break" in texts(screen_svg(trend()))


def test_a_survey_every_second_year_is_joined_but_not_over_a_missing_one():
    years = ("2013", "2015", "2017", "2021", "2023")
    series = Series("a", tuple(Mark(year, 1.0, code=year) for year in years))
    joined = [[mark.label for mark in each] for each in stretches(series)]
    assert joined == [["2013", "2015", "2017"], ["2021", "2023"]]


def test_areas_are_patterned_by_what_cannot_be_told():
    told = {mark.label: pattern_of(mark) for mark in area_map().marks}
    assert told == {
        "Old Town": "not_different",
        "Harbour": "",
        "Station quarter": "",
        "Mill Hill": "missing",
        "Riverside": "unreliable",
        "East Fields": "hidden",
    }


def test_an_area_is_filled_denser_the_higher_its_value():
    root = parsed(screen_svg(area_map()))
    filled = [
        float(element.get("fill-opacity"))
        for element in root.iter(f"{SVG}path")
        if element.get("class") == "f-area"
    ]
    values = [mark.value for mark in area_map().marks if mark.value is not None]
    order = sorted(range(len(values)), key=values.__getitem__)
    assert sorted(range(len(filled)), key=filled.__getitem__) == order


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["a", "b"]]]},
        {"type": "Nothing"},
        {},
    ],
)
def test_what_is_no_polygon_is_refused_by_the_area_it_is_of(shape):
    figure = dataclasses.replace(area_map(), shapes=dict(area_map().shapes) | {"a1": shape})
    with pytest.raises(FigureError) as caught:
        screen_svg(figure)
    assert "a1" in caught.value.details["value"]


def test_both_halves_are_drawn_even_where_one_is_missing():
    said = texts(screen_svg(pair()))
    assert said.count("objective") == said.count("perceived") == 4  # the key, and three themes
    assert "nothing is scored here" in said
    assert "not enough data" in said


def test_steps_say_their_sign():
    said = texts(screen_svg(waterfall()))
    assert "−1.3" in said or "−1.2" in said
    assert "+3.5" in said


def test_a_figure_without_values_is_drawn_and_says_so():
    for kind in (Kind.INTERVAL_DOTS, Kind.TREND, Kind.SHARE, Kind.SMALL_MULTIPLES):
        empty = Figure("x", kind, "X", (Series("a", (Mark("2025", code="2025"),)),))
        assert "no value" in screen_svg(empty) or kind is Kind.TREND
        assert summary(empty)
        assert summary(Figure("x", kind, "X", (Series("a", ()),))) == "There are no values."
        parsed(screen_svg(Figure("x", kind, "X", (Series("a", ()),))))


def test_two_layouts_and_a_prefix_give_different_identities():
    found = embedded(interval_dots(), prefix="top-")
    ids = re.findall(r' id="([^"]+)"', found.wide + found.narrow + embedded(interval_dots()).wide)
    assert len(ids) == len(set(ids))
    assert found.key == "top-dots"


def test_an_embedded_table_has_the_rows_of_the_figure():
    found = embedded(interval_dots())
    assert [row.name for row in found.rows][:2] == ["Old Town", "Harbour"]
    assert [len(row.cells) for row in found.rows] == [len(found.columns) - 1] * len(found.rows)


def test_a_png_is_made_of_the_printed_picture():
    png = to_png(interval_dots(), ppi=96)
    assert png.startswith(b"\x89PNG")
    width = int.from_bytes(png[16:20], "big")
    assert width == pytest.approx(640 + 40, abs=1)
    assert png == to_png(interval_dots(), ppi=96)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_from_the_ground_in_both_themes():
    for name in ("1", "2", "3", "4"):
        printed, said = COLOURS[name]
        light, dark = re.findall(r"#[0-9a-f]{6}", said)
        assert printed == light
        assert contrast(light, "#f4f3ef") >= 4.5
        assert contrast(dark, "#0f1315") >= 4.5


VALUES = st.floats(-1e9, 1e9) | st.none()
LABELS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from([Kind.INTERVAL_DOTS, Kind.TREND, Kind.SHARE, Kind.SMALL_MULTIPLES]),
    rows=st.lists(st.tuples(LABELS, VALUES, st.floats(0, 1e6)), max_size=8),
    target=VALUES,
    layout=st.sampled_from(Layout),
    language=st.sampled_from(["en", "fr", "pl"]),
)
def test_whatever_the_values_a_picture_and_a_summary_are_made(kind, rows, target, layout, language):
    marks = tuple(
        Mark(
            label,
            value,
            None if value is None else value - spread,
            None if value is None else value + spread,
            code=f"{place}",
            flags=(Flag.BREAK,) if place == 2 else (),
        )
        for place, (label, value, spread) in enumerate(rows)
    )
    figure = Figure("x", kind, "X", (Series("a", marks),), target=target, language=language)
    parsed(screen_svg(figure, layout))
    parsed(to_svg(figure, layout))
    assert summary(figure)
