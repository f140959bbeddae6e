"""Every write about personal data: entered, changed, deleted when due."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Owned
from parvis_web.accounts.objects import find_object
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.privacy.deletion import can_delete, check_kept_until, delete_object
from parvis_web.privacy.models import Dataset
from parvis_web.privacy.rules import check_keep_record

FIELDS = (
    "name",
    "purpose",
    "regime",
    "basis",
    "people",
    "data_owner",
    "recipients",
    "retention",
    "delete_on",
)


def facts(dataset: Dataset) -> dict[str, Any]:
    """Return what the audit chain digests of a dataset."""
    return {name: getattr(dataset, name) for name in FIELDS}


@service("dataset.enter")
def enter_dataset(
    actor: Actor, *, values: Mapping[str, Any], about: Owned | None = None
) -> Dataset:
    """
    Enter a set of data about people; `about` is deleted on the day by itself.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where the day has passed, or nothing knows how to delete `about`.
    """
    check_keep_record(actor)
    _check_day(values["delete_on"])
    dataset = Dataset(authority=actor.authority, created_by=actor.user, **values)
    if about is not None:
        check_write(actor, about)
        if not can_delete(about.kind()):
            raise ValidationError(_("This object cannot be deleted by itself."))
        check_kept_until(about.kind(), values["delete_on"])
        dataset.object_kind, dataset.object_id = about.kind(), about.pk
    dataset.full_clean(exclude=["authority"])
    dataset.save(force_insert=True)
    note(dataset, after=facts(dataset))
    return dataset


@service("dataset.change")
def change_dataset(actor: Actor, dataset: Dataset, *, values: Mapping[str, Any]) -> Dataset:
    """Change what the record says of a dataset."""
    check_keep_record(actor)
    check_write(actor, dataset)
    if dataset.deleted is not None:
        raise ValidationError(_("These data are deleted: the entry stays as it is."))
    _check_day(values["delete_on"])
    check_kept_until(dataset.object_kind, values["delete_on"])
    before = facts(dataset)
    for name in FIELDS:
        setattr(dataset, name, values[name])
    dataset.full_clean(exclude=["authority"])
    dataset.save(update_fields=FIELDS)
    note(dataset, before=before, after=facts(dataset))
    return dataset


@service("dataset.delete")
def delete_data(actor: Actor, dataset: Dataset) -> None:
    """Delete the data now, before their day or on it; the entry stays and says so."""
    if not actor.is_system:
        check_keep_record(actor)
        check_write(actor, dataset)
    if dataset.object_id is not None:
        item = find_object(dataset.authority_id, dataset.object_kind, dataset.object_id)
        if item is not None:
            delete_object(item)
    dataset.deleted = timezone.now()
    dataset.save(update_fields=["deleted"])
    note(dataset, before=facts(dataset), kind=dataset.object_kind)


def delete_due(today: date) -> int:
    """
    Delete every dataset kept here whose day has come; return how many.

    What lies elsewhere only somebody can delete: its entry stays open and its page says so.
    """
    due = Dataset.objects.filter(
        deleted__isnull=True, delete_on__lte=today, object_id__isnull=False
    )
    n_deleted = 0
    for dataset in due.select_related("authority"):
        delete_data(Actor(dataset.authority, via="date"), dataset)
        n_deleted += 1
    return n_deleted


def _check_day(day: date) -> None:
    if day <= timezone.localdate():
        raise ValidationError(
            {"delete_on": _("This day has passed: choose the day on which the data are deleted.")}
        )
