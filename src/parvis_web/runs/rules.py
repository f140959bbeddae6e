"""Who may see and stop a run: whoever may read or change what it is about."""

from typing import cast

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import Http404

from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor, can_write, check_read, check_write, readable
from parvis_web.runs.models import AnalysisRun


def subject_model(kind: str) -> type[Owned]:
    """Return the model that a subject's kind names."""
    return cast("type[Owned]", apps.get_model(kind))


def subject_of(run: AnalysisRun) -> Owned:
    """
    Return what a run is about.

    Raises
    ------
    django.http.Http404
        Where it is gone.
    """
    model = subject_model(run.subject_kind)
    subject = model._base_manager.filter(authority_id=run.authority_id, pk=run.subject_id).first()
    if subject is None:
        raise Http404
    return subject


def check_read_run(actor: Actor, run: AnalysisRun) -> Owned:
    """Raise unless `actor` may read what `run` is about; return that."""
    subject = subject_of(run)
    check_read(actor, subject)
    return subject


def check_change_run(actor: Actor, run: AnalysisRun) -> Owned:
    """Raise unless `actor` may change what `run` is about; return that."""
    subject = subject_of(run)
    check_write(actor, subject)
    return subject


def can_change_run(actor: Actor, subject: Owned) -> bool:
    """Return whether `actor` may stop or repeat runs about `subject`."""
    return can_write(actor, subject)


def readable_runs(actor: Actor) -> QuerySet[AnalysisRun]:
    """Keep the runs about what `actor` may read: the twin of `check_read_run`."""
    runs = AnalysisRun.objects.filter(authority=actor.authority)
    rule = Q(pk__in=[])
    for kind in runs.order_by().values_list("subject_kind", flat=True).distinct():
        subjects = readable(actor, subject_model(kind)._base_manager.all())
        rule |= Q(subject_kind=kind, subject_id__in=subjects.values("pk"))
    return runs.filter(rule)
