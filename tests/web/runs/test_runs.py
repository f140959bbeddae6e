"""A run is started by right, reused within its authority only, and ends in words."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.http import Http404
from django.utils import timezone

from parvis.io.home import UnknownCityError
from parvis_web.accounts.rights import NotAllowed
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach.models import Analysis
from parvis_web.audit.models import AuditEvent
from parvis_web.config.data import run_folder
from parvis_web.runs.errors import RunCancelled
from parvis_web.runs.execution import execute, take
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.progress import Progress
from parvis_web.runs.reaper import reap
from parvis_web.runs.rules import readable_runs
from parvis_web.runs.services import cancel_run, inputs_digest, retry_run, start_run

INPUTS = {"file": "a" * 64, "version": 1}


def nothing(run, progress):
    return {}


def count(run, progress):
    return {"n": run.parameters["n"] + 1}


def start(town, space, *, role="coordinator", kind="test-kind", inputs=INPUTS, **parameters):
    return start_run(
        town.actor(role), kind=kind, subject=space, parameters=parameters, inputs=inputs
    )


def test_a_run_ends_with_the_handlers_result(here, kind):
    kind(count)
    run = execute(start(here, here.space(), n=1))
    assert (run.state, run.result, run.progress) == (RunState.DONE, {"n": 2}, 1.0)
    actions = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["run.start", "run.end"]


def test_a_library_error_becomes_code_and_details(here, kind):
    def fail(run, progress):
        raise UnknownCityError(name="tessen", hint="there are: none", path=object)

    kind(fail)
    run = execute(start(here, here.space()))
    assert (run.state, run.error_code) == (RunState.FAILED, "unknown_city")
    assert run.error_details["name"] == "tessen"


def test_a_bug_is_internal_and_tells_nothing_of_itself(here, kind, caplog):
    def fail(run, progress):
        raise RuntimeError("/secret/path")

    kind(fail)
    run = execute(start(here, here.space()))
    assert (run.state, run.error_code) == (RunState.FAILED, "internal")
    assert "secret" not in str(run.error_details)
    assert str(run.pk) in caplog.text


def test_identical_inputs_of_an_authority_share_a_run(here, kind):
    kind(nothing)
    space = here.space()
    first = start(here, space)
    assert start(here, space) == first
    execute(first)
    assert start(here, space, role="owner") == first
    assert start(here, space, inputs=INPUTS | {"version": 2}) != first
    assert AuditEvent.objects.filter(action="run.start").count() == 4


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.CANCELLED])
def test_a_run_without_result_is_not_shared(here, kind, state):
    kind(nothing)
    space = here.space()
    first = start(here, space)
    AnalysisRun.objects.update(state=state)
    assert start(here, space) != first


def test_the_same_upload_elsewhere_behaves_as_new(here, elsewhere, kind, django_assert_num_queries):
    kind(nothing)
    ours = start(here, here.space())
    execute(ours)
    theirs = start(elsewhere, elsewhere.space())
    assert theirs.state == RunState.QUEUED
    assert theirs.inputs_hash != ours.inputs_hash
    assert inputs_digest(here.authority, "test-kind", INPUTS) == ours.inputs_hash


def test_starting_needs_the_right_to_change(here, elsewhere, kind):
    kind(nothing)
    space = here.space()
    with pytest.raises(NotAllowed):
        start(here, space, role="reader")
    with pytest.raises(Http404):
        start(elsewhere, space)


def test_a_queued_run_is_cancelled_at_once_and_can_be_repeated(here, kind):
    kind(nothing)
    run = cancel_run(here.actor("owner"), start(here, here.space()))
    assert run.state == RunState.CANCELLED
    assert execute(run).state == RunState.CANCELLED
    again = retry_run(here.actor("owner"), run)
    assert (again.pk, again.state) == (run.pk, RunState.QUEUED)
    assert execute(again).state == RunState.DONE


def test_a_running_run_stops_when_asked(here, kind):
    def work(run, progress):
        cancel_run(here.actor("owner"), run)
        progress(0.5, "half")
        raise AssertionError("not reached")

    kind(work)
    assert execute(start(here, here.space())).state == RunState.CANCELLED


def test_a_run_past_its_deadline_fails(here, kind):
    def work(run, progress):
        run.deadline = timezone.now() - timedelta(seconds=1)
        progress(0.5)
        raise AssertionError("not reached")

    kind(work, minutes=3)
    run = execute(start(here, here.space()))
    assert (run.error_code, run.error_details) == ("run_overdue", {"minutes": 3})


def test_progress_is_written_at_most_twice_a_second(here, kind, django_assert_max_num_queries):
    kind(nothing)
    run = take(start(here, here.space()).pk)
    progress = Progress(run)
    with django_assert_max_num_queries(1):
        for i in range(100):
            progress(i / 100, "step")
    run.refresh_from_db()
    assert (run.progress, run.step) == (0.0, "step")


def test_only_the_latest_attempt_writes(here, kind):
    kind(nothing)
    old = take(start(here, here.space()).pk)
    AnalysisRun.objects.update(state=RunState.QUEUED)
    take(old.pk)
    with pytest.raises(RunCancelled):
        Progress(old)(0.5)


def test_a_silent_run_is_queued_once_then_failed(here, kind):
    kind(nothing)
    run = take(start(here, here.space()).pk)
    for expected in (RunState.QUEUED, RunState.FAILED):
        AnalysisRun.objects.update(heartbeat=timezone.now() - timedelta(minutes=2))
        assert reap() == 1
        run.refresh_from_db()
        assert run.state == expected
        take(run.pk)
    assert run.error_code == "run_killed_twice"


def test_a_run_that_speaks_is_left_alone(here, kind):
    kind(nothing)
    take(start(here, here.space()).pk)
    assert reap() == 0


def test_a_queued_run_without_a_task_gets_one(here, kind, django_capture_on_commit_callbacks):
    kind(nothing)
    run = start(here, here.space())
    AnalysisRun.objects.update(created=timezone.now() - timedelta(minutes=5))
    with django_capture_on_commit_callbacks(execute=True):
        assert reap() == 1
    assert reap() == 0
    assert run.state == RunState.QUEUED


def test_runs_are_listed_to_those_who_may_read_their_subject(
    here, elsewhere, kind, django_assert_max_num_queries
):
    kind(nothing)
    open_run = start(here, here.space())
    strict = here.space(name="Weighhouse", marking=Marking.STRICT)
    strict_run = start(here, strict)
    assert set(readable_runs(here.actor("owner"))) == {open_run, strict_run}
    reader = here.actor("reader")
    with django_assert_max_num_queries(3):
        assert set(readable_runs(reader)) == {open_run}
    assert not readable_runs(elsewhere.actor("owner")).exists()


def test_a_run_has_a_folder_of_its_own(here, kind):
    kind(nothing)
    run = start(here, here.space())
    folder = run_folder(run.authority_id, run.pk)
    assert folder.is_dir()
    assert str(here.authority.pk) in str(folder)


def test_old_runs_go_with_their_files_unless_something_refers_to_them(
    here, kind, django_capture_on_commit_callbacks
):
    kind(nothing)
    kept, gone, young = (execute(start(here, here.space(), inputs={"n": n})) for n in range(3))
    long_ago = timezone.now() - timedelta(days=40)
    AnalysisRun.objects.filter(pk__in=[kept.pk, gone.pk]).update(ended=long_ago)
    space = here.space(name="Corn Market")
    Analysis.objects.create(authority=here.authority, space=space, run=kept)
    folder = run_folder(gone.authority_id, gone.pk)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("prune", stdout=io.StringIO())
    assert set(AnalysisRun.objects.all()) == {kept, young}
    assert not folder.exists()
    assert AuditEvent.objects.filter(action="run.prune").count() == 1
