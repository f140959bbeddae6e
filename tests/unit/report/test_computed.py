"""What an analysis answers of an assessment."""

import datetime as dt
from dataclasses import replace

import pytest

from parvis.assessment import Answer, Assessment, Subject, check_answer, items
from parvis.packs.framework_questions import COMPUTED
from parvis.packs.frameworks import load_framework
from parvis.report.computed import computed_answers, computed_names, computed_values, filled
from parvis.report.export import result_document
from parvis.terms import Grade

WHEN = dt.datetime(2026, 5, 3, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def assessment():
    framework = load_framework("site-vulnerability")
    return Assessment(framework, Subject(framework.subject, "Corn Market"))


def test_every_name_that_frameworks_know_has_a_value(result):
    ratable = replace(result, access_points=[each for each in result.access_points if rated(each)])
    assert set(computed_values(ratable)) == set(COMPUTED)


def rated(point):
    governing = next(each for each in point.classes if each.vehicle == point.governing)
    return bool(governing.required_rating)


def test_the_figures_are_those_that_people_are_told(result):
    values, told = computed_values(result), result_document(result)
    said = [point["fastest_said_speed_kmh"] for point in told["access_points"]]
    assert values["approach.greatest_speed_kmh"] == max(filter(None, said))
    assert values["approach.n_access_points"] == len(said)
    assert values["approach.grade"] == told["grade"]
    assert values["space.area_m2"] == round(told["space"]["area_m2"])


def test_a_point_is_open_unless_a_rated_barrier_stands_there(result):
    points = [replace(each, existing="unrated") for each in result.access_points]
    first = replace(points[0], existing="rated")
    values = computed_values(replace(result, access_points=(first, *points[1:])))
    assert values["approach.n_open_access_points"] == len(points) - 1


def test_the_rating_is_the_hardest_of_those_that_govern(result):
    point = next(each for each in result.access_points if rated(each))
    entry = next(each for each in point.classes if each.vehicle == point.governing)
    low, high = (
        replace(point, classes=(replace(entry, required_rating=text),))
        for text in ("V/7200[N2B]/32/90", "V/7200[N2B]/64/90")
    )
    values = computed_values(replace(result, access_points=(low, high, low)))
    assert values["approach.least_required_rating"] == "V/7200[N2B]/64/90"


def test_no_rating_where_one_point_needs_more_than_is_tested(result):
    point = next(each for each in result.access_points if rated(each))
    entry = next(each for each in point.classes if each.vehicle == point.governing)
    beyond = replace(point, classes=(replace(entry, required_rating=""),))
    values = computed_values(replace(result, access_points=(point, beyond)))
    assert "approach.least_required_rating" not in values


def test_without_access_points_there_is_neither_speed_nor_rating(result):
    values = computed_values(replace(result, access_points=(), grade=Grade.C))
    assert values == {
        "approach.n_access_points": 0,
        "approach.n_open_access_points": 0,
        "approach.grade": "C",
        "space.area_m2": round(result.area),
    }


def test_answers_stand_at_the_items_that_ask_for_them_and_fit(assessment, result):
    found = computed_answers(assessment, result)
    known = {item.key: item for item in items(assessment.framework, assessment.subject)}
    assert {"area", "n_access_points", "greatest_speed", "n_open"} <= set(found)
    assert set(found) <= set(computed_names(assessment))
    for item, value in found.items():
        check_answer(assessment.framework, known[item], Answer(item, value=value))


def test_filling_leaves_what_somebody_said_otherwise(assessment, result):
    said = Answer("n_access_points", value=99.0, assessor="planner")
    done = filled(assessment.with_answers([said]), result, assessor="planner", when=WHEN)
    assert done.differs == {"n_access_points": (99.0, len(result.access_points))}
    answers = {each.item: each for each in done.assessment.answers}
    assert answers["n_access_points"].value == 99.0
    assert answers["area"].value == round(result.area)
    assert str(result.provenance["run_id"])[:16] in answers["area"].note


def test_filling_again_finds_all_said_already_and_replaces_when_asked(assessment, result):
    once = filled(assessment, result, assessor="planner", when=WHEN).assessment
    again = filled(once, result, assessor="planner", when=WHEN)
    assert again.assessment == once
    assert set(again.same) == set(computed_answers(assessment, result))
    wider = replace(result, area=result.area + 100)
    newer = filled(once, wider, assessor="planner", when=WHEN, replaces=True)
    assert newer.taken == {"area": round(wider.area)}
