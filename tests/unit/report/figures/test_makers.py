"""Figures made from what was computed say its values, its doubts and how much is reported."""

import dataclasses

import numpy as np
import pytest
from dashboards import CATALOGUE, board, counted, seen

from parvis.incidents.concentration import concentration
from parvis.incidents.profiles import profile
from parvis.incidents.reporting import UNKNOWN
from parvis.incidents.reporting import Reporting as Rate
from parvis.indicators.dashboard import (
    Point,
    by_area,
    by_group,
    moved,
    peers,
)
from parvis.indicators.dashboard.figures_of import estimated
from parvis.indicators.dashboard.peers import Peer
from parvis.indicators.estimates import Flag
from parvis.indicators.values import observations_of
from parvis.report.figures import (
    Against,
    Kind,
    Reporting,
    Setting,
    Words,
    of_areas,
    of_block,
    of_card,
    of_concentration,
    of_groups,
    of_moved,
    of_peers,
    of_present,
    of_week,
    screen_svg,
    summary,
)
from parvis.report.figures.makers import category_name, is_recorded, unit_name
from parvis.report.wording import LANGUAGES

SETTING = Setting(CATALOGUE, city="Tessenmark")
UNREPORTED = "What is recorded is not what happens: it is not known how much is reported."


def violence():
    rows = [counted("SEC-02", year, n, 100_000.0) for year, n in (("2021", 424), ("2025", 413))]
    rows += [seen("SEN-01", "2021", 48.0, standard_error=2.0, n=600)]
    rows += [seen("SEN-01", "2025", 60.0, standard_error=2.0, n=600)]
    return board(*rows, base="2021")


def test_a_card_becomes_a_trend_against_its_base_year():
    figure = of_card(violence().by_code["SEN-01"], SETTING)
    assert figure.kind is Kind.TREND
    assert [(mark.code, mark.value) for mark in figure.marks] == [("2021", 48.0), ("2025", 60.0)]
    assert (figure.base, figure.change) == ("2021", "rose")
    assert figure.recorded is None
    assert not figure.is_complete_count
    assert "It rose since the base year." in summary(figure)


def test_recorded_crime_says_chance_and_how_much_is_reported():
    card = violence().by_code["SEC-02"]
    said = Words(of_card(card, SETTING)).caveats()
    assert said[0].startswith("Everything was counted: intervals show the range of chance")
    assert said[1] == UNREPORTED
    known = dataclasses.replace(SETTING, reporting={"SEC-02": Reporting(0.42, "survey 2024")})
    assert "42% is reported (survey 2024)" in Words(of_card(card, known)).caveats()[1]


def test_what_is_counted_by_the_police_is_recorded_and_what_people_say_is_not():
    recorded = {code for code, each in CATALOGUE.indicators.items() if is_recorded(each)}
    assert {f"SEC-0{n}" for n in range(1, 9)} <= recorded
    assert not {"SEC-12", "SEN-01", "QOL-02"} & recorded


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_block_shows_both_halves_of_each_theme(language):
    board_ = violence()
    block = next(each for each in board_.blocks if each.key == "SEC")
    figure = of_block(block, dataclasses.replace(SETTING, language=language))
    assert figure.kind is Kind.PAIR
    assert [series.code for series in figure.series] == ["objective", "perceived"]
    assert {mark.code for mark in figure.marks} <= {theme.key for theme in block.themes}
    assert screen_svg(figure)


def test_a_block_without_scores_says_that_there_are_none():
    block = next(each for each in board().blocks if each.key == "BCK")
    assert summary(of_block(block, SETTING)) == "There are no values."


def test_steps_add_up_to_the_change_of_the_score():
    rows = []
    for code, before, after in (("QOL-01", 60.0, 70.0), ("QOL-08", 70.0, 60.0)):
        for period, value in (("2021", before), ("2025", after)):
            rows.append(seen(code, period, value, standard_error=1.0, n=900))
    found = board(*rows, base="2021")
    for sphere in ("objective", "perceived"):
        told = moved(found, "QOL", sphere)
        figure = of_moved(told, found, SETTING)
        start, *steps, end = figure.series[0].marks
        assert (start.value, end.value) == (told.before, told.after)
        if told.before is None:
            assert summary(figure).startswith("Before or after there is not enough data")
        else:
            assert sum(mark.value for mark in steps) == pytest.approx(end.value - start.value)


def test_the_share_present_is_that_of_the_dashboard():
    found = violence()
    figure = of_present(found, SETTING)
    shares = {mark.code: mark.value for mark in figure.marks}
    for block in found.blocks:
        assert shares[block.key] == pytest.approx(100.0 * (1.0 - block.missing_share))


def test_groups_are_named_and_hidden_ones_have_no_value():
    rows = [seen("SEN-01", "2025", 54.0, standard_error=1.0, n=900)]
    for split, value in (("sex=f", 46.0), ("sex=m", 61.0), ("day_night=night", 50.0)):
        row = seen("SEN-01", "2025", value, standard_error=2.0, n=300)
        rows.append(dataclasses.replace(row, split=split))
    hidden = dataclasses.replace(rows[1], split="age=65-", value=None, flag=Flag.SUPPRESSED)
    table = observations_of([*rows, hidden])
    groups = by_group(table, CATALOGUE, "SEN-01", area=rows[0].area, period="2025")
    figure = of_groups(CATALOGUE.indicators["SEN-01"], groups, SETTING)
    told = {mark.label: mark for mark in figure.marks}
    assert told["Women"].value == 46.0
    assert told["65 years and over"].is_hidden
    assert figure.reference.value == 54.0
    assert {series.name for series in figure.series} == {"Sex", "Age", "Time of day"}


def areas(shapes=None):
    counts = {"a1": (40, 9_000.0), "a2": (5, 9_000.0), "a3": (24, 8_000.0)}
    rows = [
        dataclasses.replace(counted("SEC-04", "2025", n, people), area=area)
        for area, (n, people) in counts.items()
    ]
    city = counted("SEC-04", "2025", 100, 40_000.0)
    names = {"a1": "Old Town", "a2": "Harbour", "a3": "Mill Hill"}
    values = by_area(
        observations_of([*rows, city]), CATALOGUE, "SEC-04", city=city.area, period="2025",
        names=names,
    )  # fmt: skip
    indicator = CATALOGUE.indicators["SEC-04"]
    whole = Point("2025", estimated(city, indicator), city)
    return of_areas(indicator, values, SETTING, city=whole, shapes=shapes)


def test_areas_stand_by_name_and_not_by_value():
    figure = areas()
    assert figure.kind is Kind.INTERVAL_DOTS
    assert [mark.label for mark in figure.marks] == ["Harbour", "Mill Hill", "Old Town"]
    assert figure.marks[2].against is Against.HIGHER
    assert figure.marks[1].against is Against.NOT_DIFFERENT
    assert UNREPORTED in Words(figure).caveats()


def test_areas_with_shapes_become_a_map():
    ring = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    assert areas({"a1": shape}).kind is Kind.AREA_MAP


def test_a_group_of_cities_is_told_by_its_middle():
    indicator = CATALOGUE.indicators["SEN-01"]
    row = seen("SEN-01", "2025", 50.0, standard_error=1.0, n=900)
    own = Point("2025", estimated(row, indicator), row)
    others = []
    for i in range(6):
        estimate = dataclasses.replace(own.estimate, value=40.0 + i)
        point = dataclasses.replace(own, estimate=estimate)
        others.append(Peer(f"c{i}", f"City {i}", point, may_group=True))
    figure = of_peers(
        indicator, peers(own, others, indicator=indicator, is_anonymous=True), SETTING
    )
    assert [mark.label for mark in figure.marks] == ["Tessenmark", "Median of 6 other cities"]
    assert "City 1" not in str(figure.to_json())
    assert any("middle half lies from" in said for said in Words(figure).caveats())


def test_hours_of_the_week_keep_their_limits_and_what_has_no_time():
    draws = np.random.default_rng(3).integers(0, 525_600, 800)
    times = np.datetime64("2025-01-01T00:00") + draws.astype("timedelta64[m]")
    times = np.append(times, np.datetime64("NaT"))
    found = profile(times, times)
    figure = of_week(found, name="Theft", reporting=UNKNOWN)
    assert [mark.value for mark in figure.marks][:168] == found.counts.ravel().tolist()
    assert sum(mark.value for mark in figure.series[7].marks) == pytest.approx(800)
    assert "Without a time and not shown: 1." in Words(figure).caveats()
    assert UNREPORTED in Words(figure).caveats()
    mean = found.counts.mean()
    for mark in figure.marks[:168]:
        is_apart = mark.low > mean or mark.high < mean
        assert (mark.against is Against.NOT_DIFFERENT) is not is_apart


def test_concentration_tells_where_half_of_it_lies():
    found = concentration([50, 30, 10, 5, 5, 0, 0, 0, 0, 0])
    figure = of_concentration(found, name="Theft", reporting=Rate(0.3, "survey"))
    assert summary(figure) == "50% of what is recorded lies in 10.0% of the places."
    assert (figure.marks[0].value, figure.marks[-1].value) == (0.0, 100.0)
    assert any("30% is reported (survey)" in said for said in Words(figure).caveats())


def test_nothing_recorded_gives_a_figure_that_says_so():
    figure = of_concentration(concentration([0, 0]), name="Theft", reporting=UNKNOWN)
    assert summary(figure) == "There are no values."
    assert screen_svg(figure)


@pytest.mark.parametrize(
    ("dimension", "category", "said"),
    [
        ("age", "15-24", "15 to 24 years"),
        ("age", "-14", "up to 14 years"),
        ("age", "adults", "adults"),
        ("sex", "f", "Women"),
        ("disability", "yes", "With a disability"),
        ("place_kind", "bus_stop", "bus stop"),
    ],
)
def test_groups_are_said_in_words(dimension, category, said):
    assert category_name(dimension, category, "en") == said


def test_units_are_said_in_the_language_and_as_a_city_calls_its_own():
    assert unit_name(CATALOGUE, "persons", "pl") == "osoby"
    own = dataclasses.replace(
        CATALOGUE, units=dict(CATALOGUE.units) | {"trees": "trees per street"}
    )
    assert unit_name(own, "trees", "pl") == "trees per street"
