"""What people read of runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from parvis.report.messages import sentences
from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor
from parvis_web.runs.kinds import RunKind, kind_named
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.rules import can_change_run, readable_runs, subject_model
from parvis_web.ui.errors import sentence_for

_TONES = {
    RunState.QUEUED: "",
    RunState.RUNNING: "accent",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
    RunState.CANCELLED: "",
}


@dataclass(frozen=True)
class ShownRun:
    """A run with the words around it."""

    run: AnalysisRun
    subject: Owned | None
    may_change: bool

    @property
    def _kind(self) -> RunKind | None:
        return kind_named(self.run.kind)

    @property
    def label(self) -> str:
        """What the kind of run is called."""
        return str(self._kind.label) if self._kind else self.run.kind

    @property
    def state(self) -> str:
        """The state's word."""
        return str(RunState(self.run.state).label)

    @property
    def tone(self) -> str:
        """The badge's kind for the state."""
        return _TONES[RunState(self.run.state)]

    @property
    def step(self) -> str:
        """What is being done now."""
        if self.run.state == RunState.QUEUED:
            return _("Waiting for its turn")
        if self.run.cancel_asked and not self.run.is_over:
            return _("Being stopped")
        steps = self._kind.steps if self._kind else {}
        return str(steps.get(self.run.step, "")) or _("Working")

    @property
    def share(self) -> float | None:
        """The share done; None while nothing can be said."""
        return self.run.progress if self.run.state == RunState.RUNNING else None

    @property
    def sentence(self) -> str:
        """Why the run failed."""
        return error_sentence(self.run)

    @property
    def next_url(self) -> str:
        """Where what came of the run is shown; empty where nothing came of it."""
        is_shown = self.run.state == RunState.DONE and self._kind and self._kind.next_url
        return self._kind.next_url(self.run) if is_shown else ""  # type: ignore[union-attr,misc]

    @property
    def asked(self) -> Sequence[tuple[Any, Any]]:
        """Labels and values of what was asked."""
        return self._kind.asked(self.run) if self._kind and self._kind.asked else ()

    @property
    def may_cancel(self) -> bool:
        """Whether a button to stop the run is shown."""
        return self.may_change and not self.run.is_over and not self.run.cancel_asked

    @property
    def may_retry(self) -> bool:
        """Whether a button to start the run again is shown."""
        return self.may_change and self.run.state in {RunState.FAILED, RunState.CANCELLED}


def error_sentence(run: AnalysisRun) -> str:
    """Return why `run` failed, empty where it did not."""
    if run.state != RunState.FAILED:
        return ""
    code = run.error_code if run.error_code in sentences() else "internal"
    return sentence_for(code, run.error_details)


def shown(actor: Actor, run: AnalysisRun, subject: Owned | None = None) -> ShownRun:
    """Return a run with the words around it; `subject` where it is at hand."""
    if subject is None:
        model = subject_model(run.subject_kind)
        subject = model._base_manager.filter(
            authority_id=run.authority_id, pk=run.subject_id
        ).first()
    return ShownRun(run, subject, subject is not None and can_change_run(actor, subject))


def runs_of(actor: Actor, *, is_mine: bool) -> QuerySet[AnalysisRun]:
    """Return the runs `actor` may read, newest first; those they started where `is_mine`."""
    runs = readable_runs(actor).select_related("created_by").order_by("-created")
    return runs.filter(created_by=actor.user) if is_mine else runs


def with_words(actor: Actor, runs: Sequence[AnalysisRun]) -> list[ShownRun]:
    """Return runs of a list with their words; one query per kind of subject."""
    subjects: dict[tuple[str, Any], Owned] = {}
    for kind in {run.subject_kind for run in runs}:
        ids = [run.subject_id for run in runs if run.subject_kind == kind]
        for item in subject_model(kind)._base_manager.filter(authority=actor.authority, pk__in=ids):
            subjects[kind, item.pk] = item
    return [ShownRun(run, subjects.get((run.subject_kind, run.subject_id)), False) for run in runs]


def latest_run(subject: Owned, kind: str) -> AnalysisRun | None:
    """Return the last run of a kind about `subject`."""
    runs = AnalysisRun.objects.filter(
        authority_id=subject.authority_id,
        subject_kind=subject.kind(),
        subject_id=subject.pk,
        kind=kind,
    )
    return runs.order_by("-created").first()


def get_run(actor: Actor, pk: Any) -> tuple[AnalysisRun, Owned]:
    """
    Return a run of the authority and its subject, the read recorded where the marking asks for it.

    Raises
    ------
    django.http.Http404
    """
    from parvis_web.accounts.access import get_readable

    run = (
        AnalysisRun.objects.filter(authority=actor.authority, pk=pk)
        .select_related("authority", "created_by")
        .first()
    )
    if run is None:
        raise Http404
    subjects = subject_model(run.subject_kind)._base_manager.all()
    return run, get_readable(actor, subjects, run.subject_id)
