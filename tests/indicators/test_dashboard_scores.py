"""Halves are scored side by side, with the share that is there, and never summed."""

import dataclasses
from random import Random

import numpy as np
import pytest
from dashboards import CATALOGUE, board, counted, seen
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.indicators.dashboard import (
    Change,
    Dashboard,
    DashboardBaseError,
    DashboardPeriodError,
    Half,
    Score,
    ScoreScale,
    Theme,
    missing_data,
    moved,
)
from parvis.indicators.estimates import Flag
from parvis.indicators.joint import JointErrors
from parvis.indicators.values import Observation
from parvis.packs.themes import shipped_themes


def theme(found: Dashboard, key: str) -> Theme:
    return next(each for block in found.blocks for each in block.themes if each.key == key)


def score(half: Half) -> Score:
    assert half.score is not None
    return half.score


def full(**changes: float) -> list[Observation]:
    """Return values of all indicators in 2020 and 2025; `changes` are factors by code."""
    rows = []
    for code, indicator in CATALOGUE.indicators.items():
        factor = changes.get(code.replace("-", "_"), 1.0)
        low, high = indicator.bounds.low or 0.0, indicator.bounds.high or 40.0
        for period, by in (("2020", 1.0), ("2025", factor)):
            if indicator.error_model == "poisson":
                rows.append(counted(code, period, round(400 * by), 100_000.0))
            else:
                value = (low + 0.4 * (high - low)) * by
                error = 0.01 * ((indicator.bounds.high or 40.0) - low)
                rows.append(seen(code, period, value, standard_error=error, n=900))
    return rows


def test_every_indicator_stands_once_at_home() -> None:
    found = board()
    codes = [card.code for card in found.cards()]
    assert sorted(codes) == sorted(CATALOGUE.indicators)
    at_home = [
        card.code
        for block in found.blocks
        for each in block.themes
        for half in each.halves
        for card in half.cards
        if card.code not in half.beside
    ]
    assert sorted(at_home) == sorted(codes)
    assert [block.key for block in found.blocks] == ["QOL", "SOC", "LIV", "SEN", "SEC", "BCK"]


def test_nothing_known_is_a_dashboard_without_values() -> None:
    found = board()
    assert found.missing_share == 1.0
    assert all(card.is_missing and card.change is Change.UNKNOWN for card in found.cards())
    assert all(not half.score.is_enough for b in found.blocks for half in b.halves if half.score)
    assert {half.block for half in missing_data(found)} == {b.key for b in found.blocks}


# A base of 40 with ends 0 and 100: half range 50, so 10 points more are 30 * 10 / 50 = 6 points.
def test_points_are_a_hundred_in_the_base_period_and_six_for_ten_per_cent() -> None:
    rows = [
        seen("SEN-01", "2020", 40.0, standard_error=1.0, n=900),
        seen("SEN-01", "2025", 50.0, standard_error=1.0, n=900),
        seen("SEN-02", "2020", 80.0, standard_error=1.0, n=900),
        seen("SEN-02", "2025", 80.0, standard_error=1.0, n=900),
    ]
    found = board(*rows, base="2020")
    half = score(theme(found, "day-and-night").perceived)
    assert half.scale is ScoreScale.BASE_100
    assert half.share_present == pytest.approx(2 / 3)
    assert half.arithmetic == pytest.approx(103.0)
    # The mean 103 less the spread 3 times 3/103: 102.9126.
    assert half.value == pytest.approx(103.0 - 9.0 / 103.0)
    assert half.change is Change.ROSE
    assert half.low is not None and half.high is not None
    assert half.low < half.value < half.high


# Without an upper end the base is the half range: a quarter fewer is 30 / 4 = 7.5 points more.
def test_a_rate_that_falls_by_a_quarter_gains_seven_and_a_half_points() -> None:
    rows = [counted("SEC-06", "2020", 400, 50_000), counted("SEC-06", "2025", 300, 50_000)]
    half = score(theme(board(*rows, base="2020"), "burglary").objective)
    assert half.value == pytest.approx(107.5)
    assert half.change is Change.ROSE


def test_without_a_base_period_points_lie_between_the_ends() -> None:
    rows = [
        seen("SEN-01", "2025", 40.0, standard_error=1.0, n=900),
        seen("SEN-02", "2025", 80.0, standard_error=1.0, n=900),
    ]
    found = board(*rows, counted("SEC-06", "2025", 400, 50_000))
    half = score(theme(found, "day-and-night").perceived)
    assert half.scale is ScoreScale.POINTS_0_100
    assert half.value == pytest.approx(60.0)
    assert half.change is Change.UNKNOWN
    burglary = score(theme(found, "burglary").objective)
    assert not burglary.is_enough
    assert "SEC-06" in found.scoring.unscored
    assert "dashboard_unscored" in [note.code for note in found.notices]


def test_a_gap_counts_by_its_size_not_its_sign() -> None:
    def points(value: float) -> float | None:
        row = seen("SEN-04", "2025", value, standard_error=1.0, n=900)
        return score(theme(board(row), "women-and-men").perceived).value

    assert points(20.0) == points(-20.0) == pytest.approx(80.0)


def test_a_half_with_less_than_two_thirds_is_not_scored() -> None:
    row = seen("SEN-01", "2025", 40.0, standard_error=1.0, n=900)
    half = score(theme(board(row), "day-and-night").perceived)
    assert half.value is None and half.low is None
    assert not half.is_enough
    assert half.share_present == pytest.approx(1 / 3)
    assert [note.code for note in half.notes] == ["dashboard_score_share"]


def test_a_block_needs_its_core_indicators_unless_they_cannot_be_had() -> None:
    rows = [row for row in full() if row.indicator != "SEC-15"]
    lacking = score(next(b for b in board(*rows).blocks if b.key == "SEN").perceived)
    assert lacking.is_enough
    found = board(*rows, base="2020")
    half = score(next(b for b in found.blocks if b.key == "SEC").objective)
    assert not half.is_enough
    assert dict(half.notes[0].details) == {"codes": "SEC-15"}
    said = board(*rows, base="2020", unavailable={"SEC-15"})
    assert score(next(b for b in said.blocks if b.key == "SEC").objective).is_enough
    assert said.by_code["SEC-15"].is_missing


def test_background_has_themes_and_no_score() -> None:
    found = board(*full(), base="2020")
    background = next(block for block in found.blocks if block.key == "BCK")
    assert len(background.themes) == 4
    halves = [half for each in (background, *background.themes) for half in each.halves]
    assert all(half.score is None for half in halves)


def test_there_is_no_number_above_the_blocks() -> None:
    found = board(*full(), base="2020")
    fields = {field.name for field in dataclasses.fields(found)}
    assert fields == {"area", "period", "base_period", "blocks", "notices", "scoring"}
    top = found.scoring.tree.position["all"]
    assert np.isnan(found.scoring.scores[:, top]).all()


def test_what_moved_adds_up_to_the_change() -> None:
    found = board(*full(SEC_02=1.5, SEC_06=0.5, SEC_09=1.2), base="2020")
    for key, sphere, part in (("SEC", "objective", None), ("SEC", "objective", "burglary")):
        told = moved(found, key, sphere, theme=part)
        assert told.before == pytest.approx(100.0)
        assert told.after is not None and told.before is not None
        assert sum(step.points for step in told.steps) == pytest.approx(told.after - told.before)
    signs = {step.code: step.points > 0 for step in moved(found, "SEC", "objective").steps}
    assert signs == {"SEC-02": False, "SEC-06": True, "SEC-09": False}


@pytest.mark.parametrize(
    ("key", "base", "code"),
    [
        ("SEC", None, "dashboard_no_base"),
        ("BCK", "2020", "dashboard_not_scored"),
        ("SEN", "2020", "dashboard_not_scored"),
    ],
)
def test_what_cannot_be_parted_says_why(key: str, base: str | None, code: str) -> None:
    told = moved(board(*full(), base=base), key, "objective")
    assert told.note is not None and told.note.code == code
    assert told.steps == ()


def test_missing_data_says_how_many_answers_make_a_half_enough() -> None:
    row = seen("SEN-01", "2025", 40.0, standard_error=1.0, n=900)
    found = {(each.theme, each.sphere): each for each in missing_data(board(row))}
    half = found["day-and-night", "perceived"]
    assert half.codes == ("SEN-02", "SEN-03")
    assert half.n_needed == 1
    assert not half.is_enough
    assert half.missing[0].questions == CATALOGUE.indicators["SEN-02"].question_ids
    assert found["burglary", "perceived"].codes == ("SEN-07",)


# Six themes of SEN, four of which must be whole: its six core values bring three themes, of which
# one to two thirds only (8/3 of 6); one more in "avoidance" and the last of "day-and-night" make 4.
def test_a_block_needs_as_many_as_bring_the_cheapest_themes_to_two_thirds() -> None:
    rows = [row for row in full() if not row.indicator.startswith("SEN")]
    found = {(each.block, each.theme, each.sphere): each for each in missing_data(board(*rows))}
    half = found["SEN", None, "perceived"]
    assert half.core == ("SEN-01", "SEN-02", "SEN-04", "SEN-05", "SEN-06", "SEN-08")
    assert half.n_needed == 8

    def is_enough(codes: tuple[str, ...]) -> bool:
        more = [row for row in full() if row.indicator in codes]
        block = next(b for b in board(*rows, *more).blocks if b.key == "SEN")
        return score(block.perceived).is_enough

    assert is_enough((*half.core, "SEN-03", "SEN-11"))
    assert not is_enough((*half.core, "SEN-03"))


def test_a_half_of_values_without_errors_has_no_interval() -> None:
    found = board(seen("QOL-07", "2025", 80.0), seen("QOL-09", "2025", 60.0))
    half = score(theme(found, "services").objective)
    assert half.value == pytest.approx(70.0)
    assert half.low is None
    assert [note.code for note in half.notes] == ["dashboard_score_exact"]


def test_suppressed_values_are_never_zero() -> None:
    hidden = seen("SEC-06", "2025", None, flag=Flag.SUPPRESSED, numerator=0.0, denominator=5e4)
    found = board(counted("SEC-06", "2020", 400, 50_000), hidden, base="2020")
    card = found.by_code["SEC-06"]
    assert card.is_missing and card.latest is not None
    assert card.latest.estimate.flags == (Flag.SUPPRESSED,)
    assert not score(theme(found, "burglary").objective).is_enough


def test_few_events_are_withheld_and_not_scored() -> None:
    found = board(
        counted("SEC-06", "2020", 400, 5e4), counted("SEC-06", "2025", 3, 5e4), base="2020"
    )
    assert found.by_code["SEC-06"].is_missing
    assert found.by_code["SEC-06"].notes[0].code == "indicator_few"
    assert not score(theme(found, "burglary").objective).is_enough


def test_old_values_are_shown_with_their_age() -> None:
    found = board(seen("SEN-01", "2021", 40.0, standard_error=1.0, n=900))
    card = found.by_code["SEN-01"]
    assert card.is_old and card.age_years == pytest.approx(4.5, abs=0.01)
    assert [note.code for note in card.notes] == ["dashboard_old"]
    assert "dashboard_n_old" in [note.code for note in found.notices]


def test_values_after_the_period_are_not_shown_as_the_latest() -> None:
    rows = [counted("SEC-02", year, 100, 1e5) for year in ("2023", "2024", "2025")]
    card = board(*rows, period="2024").by_code["SEC-02"]
    assert card.latest is not None and card.latest.period == "2024"
    assert len(card.series.points) == 3


def test_errors_of_one_survey_are_drawn_together_where_they_are_known() -> None:
    rows = [seen(code, "2025", 50.0, standard_error=3.0, n=300) for code in ("SEN-01", "SEN-02")]
    keys = tuple(row.key for row in rows)
    covariance = np.full((2, 2), 9.0)
    joint = JointErrors(
        keys=keys,
        values=np.array([50.0, 50.0]),
        covariance=covariance,
        factors=np.array([100.0, 100.0]),
        sizes=np.array([278.0, 278.0]),
    )

    def width(found: Dashboard) -> float:
        half = score(theme(found, "day-and-night").perceived)
        assert half.low is not None and half.high is not None
        return half.high - half.low

    alone, together = board(*rows), board(*rows, joint=[joint])
    # Errors that go wholly together: those of the mean are sqrt 2 times as wide.
    assert width(together) / width(alone) == pytest.approx(2**0.5, rel=0.12)
    assert "dashboard_independent" in [note.code for note in alone.notices]
    assert "dashboard_independent" not in [note.code for note in together.notices]


def test_a_zero_count_is_not_certain() -> None:
    rows = [counted("SEC-06", "2020", 400, 5e4), counted("SEC-06", "2025", 0, 5e4)]
    half = score(theme(board(*rows, base="2020"), "burglary").objective)
    assert half.value == pytest.approx(130.0)
    assert half.low is not None and half.low < 130.0


def test_own_indicators_stand_under_further_ones() -> None:
    own = CATALOGUE.indicators["SEC-06"].model_copy(update={"key": "SEC-91"})
    known = dataclasses.replace(CATALOGUE, indicators={**CATALOGUE.indicators, "SEC-91": own})
    found = board(known=known)
    last = next(block for block in found.blocks if block.key == "SEC").themes[-1]
    assert last.key == shipped_themes().other.key
    assert [card.code for card in last.objective.cards] == ["SEC-91"]


def test_only_chosen_indicators_are_shown() -> None:
    found = board(*full(), base="2020", chosen={"SEC-06", "SEN-01"})
    assert [card.code for card in found.cards()] == ["SEN-01", "SEC-06"]
    assert [block.key for block in found.blocks] == ["SEN", "SEC"]


@pytest.mark.parametrize(
    ("period", "base", "error"),
    [("soon", None, DashboardPeriodError), ("2025", "x", DashboardPeriodError),
     ("2020", "2025", DashboardBaseError)],
)  # fmt: skip
def test_periods_that_cannot_be_are_refused(
    period: str, base: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        board(period=period, base=base)


@settings(max_examples=8)
@given(order=st.randoms(use_true_random=False), factor=st.floats(0.6, 1.6))
def test_the_order_of_rows_and_other_areas_change_nothing(order: Random, factor: float) -> None:
    rows = full(SEC_02=factor, SEN_01=factor)
    other = [dataclasses.replace(row, area="district", value=None, numerator=1.0, denominator=2.0)
             for row in rows]  # fmt: skip
    mixed = [*rows, *other]
    order.shuffle(mixed)
    codes = {code for code in CATALOGUE.indicators if code[:3] in ("SEC", "SEN")}
    one, two = (board(*each, base="2020", chosen=codes) for each in (rows, mixed))
    assert np.array_equal(one.scoring.scores, two.scoring.scores, equal_nan=True)
    assert np.array_equal(one.scoring.draws, two.scoring.draws, equal_nan=True)
    assert [card.change for card in one.cards()] == [card.change for card in two.cards()]


@settings(max_examples=8)
@given(worse=st.floats(1.05, 3.0))
def test_more_of_what_is_bad_never_raises_a_score(worse: float) -> None:
    same, more = (
        score(theme(board(*full(SEC_06=by), base="2020", chosen={"SEC-06"}), "burglary").objective)
        for by in (1.0, worse)
    )
    assert same.value is not None and more.value is not None
    assert more.value < same.value


def test_draws_follow_their_seed() -> None:
    one, two = (board(*full(), base="2020", seed=seed, chosen={"SEC-06"}) for seed in (1, 2))
    assert not np.array_equal(one.scoring.draws, two.scoring.draws, equal_nan=True)


def test_where_nothing_is_newer_than_the_base_no_change_is_told() -> None:
    rows = [
        seen(code, "2020", 50.0, standard_error=1.0, n=900)
        for code in ("SEN-01", "SEN-02", "SEN-03")
    ]
    half = score(theme(board(*rows, base="2020"), "day-and-night").perceived)
    assert half.value == pytest.approx(100.0)
    assert half.change is Change.UNKNOWN
    assert [(note.code, note.details["n"]) for note in half.notes] == [("dashboard_score_same", 3)]
    newer = seen("SEN-01", "2025", 70.0, standard_error=1.0, n=900)
    rows += [newer, seen("SEN-02", "2025", 70.0, standard_error=1.0, n=900)]
    half = score(theme(board(*rows, base="2020"), "day-and-night").perceived)
    assert half.change is Change.ROSE
    assert [note.details["n"] for note in half.notes] == [1]
