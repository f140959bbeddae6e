"""Observations keep all that belongs to them; deliveries revise, and series break."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.indicators.estimates import Flag
from parvis.indicators.values import (
    DataGrade,
    Observation,
    observations_of,
    period_days,
)
from parvis.indicators.vintages import overlaid, repeated, revisions, series
from parvis.io.observations import (
    FOLDER,
    DeliveryBrokenError,
    UnknownDeliveryError,
    current_observations,
    deliveries,
    load_delivery,
    save_delivery,
)

DAY = dt.date(2026, 3, 1)


def seen(
    period: str = "2024", area: str = "A1", value: float | None = 1.0, **more: Any
) -> Observation:
    return Observation("SEC-02", period, area, value, "per_100k_people", "poisson", **more)


FULL = seen(
    split="age=15-24;sex=f",
    n=12,
    numerator=12.0,
    denominator=4000.0,
    standard_error=0.5,
    flag=Flag.PROVISIONAL,
    source="Police",
    definition=2,
    grade=DataGrade.B,
)
OBSERVED = st.builds(
    seen,
    st.sampled_from(["2023", "2024", "2025-Q1"]),
    st.sampled_from(["A1", "A2", "Ü3"]),
    st.none() | st.floats(-1e9, 1e9),
    split=st.sampled_from(["", "sex=f"]),
    n=st.none() | st.integers(0, 10**9),
    source=st.sampled_from(["", "Police"]),
)
TABLES = st.lists(OBSERVED, max_size=9, unique_by=lambda each: each.key)


def test_nothing_of_an_observation_is_lost_on_disk(tmp_path: Path) -> None:
    kept = save_delivery(observations_of([FULL, seen()]), received=DAY, home=tmp_path)
    assert list(load_delivery(kept.id, home=tmp_path)) == [seen(), FULL]
    assert [each.n for each in deliveries(tmp_path)] == [2]


@settings(max_examples=60, deadline=None)
@given(TABLES, TABLES)
def test_a_later_delivery_wins_and_leaves_the_rest(
    before: list[Observation], after: list[Observation]
) -> None:
    expected = {each.key: each for each in [*before, *after]}
    laid = overlaid(observations_of(before), observations_of(after))
    assert list(laid) == [expected[key] for key in sorted(expected)]


@settings(max_examples=60, deadline=None)
@given(TABLES, TABLES)
def test_revisions_add_up(before: list[Observation], after: list[Observation]) -> None:
    found = revisions(observations_of(before), observations_of(after))
    old, new = ({each.key: each for each in rows} for rows in (before, after))
    changed = [key for key in sorted(old.keys() & new.keys()) if old[key].value != new[key].value]
    assert [each.key for each in found.after] == changed
    assert [each.key for each in found.before] == changed
    assert [each.key for each in found.added] == sorted(new.keys() - old.keys())
    assert [each.key for each in found.missing] == sorted(old.keys() - new.keys())
    assert found.n_same == len(old.keys() & new.keys()) - len(changed)


def test_what_held_on_a_day_can_be_told_again(tmp_path: Path) -> None:
    save_delivery(observations_of([seen(value=1.0)]), received=DAY, home=tmp_path)
    later = DAY + dt.timedelta(days=30)
    save_delivery(observations_of([seen(value=2.0)]), received=later, home=tmp_path)
    assert [each.value for each in current_observations(tmp_path)] == [2.0]
    assert [each.value for each in current_observations(tmp_path, as_of=DAY)] == [1.0]


def test_the_tenth_delivery_of_a_day_comes_after_the_ninth(tmp_path: Path) -> None:
    for value in range(11):
        save_delivery(observations_of([seen(value=float(value))]), received=DAY, home=tmp_path)
    assert [each.value for each in current_observations(tmp_path)] == [10.0]


def test_a_series_breaks_where_flag_definition_unit_or_source_change() -> None:
    told = series(
        observations_of(
            [
                seen("2021"),
                seen("2022", flag=Flag.BREAK),
                seen("2023"),
                seen("2024", definition=2, source="Prosecutor"),
                seen("2019-12"),
            ]
        ),
        "SEC-02",
        "A1",
    )
    assert [each.period for each in told.observations] == [
        "2019-12",
        "2021",
        "2022",
        "2023",
        "2024",
    ]
    assert [(each.period, each.reasons) for each in told.breaks] == [
        ("2022", ("flag",)),
        ("2024", ("definition", "source")),
    ]


def test_rows_of_the_same_thing_are_found() -> None:
    assert list(repeated(observations_of([seen(), seen(area="A2"), seen(value=3.0)]))) == [1]


def test_selecting_a_word_that_never_occurs_gives_nothing() -> None:
    table = observations_of([seen()])
    assert len(table.select(area="nowhere")) == 0
    assert list(table.select()) == [0]


def test_an_unknown_delivery_names_those_there_are(tmp_path: Path) -> None:
    kept = save_delivery(observations_of([seen()]), received=DAY, home=tmp_path)
    with pytest.raises(UnknownDeliveryError, match=kept.id):
        load_delivery("2020-01-01-1", home=tmp_path)


def test_a_damaged_delivery_is_named(tmp_path: Path) -> None:
    kept = save_delivery(observations_of([seen()]), received=DAY, home=tmp_path)
    place = tmp_path / FOLDER / kept.id
    np.save(place / "value.npy", np.zeros(5))
    with pytest.raises(DeliveryBrokenError):
        load_delivery(kept.id, home=tmp_path)
    (place / "value.npy").write_bytes(b"")
    with pytest.raises(DeliveryBrokenError):
        load_delivery(kept.id, home=tmp_path)
    for text in ("{", "{}", "3"):
        (place / "delivery.json").write_text(text)
        with pytest.raises(DeliveryBrokenError):
            deliveries(tmp_path)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-S1", "2025-01-01", "2025-06-30"),
        ("2025-S2", "2025-07-01", "2025-12-31"),
        ("2025-Q1", "2025-01-01", "2025-03-31"),
        ("2025-Q4", "2025-10-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2025-03-14", "2025-03-14", "2025-03-14"),
        ("2021/2023", "2021-01-01", "2023-12-31"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    found = period_days(text)
    assert found is not None
    assert tuple(day.isoformat() for day in found) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "25", "2025-13", "2025-00", "2025-02-30", "2025-Q5", "2023/2021", "2021/2022-01", "0000",
     "9999", "2025-1", "٢٠٢٥", "2025/", "/2025"],
)  # fmt: skip
def test_impossible_periods_are_none(text: str) -> None:
    assert period_days(text) is None
