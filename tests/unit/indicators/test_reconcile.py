"""Every difference between what was published and ours has a cause, or is said to have none."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from parvis.cli import app
from parvis.indicators.areas import Part, conversion_of
from parvis.indicators.reconcile import Cause, Compared, Evidence, reconciled
from parvis.indicators.values import Observation, observations_of
from parvis.packs import catalogue
from parvis.report.messages import fill

KNOWN = catalogue().indicators


def rate(above: float = 652, below: float = 21_250, *, area: str = "city", period: str = "2025"):
    value = above / below * 1e5
    return Observation(
        "SEC-03", period, area, value, "per_100k_people", "poisson",
        n=int(above), numerator=above, denominator=below,
    )  # fmt: skip


def people(value: float, period: str = "2025", code: str = "BCK-01") -> Observation:
    return Observation(code, period, "city", value, "persons", "complete")


def compared(
    published: float, *ours: Observation, evidence: Evidence | None = None, **change
) -> Compared:
    said = replace(rate(), value=published, numerator=None, denominator=None, **change)
    (row,) = reconciled(
        observations_of([said]), observations_of(ours or [rate()]), KNOWN, evidence
    ).rows
    assert all(fill(each.note.code, each.note.details) for each in row.tried)
    return row


OURS = 652 / 21_250 * 1e5


@pytest.mark.parametrize(
    ("published", "cause"),
    [
        (OURS, Cause.SAME),
        (round(OURS, 1), Cause.ROUNDING),
        (round(650 / 21_250 * 1e5, 2), Cause.ROUNDING),
        (round(OURS / 100, 4), Cause.UNIT),
        (2500.5, Cause.UNEXPLAINED),
    ],
)
def test_rounding_and_units_are_told(published: float, cause: Cause) -> None:
    assert compared(published).cause is cause


def test_an_earlier_delivery_explains_a_revision() -> None:
    before = rate(630)
    evidence = Evidence(earlier=[("2025-03-01-1", observations_of([before]))])
    row = compared(round(before.value, 2), evidence=evidence)
    assert row.cause is Cause.REVISION
    assert row.tried[0].note.details["delivery"] == "2025-03-01-1"


def test_another_population_explains_a_rate() -> None:
    ours = (rate(), people(21_250), people(21_000, "2023"), people(25_000, code="BCK-02"))
    row = compared(round(652 / 21_000 * 1e5, 2), *ours)
    assert row.cause is Cause.DENOMINATOR
    assert row.tried[0].note.details["period"] == "2023"
    ambient = compared(round(652 / 25_000 * 1e5, 2), *ours)
    assert ambient.tried[0].note.details["denominator"] == "BCK-02"


def test_a_code_list_a_period_and_a_definition_explain_differences() -> None:
    others = {"national list": observations_of([rate(611)])}
    row = compared(round(rate(611).value, 2), evidence=Evidence(others=others))
    assert row.cause is Cause.CODE_LIST
    before = rate(600, period="2024")
    assert compared(round(before.value, 2), rate(), before).cause is Cause.PERIOD
    assert compared(2000.0, definition=3).cause is Cause.DEFINITION


def test_boundaries_explain_what_ours_gives_in_them() -> None:
    ours = (rate(40, 1000, area="A"), rate(10, 200, area="B"), rate())
    conversion = conversion_of([Part("A", "X", 1.0), Part("B", "X", 1.0)])
    row = compared(
        round(50 / 1200 * 1e5, 2), *ours, evidence=Evidence(conversions=[conversion]), area="X"
    )
    assert row.cause is Cause.BOUNDARY
    assert compared(1.5, *ours, area="Q").cause is Cause.NOT_OURS


def test_what_was_tried_in_vain_is_told_and_several_causes_stand_beside_each_other() -> None:
    evidence = Evidence(earlier=[("d1", observations_of([rate(630)]))])
    row = compared(2500.5, evidence=evidence)
    assert [each.cause for each in row.tried] == [Cause.ROUNDING, Cause.REVISION]
    both = Evidence(
        earlier=[("d1", observations_of([rate(630)]))],
        others={"list": observations_of([rate(630)])},
    )
    assert compared(round(rate(630).value, 2), evidence=both).also == (Cause.CODE_LIST,)


@given(st.floats(0, 1e5), st.integers(0, 4))
def test_printing_with_fewer_digits_is_always_rounding(value: float, digits: int) -> None:
    ours = replace(rate(), value=value, numerator=None, denominator=None)
    rows = [replace(ours, value=round(value, digits)), replace(ours, area="x", value=0.12345)]
    found = reconciled(observations_of(rows[:1]), observations_of([ours]), KNOWN)
    assert set(found.counts) <= {Cause.SAME, Cause.ROUNDING}


def test_the_command_lays_the_example_beside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "home"))
    runner = CliRunner()
    words = ["indicators", "example", str(tmp_path), "--keep"]
    runner.invoke(app, words, catch_exceptions=False)
    published = tmp_path / "published.csv"
    published.write_text(
        "indicator,period,area,value\nSEC-15,2025,city,64.3\nBCK-01,2025,city,21250\n"
        "SEC-03,2025,city,1234.5\nSEC-99,2025,city,1\n"
    )
    command = ["indicators", "reconcile", str(published)]
    said = json.loads(runner.invoke(app, [*command, "--json"], catch_exceptions=False).stdout)
    assert said["counts"] == {"same": 1, "rounding": 1, "unexplained": 1}
    assert len(said["rejected"]) == 1
    plain = runner.invoke(app, command, catch_exceptions=False).stdout
    assert "Not explained; tried: rounding" in plain
