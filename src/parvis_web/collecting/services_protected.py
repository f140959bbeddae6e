"""Every write of protected data: taken in encrypted, looked at, summed up, emptied on the day."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis import __version__
from parvis_web.accounts.models import Membership, User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.services.grants import name_person, set_grant
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.audit.recording import note, service
from parvis_web.collecting import rules, vault
from parvis_web.collecting.files import digest_of, forget_waiting
from parvis_web.collecting.models import ContentKind, Delivery, Origin, ProtectedDataset
from parvis_web.privacy import deletion
from parvis_web.privacy.services import enter_dataset
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.services import start_run

KINDS = {
    ContentKind.INCIDENTS: "protected-incidents",
    ContentKind.SURVEY: "protected-survey",
    ContentKind.SUBMISSIONS: "protected-survey",
}
ON_LIST = (Ability.READ.value, Ability.WRITE.value)


def facts(item: ProtectedDataset) -> dict[str, Any]:
    """Return what the audit chain digests of protected data."""
    return {
        "name": item.name,
        "kind": str(item.content_kind),
        "file": item.file_name,
        "sha256": item.digest,
        "dataset": str(item.dataset_id),
        "columns": item.columns,
        "settings": item.settings,
        "emptied": item.emptied is not None,
    }


@service("protected.add")
def add_protected(
    actor: Actor,
    *,
    upload: UploadedFile,
    file_name: str,
    ending: str,
    content_kind: str,
    values: Mapping[str, Any],
    members: Iterable[User] = (),
    crs: str = "",
) -> ProtectedDataset:
    """
    Lock a file away and enter it in the record of processing, which deletes it on its day.

    Parameters
    ----------
    values : mapping
        What the record says: `parvis_web.privacy.services.FIELDS`.
    members : iterable of User
        Who is on the access list besides `actor`.
    """
    rules.check_protect(actor)
    item = ProtectedDataset(
        authority=actor.authority,
        created_by=actor.user,
        marking=Marking.STRICT,
        marking_reason=values["purpose"][:500],
        legal_basis=values["basis"],
        review_on=values["delete_on"],
        name=values["name"],
        content_kind=content_kind,
        file_name=file_name,
        ending=ending,
    )
    item.digest, item.size = digest_of(upload)
    item.dataset = enter_dataset(actor, values=values, about=item)
    item.save(force_insert=True)
    for user in {*members, *([actor.user] if actor.user else [])}:
        _check_member(actor, user)
        set_grant(
            item,
            user=user,
            abilities=ON_LIST,
            ends_on=None,
            purpose=_("Access list"),
            given_by=actor.user,
        )
    note(item, after=facts(item), source=item.digest)
    vault.lock_away(actor.authority.pk, item.pk, upload.chunks())
    try:
        parameters = {"crs": crs}
        inputs = parameters | {"version": __version__, "digest": item.digest}
        start_run(actor, kind="protected-look", subject=item, parameters=parameters, inputs=inputs)
    except BaseException:
        vault.destroy(actor.authority.pk, item.pk)
        raise
    return item


@service("protected.name")
def name_on_list(actor: Actor, item: ProtectedDataset, *, user: User) -> None:
    """Put a member on the access list of protected data."""
    _check_member(actor, user)
    name_person(actor, item, user=user, abilities=ON_LIST, purpose=_("Access list"))
    note(item, person="named")


def _check_member(actor: Actor, user: User) -> None:
    row = Membership.objects.in_force().filter(authority=actor.authority, user=user).first()
    if row is None or row.role == Role.READER:
        raise ValidationError(
            _("Only members of the authority who are no readers can be on an access list.")
        )


@service("protected.looked-at")
def take_look(actor: Actor, item: ProtectedDataset, *, found: Mapping[str, Any]) -> None:
    """Write which columns protected data have and what they cover."""
    del actor
    before = facts(item)
    item.columns = found.get("columns", [])
    item.facts = {name: value for name, value in found.items() if name != "columns"}
    item.save(update_fields=["columns", "facts"])
    note(item, before=before, after=facts(item))


@service("protected.map")
def set_map(actor: Actor, item: ProtectedDataset, *, mapping: Mapping[str, Any]) -> None:
    """Write the map of a survey's questions as far as it is filled in."""
    rules.check_open(actor, item)
    before = facts(item)
    item.settings = dict(item.settings) | {"mapping": dict(mapping)}
    item.save(update_fields=["settings"])
    note(item, before=before, after=facts(item))


@service("protected.sum-up")
def sum_up(actor: Actor, item: ProtectedDataset, *, parameters: Mapping[str, Any]) -> AnalysisRun:
    """Begin to sum protected data up; what comes of it waits as a delivery to be kept."""
    rules.check_open(actor, item)
    before = facts(item)
    item.settings = {
        name: value for name, value in parameters.items() if name not in {"people", "areas_digest"}
    }
    item.save(update_fields=["settings"])
    note(item, before=before, after=facts(item))
    inputs = dict(parameters) | {"version": __version__, "since": timezone.now().isoformat()}
    return start_run(
        actor,
        kind=KINDS[ContentKind(item.content_kind)],
        subject=item,
        parameters=dict(parameters),
        inputs=inputs,
    )


@service("delivery.from-protected")
def take_sums(
    actor: Actor,
    item: ProtectedDataset,
    *,
    pk: UUID,
    found: Mapping[str, Any],
    created_by: User | None,
) -> Delivery:
    """Write that values summed up from protected data wait to be kept."""
    del actor
    origin = Origin(item.content_kind)
    delivery = Delivery.objects.create(
        id=pk,
        authority_id=item.authority_id,
        created_by=created_by,
        origin=origin,
        received=timezone.localdate(),
        found=dict(found),
        n=found.get("n_accepted", 0),
        marking=max(
            Marking(found.get("least_marking", Marking.GREEN)),
            Marking.GREEN,
            key=lambda each: each.order,
        ),
        protected=item,
    )
    note(delivery, after={"n": delivery.n, "origin": str(origin)}, protected=str(item.pk))
    return delivery


def empty_protected(item: ProtectedDataset) -> None:
    """
    Delete what protected data hold, key first; the row says what there was, without a file's name.

    What was summed up stays. Called by the service that deletes a set of data.
    """
    before = facts(item)
    item.emptied = timezone.now()
    item.file_name, item.columns, item.facts, item.settings = "", [], {}, {}
    item.save(update_fields=["emptied", "file_name", "columns", "facts", "settings"])
    note(item, before=before, after=facts(item))
    waiting = list(item.deliveries.filter(kept__isnull=True))
    for delivery in waiting:
        note(delivery, before={"n": delivery.n}, protected=str(item.pk))
    item.deliveries.filter(kept__isnull=True).delete()
    authority_id, pk = item.authority_id, item.pk

    def destroy() -> None:
        vault.destroy(authority_id, pk)
        for delivery in waiting:
            forget_waiting(authority_id, delivery.pk)

    transaction.on_commit(destroy)


def register_deletion() -> None:
    """Let the service that deletes a set of data on its day empty protected data with it."""
    deletion.register(
        "collecting.protecteddataset", empty_protected, check_day=rules.check_delete_on
    )
