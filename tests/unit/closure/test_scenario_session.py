"""Sessions: the present is that of the analysis; rows stand against what their rating covers."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_square import FURTHER_WEST, store_square
from hamlet import metres

from parvis.approach.changes import AddBarrier, NarrowMouth, RemoveBarrier
from parvis.approach.what_if import full_run
from parvis.closure.placed_rows import (
    PlaceRow,
    RowDoesNotFitError,
    RowValueError,
    lay_row,
    to_faces,
)
from parvis.closure.scenario_session import KEPT_LISTS
from parvis.closure.schedule import UnknownFamilyError
from parvis.io.analyses import analyse_space
from parvis.io.scenarios import prepare_scenarios
from parvis.report.scenario import answer_document
from parvis.report.scenario_plan import frame_of, line_before, moved
from parvis.terms import Scenario

ROW = metres(FURTHER_WEST)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    store_square(home)
    _, result = analyse_space("tessenmark", "way/77", vehicles=["N2B"], home=home)
    return home, result


@pytest.fixture(scope="module")
def session(analysed):
    home, result = analysed
    return prepare_scenarios("tessenmark", "way/77", vehicles=["N2B"], analysis=result, home=home)


def test_present_has_the_speeds_and_ratings_of_the_analysis(session, analysed):
    _, result = analysed
    answer = session.ask([])
    assert [point.number for point in answer.points] == [p.id for p in result.access_points]
    for point, known in zip(answer.points, result.access_points, strict=True):
        (entry,), (told,) = point.classes, known.classes
        assert point.state == "same"
        assert entry.rating_before == entry.rating_after == told.required_rating
        for name in ("typical", "cautious", "limit"):
            here = getattr(entry.before, name)
            assert here == pytest.approx(getattr(told.speed, name), abs=1e-6)


def test_row_stands_only_against_what_its_rating_covers(session):
    strong = session.ask([PlaceRow(ROW, "fixed-bollard-deep", "extra-heavy")])
    weak = session.ask([PlaceRow(ROW, "fixed-bollard-deep", "light")])
    open_choice = session.ask([PlaceRow(ROW, "fixed-bollard-deep")])
    assert [answer.points[0].state for answer in (strong, weak, open_choice)] == [
        "closed", "same", "closed",
    ]  # fmt: skip
    assert strong.rows[0].holds
    assert not weak.rows[0].holds
    assert open_choice.rows[0].is_assumed
    assert open_choice.rows[0].sufficient_levels == ("heavy", "extra-heavy")
    assert "what_if_assumed_to_hold" in open_choice.notices


def test_elements_and_gaps_fill_the_row(session):
    for count in (None, 1, 4):
        (row,) = session.ask([PlaceRow(ROW, "fixed-bollard-deep", count=count)]).rows
        laid = row.laid
        assert sum(laid.row.gaps) + sum(laid.row.lengths) == pytest.approx(laid.line.length)
        assert laid.line.length == pytest.approx(6.0, abs=0.1)
    assert not session.ask([PlaceRow(ROW, "fixed-bollard-deep", count=1)]).rows[0].is_tight


def test_answer_does_not_depend_on_the_order_or_on_earlier_questions(session):
    changes = [NarrowMouth(ROW, 3.0), PlaceRow(metres(shapely.LineString([(11, -5), (19, -5)])),
                                               "rated-wall")]  # fmt: skip
    first = answer_document(session, session.ask(changes))
    session.ask([])
    second = answer_document(session, session.ask(changes[::-1]))
    assert first["points"] == second["points"]
    assert first["cost"] == second["cost"]


def test_answer_is_that_of_full_runs_of_the_changed_ground(session):
    narrow = NarrowMouth(metres(shapely.LineString([(11, -5), (19, -5)])), 3.0)
    row = PlaceRow(ROW, "fixed-bollard-deep")
    answer = session.ask([narrow, row])
    surface = session.baselines["N2B", Scenario.TYPICAL].present.surface
    laid = lay_row(row, surface, session.products, number=2)
    without, both = (
        {key: full_run(item, changes) for key, item in session.baselines.items()}
        for changes in ([narrow], [narrow, laid.as_change()])
    )
    points, speed = session.points.compare({key: one.after.speed for key, one in both.items()})
    expected = replace(
        answer, points=points, speed=speed, rows=(session.placed.answer(2, laid, without),)
    )
    assert answer_document(session, answer) == answer_document(session, expected)
    assert answer.rows[0].speeds == expected.rows[0].speeds
    for key, found in answer.speed.items():
        np.testing.assert_array_equal(found, speed[key])


def test_list_asked_again_has_the_answer_of_one_asked_anew(session):
    changes = [NarrowMouth(ROW, 3.0)]
    session.recent.clear()
    anew = answer_document(session, session.ask(changes))
    assert answer_document(session, session.ask(changes)) == anew
    for width in (2.2, 2.4, 2.6, 2.8, 3.2):
        session.ask([NarrowMouth(ROW, width)])
    assert {len(kept) for kept in session.recent.values()} == {KEPT_LISTS}
    assert answer_document(session, session.ask(changes)) == anew


def test_cautious_speed_lies_between_typical_and_limit(session):
    for point in session.ask([NarrowMouth(ROW, 3.0)]).points:
        for entry in point.classes:
            speed = entry.after
            assert speed.typical <= speed.cautious + 1e-9 <= speed.limit + 2e-9


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (PlaceRow(ROW, "none-such"), UnknownFamilyError),
        (PlaceRow(ROW, "rated-wall", count=9), RowDoesNotFitError),
        (PlaceRow(ROW, "rated-wall", gap=float("nan")), RowValueError),
        (PlaceRow(shapely.Point(0, 0), "rated-wall"), RowValueError),
    ],
)
def test_rows_that_cannot_be_are_refused(session, change, error):
    with pytest.raises(error):
        session.ask([change])


def test_refusal_names_the_change_in_the_whole_list(session):
    from parvis.errors import InputError

    far = AddBarrier(shapely.LineString([(0, 0), (5, 0)]))
    with pytest.raises(InputError) as refused:
        session.ask([PlaceRow(ROW, "rated-wall"), RemoveBarrier("node/9"), far])
    assert refused.value.details["number"] == 2


def test_line_reaches_the_faces_that_are_near_and_no_further():
    surface = shapely.box(0, 0, 100, 6)
    near = to_faces(shapely.LineString([(50, 1), (50, 5)]), surface)
    assert near.length == pytest.approx(6.0)
    lone = to_faces(shapely.LineString([(20, 3), (24, 3)]), surface)
    assert lone.length == pytest.approx(4.0)


def test_line_before_a_stretch_lies_outside_at_its_offset():
    area = shapely.geometry.mapping(shapely.box(10.0, 50.0, 10.001, 50.001))
    stretch = {"type": "LineString", "coordinates": [[10.0, 50.0004], [10.0, 50.0005]]}
    line = line_before(stretch, area, offset=5.0)
    frame = frame_of(area)
    x, y = frame.middle(line)
    assert frame.middle(stretch)[0] - x == pytest.approx(5.0, abs=0.02)
    back = moved(line, east=5.0, north=0.0)
    np.testing.assert_allclose(back["coordinates"], stretch["coordinates"], atol=2e-7)
    assert y == pytest.approx(frame.middle(back)[1], abs=0.02)
