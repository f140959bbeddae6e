"""What pages read about assessments and frameworks."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import framework_digest, framework_text, frameworks, load_framework
from parvis_web.accounts.access import get_readable
from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import Actor, readable
from parvis_web.assessments.held import framework_from
from parvis_web.assessments.models import Assessment, FrameworkText, Reply
from parvis_web.spaces.models import Space

PLACES = ("site", "design", "event")
"""Subjects that are, or lie in, a public space."""


@dataclass(frozen=True)
class Offer:
    """A framework that an authority can begin an assessment with."""

    framework: Framework
    text: str
    is_own: bool

    @property
    def key(self) -> str:
        """As it stands in addresses."""
        return self.framework.short_id

    @property
    def is_of_place(self) -> bool:
        """Its subject is, or lies in, a public space."""
        return self.framework.subject in PLACES

    @property
    def is_unverified(self) -> bool:
        """Part of it was not checked against the original."""
        return not self.framework.is_verified


def offers(authority: Authority) -> list[Offer]:
    """Return the frameworks an authority can use, its own first; newest versions."""
    own: dict[str, Offer] = {}
    rows = FrameworkText.objects.filter(authority=authority, is_own=True, removed__isnull=True)
    for row in rows.order_by("urn", "-version"):
        framework = framework_from(row)
        own.setdefault(framework.short_id, Offer(framework, row.text, is_own=True))
    shipped = [
        Offer(load_framework(known.short_id), framework_text(known.short_id), is_own=False)
        for known in frameworks()
        if known.short_id not in own
    ]
    return [*own.values(), *shipped]


def offer_of(authority: Authority, key: str) -> Offer:
    """
    Return one framework an authority can use.

    Raises
    ------
    django.http.Http404
    """
    for offer in offers(authority):
        if offer.key == key:
            return offer
    raise Http404


def newer_version(assessment: Assessment) -> Offer | None:
    """Return the framework of an assessment as it would be begun with today, if it changed."""
    framework = framework_from(assessment.framework)
    for offer in offers(assessment.authority):
        if offer.framework.id == framework.id:
            is_other = framework_digest(offer.framework) != assessment.framework.digest
            return offer if is_other else None
    return None


def assessments_of(
    actor: Actor, *, space: Space | None = None, is_removed: bool = False
) -> "QuerySet[Assessment]":
    """Return the assessments `actor` may know of, newest first."""
    rows = Assessment.objects.filter(removed__isnull=not is_removed)
    if space is not None:
        rows = rows.filter(space=space)
    return readable(actor, rows).select_related("framework", "space", "created_by", "authority")


def count_assessments(actor: Actor, space: Space) -> int:
    """Return how many assessments of a space `actor` may know of."""
    return assessments_of(actor, space=space).count()


def get_assessment(request: HttpRequest, pk: UUID, *, is_removed_too: bool = False) -> Assessment:
    """Return an assessment, or 404; reads of restricted ones are recorded."""
    rows = Assessment.objects.select_related("framework", "space", "authority", "previous")
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    return get_readable(request.actor, rows, pk)  # type: ignore[attr-defined]


def odd_replies(assessment: Assessment, voice: User | None) -> dict[str, list[Reply]]:
    """Return, by item, the replies that are at odds with what counts."""
    rows = Reply.objects.filter(
        assessment=assessment, voice=voice, conflicts_with__isnull=False
    ).select_related("written_by")
    found: dict[str, list[Reply]] = defaultdict(list)
    for reply in rows:
        found[reply.item].append(reply)
    return found


def language_of_reader() -> str:
    """Return the reader's language as frameworks name it."""
    return (get_language() or "en").split("-")[0]
