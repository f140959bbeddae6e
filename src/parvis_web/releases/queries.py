"""What people and the public read of releases, and what a check rests on."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from parvis_web.accounts.models import Membership, User
from parvis_web.accounts.rights import Actor
from parvis_web.audit.chain import canonical
from parvis_web.audit.reads import record_read
from parvis_web.collecting.models import AreaLayer
from parvis_web.collecting.queries import (
    area_layers,
    area_names,
    areas_of_layer,
    catalogue_for,
    observations_of,
    stores_of,
)
from parvis_web.config.data import library_home
from parvis_web.releases import rules
from parvis_web.releases.choosing import Offer, offers
from parvis_web.releases.models import (
    BINDING,
    TOLD,
    FigureRelease,
    PublicFigures,
)
from parvis_web.releases.protecting import Ground

if TYPE_CHECKING:
    from parvis.indicators.disclosure.release import Release


def releases_of(actor: Actor) -> QuerySet[FigureRelease]:
    """Return the releases `actor` may know of, drafts first, then the newest."""
    return rules.visible(actor, FigureRelease.objects.all())


def get_release(actor: Actor, pk: UUID) -> FigureRelease:
    """
    Return one release `actor` may know of; what an early reader reads is recorded.

    Raises
    ------
    django.http.Http404
    """
    rows = FigureRelease.objects.select_related("authority", "created_by", "approved_by")
    found = rows.filter(authority=actor.authority, pk=pk).first()
    if found is None:
        raise Http404
    rules.check_see(actor, found)
    is_early = actor.role not in rules.PREPARERS and found.state_now not in TOLD
    if is_early and not actor.is_system:
        record_read(actor, found)
    return found


def registered(actor: Actor) -> list[FigureRelease]:
    """Return all that the public has read, the newest first."""
    now = timezone.now()
    return [
        each
        for each in releases_of(actor).filter(number__isnull=False).order_by("-number")
        if each.state_at(now) in TOLD
    ]


def possible_early_readers(actor: Actor, release: FigureRelease) -> QuerySet[User]:
    """Return the members who could be named as early readers: who does not see it anyway."""
    members = Membership.objects.in_force().filter(authority=actor.authority)
    users = members.exclude(role__in=rules.PREPARERS).values("user")
    named = release.early_readers.values("user")
    return User.objects.filter(pk__in=users, is_active=True).exclude(pk__in=named).order_by("name")


# What can be chosen


def levels_of(actor: Actor) -> dict[str, tuple[str, ...]]:
    """Return the areas of each layer; an area of several layers belongs to the newest."""
    found: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for layer in area_layers(actor).order_by("-created"):
        codes = tuple(code for code in layer.codes if code not in seen)
        if codes:
            found[str(layer.pk)] = codes
            seen |= set(codes)
    return found


def layer_names(actor: Actor) -> dict[str, str]:
    """Return what the layers of areas are called."""
    return {str(layer.pk): layer.name for layer in area_layers(actor)}


def offers_for(actor: Actor, *, city: str) -> list[Offer]:
    """Return what `actor` can choose from."""
    return offers(observations_of(actor), catalogue_for(actor), city=city, levels=levels_of(actor))


# What a check rests on


def binding(actor: Actor, *, besides: FigureRelease | None = None) -> QuerySet[FigureRelease]:
    """Return the releases that are told or approved, the earliest first."""
    found = FigureRelease.objects.filter(authority=actor.authority, state__in=BINDING)
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    return found.order_by("number")


def earlier_releases(actor: Actor, *, besides: FigureRelease | None = None) -> list["Release"]:
    """Return all that was told or is approved, by the web and by the command line."""
    from dataclasses import replace

    from parvis.indicators.disclosure.release import release_from

    own = [
        replace(release_from(row.told), id=row.register_id or f"#{row.number}", digest=row.digest)
        for row in binding(actor, besides=besides)
    ]
    return [*_elsewhere(actor), *own]


def _elsewhere(actor: Actor) -> list["Release"]:
    """Return what the library's register holds that was not told here."""
    from parvis.io.releases import releases

    rows = FigureRelease.objects.filter(authority=actor.authority).exclude(register_id="")
    mine = set(rows.values_list("register_id", flat=True))
    return [each for each in releases(library_home(actor.authority.pk)) if each.id not in mine]


def ground_of(actor: Actor, release: FigureRelease) -> Ground:
    """Return what a check of `release` rests on."""
    return Ground(
        table=observations_of(actor),
        catalogue=catalogue_for(actor),
        levels=levels_of(actor),
        within=within_of(actor),
        names=area_names(actor),
        earlier=earlier_releases(actor, besides=release),
        authority=actor.authority.name,
        language=actor.authority.language,
    )


def within_of(actor: Actor) -> dict[tuple[str, str], dict[str, str]]:
    """Return in which areas of another layer those of a layer lie, for layers that nest."""
    from parvis.indicators.nested import nested_in

    levels = levels_of(actor)
    drawn = {
        str(layer.pk): _outlines(layer, levels[str(layer.pk)])
        for layer in area_layers(actor)
        if str(layer.pk) in levels
    }
    found = {}
    for finer, areas in drawn.items():
        for coarser, others in drawn.items():
            if finer == coarser or len(areas) < len(others):
                continue
            if (into := nested_in(areas, others)) is not None:
                found[finer, coarser] = into
    return found


def _outlines(layer: AreaLayer, codes: Collection[str]) -> dict[str, dict[str, Any]]:
    drawn = areas_of_layer(layer.authority_id, layer.digest).get("features", ())
    return {
        each["properties"]["code"]: each["geometry"]
        for each in drawn
        if each["properties"]["code"] in codes
    }


def basis_of(actor: Actor, release: FigureRelease) -> dict[str, str]:
    """Return digests of all a check rests on: another one is needed once they differ."""
    system = Actor(actor.authority, via=actor.via)
    own = library_home(actor.authority.pk) / "indicators.yaml"
    earlier = [[str(row.pk), row.digest] for row in binding(system, besides=release)]
    earlier += [[each.id, each.digest] for each in _elsewhere(system)]
    return {
        "data": _digest(list(stores_of(system))),
        "earlier": _digest(earlier),
        "areas": _digest({key: list(codes) for key, codes in levels_of(system).items()}),
        "catalogue": hashlib.sha256(own.read_bytes()).hexdigest() if own.is_file() else "",
    }


def _digest(said: object) -> str:
    return hashlib.sha256(canonical({"of": said}).encode()).hexdigest()


# The public


@dataclass(frozen=True)
class Shown:
    """
    A release as the public finds it.

    Attributes
    ----------
    row : PublicFigures
    by : PublicFigures or None
        The correction that replaced it.
    """

    row: PublicFigures
    by: PublicFigures | None

    @property
    def is_in_force(self) -> bool:
        """Whether its figures are to be used."""
        return self.row.ended is None and self.by is None


def public_figures(slug: str, now: datetime | None = None) -> list[Shown]:
    """
    Return what the public may know of an authority's releases at `now`, the newest first.

    Reads one table; before its time a release is not there.
    """
    now = now or timezone.now()
    rows = list(PublicFigures.objects.filter(page=slug, public_from__lte=now))
    by: Mapping[UUID, PublicFigures] = {
        row.replaces: row for row in rows if row.replaces is not None and row.ended is None
    }
    return [Shown(row, by.get(row.pk)) for row in rows]


def public_release(slug: str, pk: UUID, now: datetime | None = None) -> Shown | None:
    """Return one release as the public finds it at `now`; None where there is none."""
    now = now or timezone.now()
    rows = PublicFigures.objects.filter(page=slug, public_from__lte=now)
    found = list(rows.filter(Q(pk=pk) | Q(replaces=pk)))
    row = next((each for each in found if each.pk == pk), None)
    if row is None:
        return None
    by = next((each for each in found if each.replaces == pk and each.ended is None), None)
    return Shown(row, by)
