"""Values move to other boundaries without anything getting lost, or are refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from parvis.cli import app
from parvis.indicators.areas import (
    AreaPartTwiceError,
    AreaUnknownError,
    AreaWeightError,
    AreaWeightSumError,
    Basis,
    Converted,
    Part,
    conversion_of,
    converted,
)
from parvis.indicators.estimates import Flag
from parvis.indicators.values import Observation, observations_of
from parvis.io.area_versions import AreaOutsideError, overlaid_conversion, read_conversion
from parvis.io.observation_tables import ObservationColumnsError
from parvis.packs import catalogue
from parvis.report.messages import describe, fill

KNOWN = catalogue().indicators
SPLIT = (Part("A", "X", 0.25), Part("A", "Y", 0.75), Part("B", "Y", 1.0), Part("C", "Z", 1.0))


def rate(area: str, above: float, below: float, code: str = "SEC-03", **more) -> Observation:
    entry = KNOWN[code]
    value = above / below * entry.multiplier
    return Observation(
        code, "2025", area, value, entry.unit, entry.error_model,
        n=int(above), numerator=above, denominator=below, **more,
    )  # fmt: skip


def moved(*rows: Observation) -> Converted:
    return converted(observations_of(rows), conversion_of(SPLIT, first="2020"), KNOWN)


def by_area(found: Converted) -> dict[str, Observation]:
    return {each.area: each for each in found.observations}


def test_counts_are_split_and_rates_computed_again() -> None:
    found = moved(rate("A", 40, 1000), rate("B", 10, 200), rate("C", 7, 700))
    x, y, z = (by_area(found)[area] for area in "XYZ")
    assert (x.numerator, x.denominator, x.value) == (10, 250, pytest.approx(4000.0))
    assert (y.numerator, y.denominator, y.value) == (40, 950, pytest.approx(40 / 950 * 1e5))
    assert (x.flag, y.flag, z.flag) == (Flag.ESTIMATED, Flag.ESTIMATED, Flag.NORMAL)
    assert "converted" in x.source
    assert (z.value, found.n_exact) == (1000.0, 1)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3), st.floats(0.01, 0.99))
def test_events_stay_whole_and_add_up(counts: list[int], share: float) -> None:
    parts = (Part("A", "X", share), Part("A", "Y", 1 - share), *SPLIT[2:])
    rows = [rate(area, n, 9_000) for area, n in zip("ABC", counts, strict=True)]
    found = converted(observations_of(rows), conversion_of(parts), KNOWN)
    numerators = [each.numerator for each in found.observations]
    assert sum(numerators) == sum(counts)
    assert all(each == int(each) for each in numerators)
    assert sum(each.denominator for each in found.observations) == pytest.approx(27_000)


def test_persons_are_split_as_they_are() -> None:
    rows = [Observation("BCK-01", "2025", area, 1000.0, "persons", "complete") for area in "ABC"]
    found = by_area(moved(*rows))
    assert [found[area].value for area in "XYZ"] == [250.0, 1750.0, 1000.0]


def test_means_and_weighted_shares_move_only_where_their_area_stayed() -> None:
    rows = [
        Observation("SEN-01", "2025", area, 60.0, "percent", "weighted_share", standard_error=2.0)
        for area in "ABC"
    ]
    found = moved(*rows)
    assert list(by_area(found)) == ["Z"]
    assert by_area(found)["Z"].standard_error == 2.0
    assert {each.code for each in found.refused} == {"area_no_parts"}
    assert all(fill(each.code, each.details) for each in found.refused)


def test_a_new_area_of_which_a_part_is_missing_has_no_value() -> None:
    found = moved(rate("A", 40, 1000))
    assert list(by_area(found)) == ["X"]
    (refused,) = found.refused
    assert (refused.code, refused.area) == ("area_missing", "Y")


def test_flags_grades_and_the_city_survive() -> None:
    found = moved(rate("A", 40, 1000, flag=Flag.PROVISIONAL), rate("city", 99, 9000))
    assert by_area(found)["city"].flag is Flag.NORMAL
    assert by_area(found)["X"].flag is Flag.ESTIMATED


def test_unknown_areas_are_named() -> None:
    with pytest.raises(AreaUnknownError) as caught:
        moved(rate("Q", 1, 10))
    assert "Q" in describe(caught.value)


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([Part("A", "X", 0.0)], AreaWeightError),
        ([Part("A", "X", -0.2)], AreaWeightError),
        ([Part("A", "X", float("nan"))], AreaWeightError),
        ([Part("A", "X", 1.2)], AreaWeightError),
        ([Part("A", "X", 0.4), Part("A", "Y", 0.4)], AreaWeightSumError),
        ([Part("A", "X", 0.5), Part("A", "X", 0.5)], AreaPartTwiceError),
    ],
)
def test_weights_that_are_none_are_refused(parts: list[Part], error: type[Exception]) -> None:
    with pytest.raises(error):
        conversion_of(parts)


def square(code: str, west: float, east: float, **more: object) -> dict:
    ring = [[west, 50.0], [east, 50.0], [east, 50.01], [west, 50.01], [west, 50.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, **more}, "geometry": geometry}


def written(path: Path, *features: dict) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def test_polygons_give_weights_by_area_and_by_people(tmp_path: Path) -> None:
    old = written(tmp_path / "old.geojson", square("A", 8.0, 8.02), square("B", 8.02, 8.04))
    new = written(tmp_path / "new.geojson", square("X", 8.0, 8.015), square("Y", 8.015, 8.04))
    found = overlaid_conversion(old, new)
    weights = {(part.old, part.new): part.weight for part in found.parts}
    assert found.basis is Basis.AREA
    assert weights["A", "X"] == pytest.approx(0.75, abs=1e-3)
    assert weights["B", "Y"] == pytest.approx(1.0)
    units = written(
        tmp_path / "units.geojson",
        square("1", 8.0, 8.01, population=900),
        square("2", 8.016, 8.02, population=100),
        square("3", 8.02, 8.04, population=500),
    )
    peopled = overlaid_conversion(old, new, people=units)
    weights = {(part.old, part.new): part.weight for part in peopled.parts}
    assert weights["A", "X"] == pytest.approx(0.9)
    away = written(tmp_path / "away.geojson", square("X", 9.0, 9.1))
    with pytest.raises(AreaOutsideError):
        overlaid_conversion(old, away)


def test_tables_of_weights_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text("old;new;weight\nA;X;0,25\nA;Y;0,75\n")
    assert [part.weight for part in read_conversion(path).parts] == [0.25, 0.75]
    path.write_text("from,to\nA,X\n")
    with pytest.raises(ObservationColumnsError):
        read_conversion(path)


def test_the_command_converts_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "home"))
    runner = CliRunner()
    words = ["indicators", "example", str(tmp_path), "--keep"]
    runner.invoke(app, words, catch_exceptions=False)
    codes = [f"TM-{n}" for n in range(1, 7)]
    lines = [f"{code},{'N-1' if code < 'TM-4' else 'N-2'},1" for code in codes]
    (tmp_path / "w.csv").write_text("old,new,weight\n" + "\n".join(lines) + "\n")
    command = ["indicators", "convert-areas", "--weights", str(tmp_path / "w.csv"), "--json"]
    said = json.loads(runner.invoke(app, [*command, "--write"], catch_exceptions=False).stdout)
    assert said["areas"] == ["N-1", "N-2"]
    assert said["delivery"]
    assert said["refused"]
    polygons = str(tmp_path / "districts.geojson")
    both = ["indicators", "convert-areas", "--old", polygons, "--new", polygons, "--json"]
    same = json.loads(
        runner.invoke(app, [*both, "--delivery", "2026-03-04-1"], catch_exceptions=False).stdout
    )
    assert not same["refused"]
