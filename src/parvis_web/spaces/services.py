"""Every write to spaces: taken from a city's data, drawn, changed, assigned, removed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.city.outlines import Outline, checked_outline, outline_of
from parvis.io.protected_area import drawn_outline
from parvis.io.store import load_base, load_city
from parvis_web.accounts.models import Membership, User
from parvis_web.accounts.rights import Actor, check_read, check_write
from parvis_web.accounts.vocabulary import Role
from parvis_web.audit.recording import note, service
from parvis_web.cities.models import City
from parvis_web.config.data import library_home
from parvis_web.spaces import rules
from parvis_web.spaces.models import AreaVersion, AssessmentState, PlaceKind, Space

_OUTLINE_FIELDS = ["area", "area_size", "west", "south", "east", "north"]


@dataclass(frozen=True)
class Synced:
    """How many spaces taking them from a city's data added, updated and took away."""

    n_added: int
    n_updated: int
    n_vanished: int


@service("space.sync")
def sync_spaces(actor: Actor, city: City) -> Synced:
    """
    Take the public spaces of a city's store into the list.

    What people changed stays: drawn outlines, given names, states. Spaces that the data no longer
    hold are removed only where nobody has worked on them.
    """
    check_write(actor, city)
    stored = load_city(city.store, home=library_home(city.authority_id))
    known = {space.store_id: space for space in city.spaces.exclude(store_id="")}
    added, updated, seen = [], [], set()
    kinds = stored.spaces.words("kind") if len(stored.spaces) else ()
    with translation.override(city.authority.language):
        for row in range(len(stored.spaces)):
            store_id, kind = stored.spaces.text("id", row), str(kinds[row])
            if store_id in seen:
                continue
            seen.add(store_id)
            outline = outline_of(stored.spaces.geometry[row], stored.epsg)
            name = stored.spaces.text("name", row)[:200] or _unnamed(kind, store_id)
            space = known.get(store_id)
            if space is None:
                space = Space(authority=city.authority, city=city, store_id=store_id)
                added.append(space)
            else:
                updated.append(space)
            _take(space, name, kind, outline)
    gone = [
        space
        for store_id, space in known.items()
        if store_id not in seen and _is_untouched(space) and space.removed is None
    ]
    for space in gone:
        space.removed = timezone.now()
    Space.objects.bulk_create(added, batch_size=500)
    Space.objects.bulk_update(
        [*updated, *gone], ["name", "place_kind", "removed", *_OUTLINE_FIELDS], batch_size=200
    )
    counts = Synced(len(added), len(updated), len(gone))
    note(
        city,
        after={"spaces": sorted(seen)},
        n_added=counts.n_added,
        n_updated=counts.n_updated,
        n_vanished=counts.n_vanished,
    )
    return counts


def _unnamed(kind: str, store_id: str) -> str:
    labels = dict(PlaceKind.choices)
    return _("Without a name: %(kind)s %(id)s") % {"kind": labels.get(kind, kind), "id": store_id}


def _is_untouched(space: Space) -> bool:
    return space.version == 1 and space.state == AssessmentState.UNSEEN


def _take(space: Space, name: str, kind: str, outline: Outline) -> None:
    if space.version == 1:
        space.name, space.place_kind = name, kind
    if not space.is_drawn:
        _set_outline(space, outline)


def _set_outline(space: Space, outline: Outline) -> None:
    space.area, space.area_size = outline.geometry, outline.size
    space.west, space.south, space.east, space.north = outline.bounds


def facts(space: Space) -> dict[str, Any]:
    """Return what an audit event's digest covers of a space."""
    return {
        "name": space.name,
        "place_kind": space.place_kind,
        "area": space.area,
        "state": space.state,
        "version": space.version,
        "removed": space.removed.isoformat() if space.removed else None,
    }


def checked(city: City, geometry: Mapping[str, Any], *, name: str) -> Outline:
    """Return a drawn outline checked against the ground of `city`; library errors tell why not."""
    base = load_base(city.store, home=library_home(city.authority_id))
    return checked_outline(drawn_outline(geometry, base, name=name), base)


@service("space.draw")
def draw_space(
    actor: Actor,
    *,
    city: City,
    name: str,
    geometry: Mapping[str, Any],
    origin: str = "map",
    file_name: str = "",
) -> Space:
    """Add a protected area that somebody drew anywhere in a city."""
    rules.check_draw(actor)
    check_read(actor, city)
    outline = checked(city, geometry, name=name)
    space = Space(
        authority=city.authority,
        city=city,
        name=rules.check_name(name),
        place_kind=PlaceKind.DRAWN,
        is_drawn=True,
        created_by=actor.user,
    )
    _set_outline(space, outline)
    space.save(force_insert=True)
    _keep_version(actor, space, origin=origin, file_name=file_name)
    note(space, after=facts(space), origin=origin)
    return space


@service("space.change-area")
def change_area(
    actor: Actor,
    space: Space,
    *,
    geometry: Mapping[str, Any],
    version: int,
    origin: str = "map",
    file_name: str = "",
) -> Space:
    """Give a space another outline; the one before stays and can be taken again."""
    check_write(actor, space)
    outline = checked(space.city, geometry, name=space.name)
    space = _locked(space, version)
    before = facts(space)
    if space.area is not None and not space.area_versions.exists():
        _keep_version(actor, space, origin="store" if space.store_id else "map", by_actor=False)
    _set_outline(space, outline)
    space.is_drawn = True
    _bump(space, [*_OUTLINE_FIELDS, "is_drawn"])
    kept = _keep_version(actor, space, origin=origin, file_name=file_name)
    note(space, before=before, after=facts(space), origin=origin, area_version=kept.number)
    return space


@service("space.restore-area")
def restore_area(actor: Actor, space: Space, *, number: int, version: int) -> Space:
    """Take an earlier outline of a space again, as a new version."""
    check_write(actor, space)
    space = _locked(space, version)
    earlier = space.area_versions.filter(number=number).first()
    if earlier is None:
        raise rules.RefusedError(_("This space has no such earlier outline."))
    before = facts(space)
    _set_outline(space, checked(space.city, earlier.area, name=space.name))
    space.is_drawn = earlier.origin != "store"
    _bump(space, [*_OUTLINE_FIELDS, "is_drawn"])
    kept = _keep_version(actor, space, origin="restored")
    note(space, before=before, after=facts(space), restored=number, area_version=kept.number)
    return space


@service("space.rename")
def rename_space(actor: Actor, space: Space, *, name: str, version: int) -> Space:
    """Give a space another name."""
    check_write(actor, space)
    kept = rules.check_name(name)
    space = _locked(space, version)
    before = facts(space)
    space.name = kept
    _bump(space, ["name"])
    note(space, before=before, after=facts(space))
    return space


@service("space.set-state")
def set_state(actor: Actor, space: Space, *, state: str) -> Space:
    """Say by hand how far the work on a space is."""
    rules.check_state(actor, space, state)
    return _change_state(space, state)


@service("space.advance-state")
def advance_state(actor: Actor, space: Space, *, state: str) -> Space:
    """Move a space on to `state` where it is not there yet: what analyses and sign-offs call."""
    check_read(actor, space)
    order = list(AssessmentState.values)
    current = Space.objects.get(pk=space.pk)
    reached = current.state if order.index(current.state) >= order.index(state) else state
    return _change_state(space, reached)


def _change_state(space: Space, state: str) -> Space:
    space = Space.objects.select_for_update().get(pk=space.pk)
    before = facts(space)
    space.state = state
    space.save(update_fields=["state"])
    note(space, before=before, after=facts(space), state=state)
    return space


@service("space.assign")
def assign_people(actor: Actor, space: Space, *, people: Iterable[User]) -> None:
    """Say who works on a space: members of the authority."""
    rules.check_assign(actor, space)
    chosen = list(people)
    wanted = {person.pk for person in chosen}
    members = Membership.objects.in_force().filter(authority=space.authority, user__in=wanted)
    found = set(members.exclude(role=Role.READER).values_list("user_id", flat=True))
    if found != wanted:
        raise rules.RefusedError(
            _("Only members of the authority with a role other than reader can be assigned.")
        )
    before = sorted(str(pk) for pk in space.assignees.values_list("pk", flat=True))
    space.assignees.set(chosen)
    note(space, before={"assignees": before}, after={"assignees": sorted(map(str, wanted))})


@service("space.remove")
def remove_space(actor: Actor, space: Space) -> None:
    """Take a space off the list; nothing of it is deleted."""
    rules.check_remove(actor, space)
    _set_removed(space, timezone.now())


@service("space.bring-back")
def bring_back_space(actor: Actor, space: Space) -> None:
    """Put a removed space on the list again."""
    rules.check_remove(actor, space)
    _set_removed(space, None)


def _set_removed(space: Space, moment: Any) -> None:
    before = facts(space)
    space.removed = moment
    space.save(update_fields=["removed"])
    note(space, before=before, after=facts(space))


def _locked(space: Space, version: int) -> Space:
    space = Space.objects.select_for_update().get(pk=space.pk)
    rules.check_version(space, version)
    return space


def _bump(space: Space, fields: list[str]) -> None:
    space.version += 1
    space.save(update_fields=[*fields, "version"])


def _keep_version(
    actor: Actor, space: Space, *, origin: str, file_name: str = "", by_actor: bool = True
) -> AreaVersion:
    last = space.area_versions.first()
    return AreaVersion.objects.create(
        authority=space.authority,
        space=space,
        marking=space.marking,
        number=last.number + 1 if last else 1,
        area=space.area,
        area_size=space.area_size or 0.0,
        origin=origin,
        file_name=file_name[:255],
        created_by=actor.user if by_actor else None,
    )
