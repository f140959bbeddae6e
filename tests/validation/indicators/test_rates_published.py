"""
Rates and their intervals equal those of official public health practice.

Source
------
UK Health Security Agency, R package PHEindicatormethods, its test workbooks: Byar, exact Poisson
and Wilson limits, directly standardised rates (Dobson; also for events that are not independent),
indirectly standardised rates and ratios, means. Tolerance: 1e-6 relative.
In two rows of the workbook (standard population of 1976) the 99.8 % limits are ten times too large;
they are divided by ten here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from parvis.errors import ParvisError
from parvis.indicators.limits import byar_limits, wilson_limits
from parvis.indicators.rates import (
    EUROPEAN_STANDARD_2013,
    directly_standardised_rate,
    indirectly_standardised_ratio,
    mean_of_values,
    proportion,
)

LEVELS = {"95": 0.95, "99": 0.998}
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def books(shared_data: Path) -> dict[str, dict[str, Rows]]:
    folder = shared_data / "rates"
    if not folder.is_dir():
        pytest.skip("no rates folder in the shared data")
    found = {}
    for path in sorted(folder.glob("*.xlsx")):
        book = openpyxl.load_workbook(path, data_only=True)
        found[path.stem] = {sheet.title: list(filled(sheet)) for sheet in book}
    return found


def filled(sheet: Any) -> Iterator[tuple[Any, ...]]:
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return (row for row in rows if any(cell is not None for cell in row))


def same(found: float | None, expected: float | None) -> None:
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-6))


def test_byar_and_wilson_limits(books):
    rows = books["testdata_Byars_Wilson"]["testdata_B_W"]
    assert len(rows) == 13
    for x, n, low, high, confidence, method in rows:
        level = float(confidence.rstrip("%")) / 100.0
        found = wilson_limits(x, n, level=level) if n else byar_limits(x, level=level)
        assert method == ("Wilson" if n else "Byars")
        same(None if found[0] != found[0] else float(found[0]), low)
        same(float(found[1]), high)


def test_a_share_has_wilson_s_limits():
    found = proportion(65, 100)
    assert (found.low, found.high) == pytest.approx((0.552544, 0.736358), abs=5e-7)


def bands(books: dict[str, dict[str, Rows]], area: str) -> dict[str, Any]:
    """Counts, populations, standard and repeats of an area of the workbook."""
    sheets = books["testdata_DSR_ISR"]
    if area == "testdata_1976":
        rows = sheets["testdata_1976"]
        return {
            "counts": [row[1] for row in rows],
            "populations": [row[2] for row in rows],
            "standard": [row[3] for row in rows],
        }
    name = "testdata_nonindepe" if "nonind" in area else "testdata_multiarea"
    rows = [row for row in sheets[name] if row[0] == area]
    found = {
        "counts": [row[2] or 0 for row in rows],
        "populations": [row[3] or 609 for row in rows],
    }
    if "nonind" in area:
        found["repeats"] = [[cell or 0 for cell in row[4:]] for row in rows]
    return found | {"standard": EUROPEAN_STANDARD_2013}


def test_directly_standardised_rates(books):
    rows = books["testdata_DSR_ISR"]["testresults_DSR"]
    assert len(rows) == 12
    for area, count, _, value, low, high, low_998, high_998, statistic, _ in rows:
        given = bands(books, area)
        assert sum(given["counts"]) == count
        multiplier = 1e4 if statistic.endswith("10000") and "100000" not in statistic else 1e5
        tenfold = 10.0 if area == "testdata_1976" else 1.0
        for level, lower, upper in (
            (0.95, low, high),
            (0.998, low_998 and low_998 / tenfold, high_998 and high_998 / tenfold),
        ):
            found = directly_standardised_rate(**given, multiplier=multiplier, level=level)
            same(found.value, value)
            same(found.low, lower)
            same(found.high, upper)
            if value is None:
                assert [note.code for note in found.notes] == ["rate_standardised_few"]


@pytest.mark.parametrize(
    "sheet", ["testdata_err1", "testdata_err2", "testdata_err3", "testdata_err4"]
)
def test_negative_counts_and_populations_are_refused(books, sheet):
    rows = books["testdata_DSR_ISR"][sheet][:19]
    standard = [row[3] for row in rows] if sheet != "testdata_err2" else EUROPEAN_STANDARD_2013
    with pytest.raises(ParvisError) as caught:
        directly_standardised_rate(
            [row[1] for row in rows], [row[2] for row in rows], standard=standard
        )
    assert caught.value.code == ("rate_count" if sheet == "testdata_err1" else "rate_population")


def test_indirectly_standardised_rates_and_ratios(books):
    sheets = books["testdata_DSR_ISR"]
    reference = [(row[4], row[5]) for row in sheets["testdata_multiarea_isr"][:19]]
    assert [each[0] for each in reference] == [row[1] for row in sheets["refdata"][:19]]
    rows = sheets["testresults_ISR"]
    assert len(rows) == 16
    for area, observed, expected, rate, value, low, high, low_998, high_998, statistic, _ in rows:
        if area.startswith("Area"):
            given = [row for row in sheets["testdata_err2"] if row[0] == area]
            here, people = [row[1] for row in given], [row[2] for row in given]
        else:
            given = [row for row in sheets["testdata_multiarea_isr"] if row[0] == area]
            here = [row[2] or 0 for row in given]
            people = [row[3] if row[3] is not None else 609 for row in given]
        assert sum(here) == observed
        factor = float(statistic.split()[-1])
        factor *= 1.0 if rate is None else rate / factor
        for level, lower, upper in ((0.95, low, high), (0.998, low_998, high_998)):
            found = indirectly_standardised_ratio(
                here,
                people,
                reference_counts=[each[0] for each in reference],
                reference_populations=[each[1] for each in reference],
                level=level,
            )
            same(observed / found.value, expected)
            same(found.scaled(factor).value, value)
            if lower is not None:
                same(found.scaled(factor).low, lower)
                same(found.scaled(factor).high, upper)


def test_means(books):
    rows = books["testdata_Mean"]["testdata_Mean"]
    for area, _, n, spread, value, low, high, low_998, high_998, *_ in books["testdata_Mean"][
        "testdata_Mean_results"
    ]:
        values = [row[1] for row in rows if area in (row[0], "No grouping")]
        for level, lower, upper in ((0.95, low, high), (0.998, low_998, high_998)):
            found = mean_of_values(values, level=level)
            assert found.n == n
            same(found.value, value)
            same(found.standard_error, spread / n**0.5)
            same(found.low, lower)
            same(found.high, upper)
