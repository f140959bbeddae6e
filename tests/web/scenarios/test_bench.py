"""The bench: real children, killed, evicted, refused; never shared between authorities."""

import os
import signal
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
from drawn_square import FURTHER_WEST, geojson
from scenario_bench import place_of, result_of, running_bench

from parvis.io.scenarios import prepare_scenarios
from parvis.io.what_if import parse_changes
from parvis.report.scenario import answer_document
from parvis_web.config.data import library_home
from parvis_web.scenarios.bench import ask, is_running

ROW = {"type": "place_row", "line": geojson(FURTHER_WEST), "family": "fixed-bollard-deep"}


def changes(*rows):
    return {"crs": "EPSG:4326", "changes": list(rows)}


@pytest.fixture(scope="module")
def bench():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_SECRET_KEY", "never-hand-this-on")
        with running_bench(size=2) as running:
            yield running


@pytest.fixture(scope="module")
def here(bench):
    """A prepared place; tests that end its child leave it to be prepared again."""
    place = place_of(uuid4())
    assert result_of(place, changes()).state == "result"
    return place


def children(bench):
    return [item["pid"] for item in bench.answer({"op": "status"})["places"]]


def test_answer_is_that_of_the_library(here):
    reply = result_of(here, changes(ROW), people=500, with_place=True)
    assert reply.state == "result"
    session = prepare_scenarios(
        "tessenmark", "way/77", vehicles=["N2B"], home=library_home(here.authority_id)
    )
    asked = parse_changes(changes(ROW), session.city.epsg)
    assert reply.answer == answer_document(session, session.ask(asked, people=500))
    states = {point["id"]: point["state"] for point in reply.answer["points"]}
    assert states == {1: "closed", 2: "same"}
    assert reply.place["vehicles"][0]["key"] == "N2B"


def test_children_get_no_secrets_of_the_web(bench, here):
    result_of(here, changes())
    environment = Path(f"/proc/{children(bench)[-1]}/environ").read_bytes()
    assert b"never-hand-this-on" not in environment


def test_changes_that_cannot_be_are_refused_with_their_number(here):
    far = {"type": "Point", "coordinates": [0.0, 0.0]}
    line = {"type": "LineString", "coordinates": [[0.0, 0.0], [0.0001, 0.0]]}
    outside = result_of(here, changes(ROW, {"type": "add_barrier", "shape": line}))
    assert (outside.state, outside.code) == ("refused", "change_outside_ground")
    assert outside.details["number"] == 2
    assert result_of(here, changes({"type": "remove_barrier", "shape": far})).state == "refused"
    assert result_of(here, changes({"type": "no_such_thing"})).code == "changes_file"
    assert result_of(here, changes(ROW)).state == "result"


def test_slow_child_is_not_waited_for_beyond_the_deadline(bench, here):
    result_of(here, changes())
    pid = children(bench)[-1]
    os.kill(pid, signal.SIGSTOP)
    try:
        start = time.monotonic()
        reply = ask(here, changes(ROW), deadline=0.5)
        assert (reply.state, reply.code) == ("failed", "bench_late")
        assert time.monotonic() - start < 3.0
    finally:
        os.kill(pid, signal.SIGCONT)
    assert result_of(here, changes(ROW)).answer["rows"][0]["n_elements"] == 4


def test_killed_child_is_told_and_the_next_question_recovers(bench, here):
    result_of(here, changes())
    pid = children(bench)[-1]
    os.kill(pid, signal.SIGSTOP)
    replies = []
    asking = threading.Thread(target=lambda: replies.append(ask(here, changes(ROW))))
    asking.start()
    time.sleep(0.5)
    os.kill(pid, signal.SIGKILL)
    asking.join(10.0)
    assert [(reply.state, reply.code) for reply in replies] == [("failed", "bench_killed")]
    assert result_of(here, changes(ROW)).state == "result"
    assert pid not in children(bench)


def test_authorities_with_the_same_inputs_share_no_child_and_the_oldest_makes_room(bench, here):
    first = result_of(here, changes(ROW))
    pid_of_first = children(bench)[-1]
    other = place_of(uuid4())
    second = result_of(other, changes(ROW))
    pid_of_other = children(bench)[-1]
    assert first.answer == second.answer
    assert pid_of_other != pid_of_first
    result_of(here, changes())
    assert children(bench)[-1] == pid_of_first
    result_of(place_of(uuid4(), city_hash="0" * 64), changes())
    assert pid_of_first in children(bench)
    assert pid_of_other not in children(bench)


def test_city_that_changed_since_is_refused(bench):
    reply = result_of(place_of(uuid4(), city_hash="0" * 64), changes())
    assert (reply.state, reply.code) == ("failed", "bench_city_changed")


def test_child_beyond_its_memory_is_ended_with_a_reason(bench, monkeypatch):
    monkeypatch.setattr(bench, "memory_mb", 40)
    reply = result_of(place_of(uuid4()), changes())
    assert (reply.state, reply.code) == ("failed", "bench_memory")


def test_idle_place_is_let_go(bench, here, monkeypatch):
    result_of(here, changes())
    monkeypatch.setattr(bench, "idle", 0.2)
    until = time.monotonic() + 10.0
    while children(bench) and time.monotonic() < until:
        time.sleep(0.1)
    assert children(bench) == []


def test_wrong_key_is_refused(bench, settings):
    assert is_running()
    settings.SECRET_KEY = "another " * 6
    assert not is_running()
    assert ask(place_of(uuid4()), changes()).state == "absent"


def test_without_a_bench_the_reply_says_so(settings, tmp_path):
    settings.PARVIS_DATA = tmp_path
    assert ask(place_of(uuid4()), changes()).state == "absent"
