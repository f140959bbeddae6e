"""What the record of processing holds, and whose names the audit chain still knows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Grant, Membership, User
from parvis_web.accounts.rights import Actor, readable
from parvis_web.accounts.services.erasing import is_account_needed
from parvis_web.approach.models import Assumption
from parvis_web.assessments.models import AssessmentSignature
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditPerson
from parvis_web.documents.models import Document
from parvis_web.measures.models import Measure
from parvis_web.privacy.models import Dataset
from parvis_web.scenarios.models import Signature
from parvis_web.sharing.models import ShareFile
from parvis_web.spaces.models import LocalCorrection


@dataclass(frozen=True)
class Kept:
    """Where a name stays after it was erased: what, how many, and why."""

    what: str
    count: int
    reason: str


def is_account_kept(actor: Actor, user: User) -> bool:
    """Return whether erasing the name here leaves the account as it is."""
    own = [chain_name(actor.authority), chain_name(None)]
    elsewhere = AuditPerson.objects.filter(user=user).exclude(chain__in=own)
    return is_account_needed(user) or elsewhere.exists()


def kept_names(actor: Actor, user: User) -> list[Kept]:
    """Return what of the authority goes on naming `user` once the name is erased."""
    name = str(user)
    signed = Q(signer=user) | Q(signer_name=name)
    law = _("What was signed stays as it was signed; laws on records ask for it.")
    copies = _("Who holds a restricted paper must be known until it is back.")
    found = [
        (_("signatures under designs"), Signature.objects.filter(signed), law),
        (_("signatures under assessments"), AssessmentSignature.objects.filter(signed), law),
        (_("numbered copies"), Document.objects.filter(recipient__icontains=name), copies),
        (_("share files"), ShareFile.objects.filter(recipient__icontains=name), copies),
        (
            _("threat statements and planning assumptions"),
            Assumption.objects.filter(author=name),
            _("Every report rests on one; who is responsible for it belongs to it."),
        ),
        (
            _("findings on site"),
            LocalCorrection.objects.filter(facts__person=name),
            _("A measurement counts by who measured; withdraw it to take it out of use."),
        ),
        (
            _("measures"),
            Measure.objects.filter(responsible_name=name),
            _("Somebody answers for it: name another person on its page."),
        ),
    ]
    counted = [
        (what, rows.filter(authority=actor.authority).count(), why) for what, rows, why in found
    ]
    return [Kept(what, count, why) for what, count, why in counted if count]


def datasets(actor: Actor) -> "QuerySet[Dataset]":
    """Return the datasets that `actor` may read, the next to be deleted first."""
    return readable(actor, Dataset.objects.all()).order_by("deleted", "delete_on", "name")


def former_people(actor: Actor) -> "QuerySet[AuditPerson]":
    """Return who has a name in the authority's chain and no longer works for it, by name."""
    still: list[Any] = [
        rows.in_force().filter(authority=actor.authority).values("user")
        for rows in (Membership.objects, Grant.objects)
    ]
    people = AuditPerson.objects.filter(
        chain=chain_name(actor.authority), erased__isnull=True, user__isnull=False
    )
    return people.exclude(user__in=still[0]).exclude(user__in=still[1]).order_by("name")
