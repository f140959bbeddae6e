"""Load balancers and monitoring learn how the installation does; strangers no more than that."""

import os
import time

import pytest
from django.core.cache import cache
from django.db import DatabaseError

from parvis_web.accounts.models import User
from parvis_web.operation import health, heartbeat, metrics
from parvis_web.operation.heartbeat import beat

PROXY = {"X-Forwarded-For": "203.0.113.5"}


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.PARVIS_DATA = tmp_path
    cache.clear()
    return tmp_path


@pytest.fixture
def operator(here):
    user = User.objects.create_user("operator@example.org", is_operator=True)
    here.people["operator"] = user
    return lambda **fields: here.client("operator", **fields)


def test_the_process_is_up(client):
    assert client.get("/health/").json() == {"up": True}


def test_a_whole_installation_is_ready(db, client):
    beat("worker")
    answer = client.get("/ready/")
    assert answer.status_code == 200
    assert answer.json()["state"] == "ready"
    assert set(answer.json()["parts"]) == {"database", "migrations", "data", "room", "worker"}


def test_through_the_proxy_strangers_learn_the_state_only(db, client):
    beat("worker")
    assert client.get("/ready/", headers=PROXY).json() == {"state": "ready"}
    answer = client.get("/ready/", headers={"Forwarded": "for=203.0.113.5"})
    assert answer.json() == {"state": "ready"}
    assert client.get("/ready/", REMOTE_ADDR="203.0.113.5").json() == {"state": "ready"}
    assert client.get("/ready/", REMOTE_ADDR="").json() == {"state": "ready"}


def test_operators_learn_why_through_the_proxy_too(operator):
    assert "parts" in operator().get("/ready/", headers=PROXY).json()
    assert "parts" not in operator(second_factor=False).get("/ready/", headers=PROXY).json()


def test_members_are_no_operators(here):
    assert "parts" not in here.client("owner").get("/ready/", headers=PROXY).json()


@pytest.mark.parametrize("seen", [None, heartbeat.LATE + 10])
def test_without_a_worker_pages_work_and_runs_wait(db, client, data, seen):
    if seen is not None:
        beat("worker")
        moment = time.time() - seen
        os.utime(data / "heartbeats" / "worker", (moment, moment))
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["state"]) == (200, "degraded")


def test_a_full_disk_is_said(db, client, monkeypatch):
    beat("worker")
    monkeypatch.setattr(health, "LEAST_FREE", 2**80)
    assert client.get("/ready/").json()["state"] == "degraded"


def test_without_data_directory_it_is_down(db, client, settings, tmp_path):
    settings.PARVIS_DATA = tmp_path / "gone"
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["state"]) == (503, "down")
    assert not answer.json()["parts"]["data"]["works"]


def test_without_database_it_is_down_and_says_no_more_than_the_kind_of_error(client, monkeypatch):
    class Broken:
        vendor = "x"

        def cursor(self):
            raise DatabaseError("password of parvis refused")

    def broken():
        raise DatabaseError("password of parvis refused")

    monkeypatch.setattr(health, "connection", Broken())
    monkeypatch.setattr(health, "_waiting_migrations", broken)
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == {"works": False, "detail": "DatabaseError"}
    assert "refused" not in answer.content.decode()


def test_a_database_behind_the_program_is_down(db, client, monkeypatch):
    health._waiting_migrations.cache_clear()
    executor = health.MigrationExecutor
    monkeypatch.setattr(executor, "migration_plan", lambda *_: [("x", False)])
    assert client.get("/ready/").status_code == 503
    monkeypatch.undo()
    health._waiting_migrations.cache_clear()


@pytest.fixture
def counting(settings, monkeypatch):
    settings.PARVIS_METRICS = True
    monkeypatch.setattr(metrics, "COUNTS", metrics.Counts())
    monkeypatch.setattr("parvis_web.operation.middleware.COUNTS", metrics.COUNTS)


def test_metrics_are_off_by_default(db, client):
    assert client.get("/metrics").status_code == 404


def test_metrics_are_not_for_strangers(db, client, counting):
    assert client.get("/metrics", headers=PROXY).status_code == 404


def test_metrics_count_requests_and_runs(db, client, counting):
    client.get("/health/")
    client.get("/health/")
    client.get("/nowhere/")
    text = client.get("/metrics").content.decode()
    counted = 'page="operation:health",method="GET",status="200"'
    assert f"parvis_requests_total{{{counted}}} 2\n" in text
    assert 'parvis_requests_total{page="none",method="GET",status="404"} 1\n' in text
    assert 'parvis_request_seconds_bucket{app="operation",le="+Inf"} 2\n' in text
    assert 'parvis_runs{state="queued"} 0\n' in text
    assert "parvis_worker_heartbeat_age_seconds NaN\n" in text


def test_metrics_add_up_processes_that_live_and_that_ended(db, client, counting, data):
    client.get("/health/")
    name = 'parvis_requests_total{page="operation:health",method="GET",status="200"}'
    for pid in (os.getppid(), 2**22 + 1):
        (data / "metrics" / f"{pid}.json").write_text(
            f'{{"{name}": 10}}'.replace(name, name.replace('"', '\\"'))
        )
    for _ in range(2):
        assert f"{name} 21\n" in client.get("/metrics").content.decode()
    assert not (data / "metrics" / f"{2**22 + 1}.json").exists()


def test_the_operators_page_counts_and_shows_no_content(here, operator, data):
    here.space(name="Secret Square")
    folder = data / "authorities" / str(here.authority.pk)
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x" * 3000)
    page = operator().get("/operator/")
    (line,) = page.context["lines"]
    assert (line.n_spaces, line.n_cities, line.n_members) == (1, 1, 0)
    assert line.disk_use == 3000
    assert "Secret Square" not in page.content.decode()


def test_the_operators_page_is_not_there_for_anybody_else(here, operator, client):
    for browser in (client, here.client("owner"), operator(second_factor=False)):
        assert browser.get("/operator/").status_code == 404


def test_the_operators_page_asks_no_more_for_more_authorities(
    here, make_town, operator, django_assert_max_num_queries
):
    browser = operator()
    for number in range(10):
        make_town(f"town-{number}").space()
    with django_assert_max_num_queries(16):
        browser.get("/operator/")
