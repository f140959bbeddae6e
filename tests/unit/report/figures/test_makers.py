"""Figures made from what was computed say its values, its doubts and how much is reported."""

import dataclasses

import numpy as np
import pytest
from dashboards import CATALOGUE, board, counted, seen

from parvis.incidents.concentration import concentration
from parvis.incidents.profiles import profile
from parvis.incidents.reporting import UNKNOWN
from parvis.incidents.reporting import Reporting as Rate
from parvis.indicators.dashboard import by_area, by_group, moved
from parvis.indicators.estimates import Flag
from parvis.indicators.values import observations_of
from parvis.report.dashboard_figures import DashboardFigures
from parvis.report.figures import (
    Against,
    Kind,
    Words,
    of_concentration,
    of_week,
    screen_svg,
    summary,
)
from parvis.report.figures.makers import category_name
from parvis.report.wording import LANGUAGES

MADE = DashboardFigures(CATALOGUE)
UNREPORTED = "What is recorded is not what happens: it is not known how much is reported."


def violence():
    rows = [counted("SEC-02", year, n, 100_000.0) for year, n in (("2021", 424), ("2025", 413))]
    rows += [counted("SEC-06", year, n, 50_000.0) for year, n in (("2021", 400), ("2025", 300))]
    rows += [seen("SEN-01", "2021", 48.0, standard_error=2.0, n=600)]
    rows += [seen("SEN-01", "2025", 60.0, standard_error=2.0, n=600)]
    return board(*rows, base="2021")


def test_a_card_becomes_a_trend_against_its_base_year():
    figure = MADE.trend(violence().by_code["SEN-01"])
    assert figure.kind is Kind.TREND
    assert [(mark.code, mark.value) for mark in figure.marks] == [("2021", 48.0), ("2025", 60.0)]
    assert (figure.base, figure.change) == ("2021", "rose")
    assert figure.recorded is None
    assert "It rose since the base period." in summary(figure)


def test_recorded_crime_says_chance_and_how_much_is_reported():
    said = Words(MADE.trend(violence().by_code["SEC-02"])).caveats()
    assert said[0].startswith("Everything was counted: intervals show the range of chance")
    assert said[1] == UNREPORTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_scores_that_rest_on_recorded_crime_say_how_much_is_reported(language):
    found = violence()
    block = next(each for each in found.blocks if each.key == "SEC")
    figure = DashboardFigures(CATALOGUE, language).pair(block, found)
    assert figure.kind is Kind.PAIR
    assert [series.code for series in figure.series] == ["objective", "perceived"]
    assert figure.recorded is not None
    assert screen_svg(figure)


def test_a_half_without_indicators_is_told_from_one_without_data():
    found = violence()
    block = next(each for each in found.blocks if each.key == "SEC")
    figure = MADE.pair(block, found)
    scored = {
        (sphere, theme.key)
        for theme in block.themes
        for sphere in ("objective", "perceived")
        if getattr(theme, sphere).score is not None
    }
    assert {(s.code, mark.code) for s in figure.series for mark in s.marks} == scored


def test_steps_add_up_to_the_change_of_the_score():
    rows = []
    for code, before, after in (("QOL-01", 60.0, 70.0), ("QOL-06", 70.0, 60.0)):
        for period, value in (("2021", before), ("2025", after)):
            rows.append(seen(code, period, value, standard_error=1.0, n=900))
    found = board(*rows, base="2021")
    block = next(each for each in found.blocks if each.key == "QOL")
    told = moved(found, "QOL", "perceived")
    assert told.before is not None
    start, *steps, end = MADE.moved(block, told, found).series[0].marks
    assert (start.value, end.value) == (told.before, told.after)
    assert sum(mark.value for mark in steps) == pytest.approx(end.value - start.value)


def test_groups_are_named_and_hidden_ones_have_no_value():
    rows = [seen("SEN-01", "2025", 54.0, standard_error=1.0, n=900)]
    for split, value in (("sex=f", 46.0), ("sex=m", 61.0), ("day_night=night", 50.0)):
        row = seen("SEN-01", "2025", value, standard_error=2.0, n=300)
        rows.append(dataclasses.replace(row, split=split))
    hidden = dataclasses.replace(rows[1], split="age=65-", value=None, flag=Flag.SUPPRESSED)
    table = observations_of([*rows, hidden])
    groups = by_group(table, CATALOGUE, "SEN-01", area=rows[0].area, period="2025")
    figure = MADE.groups(board(rows[0]).by_code["SEN-01"], groups)
    told = {mark.label.lower(): mark for mark in figure.marks}
    assert told["women"].value == 46.0
    assert told["65 years and over"].is_hidden
    assert figure.reference.value == 54.0


def test_areas_stand_by_name_and_not_by_value():
    counts = {"a1": (40, 9_000.0), "a2": (5, 9_000.0), "a3": (24, 8_000.0)}
    rows = [
        dataclasses.replace(counted("SEC-04", "2025", n, people), area=area)
        for area, (n, people) in counts.items()
    ]
    city = counted("SEC-04", "2025", 100, 40_000.0)
    values = by_area(
        observations_of([*rows, city]), CATALOGUE, "SEC-04", city=city.area, period="2025",
        names={"a1": "Old Town", "a2": "Harbour", "a3": "Mill Hill"},
    )  # fmt: skip
    card = board(city).by_code["SEC-04"]
    figure = MADE.areas(card, values, {}, city="Tessenmark", period="2025")
    assert figure.kind is Kind.INTERVAL_DOTS
    assert [mark.label for mark in figure.marks] == ["Harbour", "Mill Hill", "Old Town"]
    assert figure.marks[2].against is Against.HIGHER
    assert figure.marks[1].against is Against.NOT_DIFFERENT
    assert UNREPORTED in Words(figure).caveats()


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
