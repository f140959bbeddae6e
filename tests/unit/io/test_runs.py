from types import SimpleNamespace

import numpy as np

from parvis.io.runs import earlier_run, earlier_runs, save_run


def result(city_hash="one", number=3):
    point = SimpleNamespace(id=number, geometry=np.array([[0.0, 0.0], [5.0, 0.0]]))
    return SimpleNamespace(
        space_id="way/12",
        space_name="Square",
        access_points=(point,),
        provenance={"created": "2026-01-01T00:00:00+00:00", "run_id": "a", "city_hash": city_hash},
    )


def test_numbers_and_places_of_the_last_run_come_back(tmp_path):
    save_run(tmp_path, result())
    run = earlier_run(tmp_path, "way/12")
    assert run is not None
    assert [(number, line.length) for number, line in run.access_points] == [(3, 5.0)]


def test_a_new_run_replaces_the_last_one_of_its_space(tmp_path):
    save_run(tmp_path, result())
    save_run(tmp_path, result("two"))
    assert [run.city_hash for run in earlier_runs(tmp_path)] == ["two"]


def test_a_space_without_a_run_has_none(tmp_path):
    assert earlier_run(tmp_path, "way/1") is None
    assert earlier_runs(tmp_path) == ()


def test_a_run_that_lacks_an_access_point_does_not_take_its_number(tmp_path):
    save_run(tmp_path, result(number=3))
    save_run(tmp_path, result(number=4))
    run = earlier_run(tmp_path, "way/12")
    assert run is not None
    assert sorted(number for number, _ in run.access_points) == [3, 4]
