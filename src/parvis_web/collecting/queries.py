"""What people and other apps read of the data that came in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis_web.accounts.access import get_readable
from parvis_web.accounts.rights import Actor, readable
from parvis_web.cities.models import City, CityState
from parvis_web.collecting.files import areas_path, waiting_home
from parvis_web.collecting.models import (
    AreaLayer,
    Delivery,
    ProtectedDataset,
    SavedMapping,
    TableKind,
)
from parvis_web.collecting.reading import REJECTED
from parvis_web.collecting.rules import open_to
from parvis_web.config.data import library_home
from parvis_web.ui.errors import sentence_for

if TYPE_CHECKING:
    from parvis.indicators.joint import JointErrors
    from parvis.indicators.values import Observations
    from parvis.indicators.vintages import Break, Revisions
    from parvis.packs.indicators import Catalogue

MOST_JOINED = 8
MOST_SERIES = 200


def deliveries_of(actor: Actor, *, is_removed: bool = False) -> QuerySet[Delivery]:
    """Return the kept deliveries `actor` may read, in the order in which they count, last first."""
    rows = Delivery.objects.filter(kept__isnull=False, removed__isnull=not is_removed)
    return readable(actor, rows).order_by("-received", "-kept")


def waiting_of(actor: Actor) -> QuerySet[Delivery]:
    """Return the deliveries that wait for `actor` to keep or discard them."""
    opened = open_to(actor, ProtectedDataset.objects.all())
    rows = (
        readable(actor, Delivery.objects.filter(kept__isnull=True))
        .filter(Q(protected__isnull=True) | Q(protected__in=opened.values("pk")))
        .order_by("-created")
    )
    return rows if actor.is_editor or actor.is_system else rows.filter(created_by=actor.user)


def get_delivery(actor: Actor, pk: UUID) -> Delivery:
    """
    Return one delivery `actor` may read; one that waits only for who may keep it.

    Raises
    ------
    django.http.Http404
    """
    from django.http import Http404

    rows = Delivery.objects.select_related("authority", "created_by", "kept_by", "protected")
    found = get_readable(actor, rows, pk)
    if found.kept is None and not waiting_of(actor).filter(pk=pk).exists():
        raise Http404
    return found


def stores_of(actor: Actor, *, as_of: date | None = None) -> tuple[str, ...]:
    """Return the names of the deliveries that hold for `actor`, in order; also what to cache by."""
    rows = deliveries_of(actor)
    if as_of is not None:
        rows = rows.filter(received__lte=as_of)
    return tuple(rows.order_by("received", "kept").values_list("store", flat=True))


def observations_of(actor: Actor, *, as_of: date | None = None) -> "Observations":
    """
    Return what holds: the latest value of everything delivered that `actor` may read.

    Parameters
    ----------
    actor : Actor
    as_of : date, optional
        Deliveries after this day are left out.
    """
    return _joined(library_home(actor.authority.pk), stores_of(actor, as_of=as_of))


def joint_errors_of(actor: Actor) -> "tuple[JointErrors, ...]":
    """Return how the errors of survey values that `actor` may read go together, by sample."""
    from parvis.io.observations import joint_errors

    return joint_errors(stores_of(actor), home=library_home(actor.authority.pk))


def catalogue_for(actor: Actor) -> "Catalogue":
    """Return the indicators that hold for the authority."""
    from parvis.io.indicator_files import OWN, catalogue_of

    home = library_home(actor.authority.pk)
    own = home / OWN
    if own.is_file():
        return catalogue_of(home)
    return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> "Catalogue":
    from parvis.packs.indicators import catalogue

    return catalogue(None)


@lru_cache(maxsize=MOST_JOINED)
def _joined(home: Path, stores: tuple[str, ...]) -> "Observations":
    from parvis.io.observations import joined_deliveries

    return joined_deliveries(stores, home=home)


@lru_cache(maxsize=MOST_JOINED)
def areas_of_layer(authority_id: UUID, digest: str) -> dict[str, Any]:
    """Return the areas of a layer as GeoJSON, properties `code` and `name`."""
    path = areas_path(authority_id, digest)
    return dict(json.loads(path.read_text(encoding="utf-8")))


def area_layers(actor: Actor, *, is_removed: bool = False) -> QuerySet[AreaLayer]:
    """Return the layers of areas `actor` may read."""
    return readable(actor, AreaLayer.objects.filter(removed__isnull=not is_removed))


def ready_cities(actor: Actor) -> QuerySet[City]:
    """Return the cities `actor` may read whose map is there."""
    return readable(actor, City.objects.filter(state=CityState.READY, removed__isnull=True))


def area_names(actor: Actor) -> dict[str, str]:
    """Return the name of every area there is a layer of, by code; newer layers count."""
    names: dict[str, str] = {}
    rows = area_layers(actor).order_by("created").values_list("codes", "names")
    for codes, said in rows:
        names |= dict(zip(codes, said, strict=False))
    return names


def mappings_of(actor: Actor, table: TableKind | None = TableKind.VALUES) -> QuerySet[SavedMapping]:
    """Return the saved mappings of one kind of table, or of all, that `actor` may read."""
    rows = readable(actor, SavedMapping.objects.all())
    return rows if table is None else rows.filter(table=table)


def protected_of(actor: Actor) -> QuerySet[ProtectedDataset]:
    """Return the records of protected data `actor` may know of."""
    return readable(actor, ProtectedDataset.objects.select_related("dataset"))


def waiting_survey(delivery: Delivery) -> dict[str, Any] | None:
    """Return how the errors of the values of a waiting survey go together."""
    from parvis.io.observations import deliveries, survey_document

    home = _waiting_folder(delivery)
    return survey_document(deliveries(home)[0].id, home=home) or None


def waiting_observations(delivery: Delivery) -> "Observations":
    """Return the values of a delivery that waits."""
    return _waiting(_waiting_folder(delivery))


def kept_observations(delivery: Delivery) -> "Observations":
    """Return the values of a kept delivery."""
    return _joined(library_home(delivery.authority_id), (delivery.store,))


def _waiting(home: Path) -> "Observations":
    from parvis.io.observations import deliveries, load_delivery

    return load_delivery(deliveries(home)[0].id, home=home)


def _waiting_folder(delivery: Delivery) -> Path:
    return waiting_home(delivery.authority_id, delivery.pk) / delivery.found["waiting"]


def change_counts(authority_id: UUID, waiting: Path, received: date) -> dict[str, int]:
    """Return how many values of a waiting delivery are new, revised, or the same as before."""
    from parvis.indicators.vintages import revisions

    rows = Delivery.objects.filter(
        authority=authority_id, kept__isnull=False, removed__isnull=True, received__lte=received
    )
    stores = rows.order_by("received", "kept").values_list("store", flat=True)
    earlier = _joined(library_home(authority_id), tuple(stores))
    found = revisions(earlier, _waiting(waiting))
    return {"added": len(found.added), "revised": len(found.after), "same": found.n_same}


def earlier_than(actor: Actor, delivery: Delivery) -> "Observations":
    """Return what held before a delivery came."""
    stores = stores_of(actor)
    before = stores[: stores.index(delivery.store)] if delivery.store in stores else ()
    return _joined(library_home(delivery.authority_id), before)


def revisions_of(actor: Actor, delivery: Delivery) -> "Revisions":
    """Return what a kept delivery says otherwise than what held before it."""
    from parvis.indicators.vintages import revisions

    return revisions(earlier_than(actor, delivery), kept_observations(delivery))


@dataclass(frozen=True)
class BrokenSeries:
    """A series of totals that cannot be compared across some periods."""

    indicator: str
    area: str
    breaks: "tuple[Break, ...]"


def breaks_of(table: "Observations") -> list[BrokenSeries]:
    """Return the series of totals that break; at most `MOST_SERIES` are looked at."""
    import numpy as np

    from parvis.indicators.vintages import series

    rows = table.select(split="")
    pairs = np.unique(
        np.column_stack([table.columns[name][rows] for name in ("indicator", "area")]), axis=0
    )
    found = []
    for indicator, area in pairs[:MOST_SERIES].tolist():
        code = table.vocabularies["indicator"][indicator]
        place = table.vocabularies["area"][area]
        breaks = series(table, code, place).breaks
        if breaks:
            found.append(BrokenSeries(code, place, breaks))
    return found


@dataclass(frozen=True)
class RejectedRow:
    """A row of a delivery that cannot be used, and the sentence that says why."""

    row: int
    column: str
    value: str
    reason: str


def rejected_rows(delivery: Delivery, start: int = 0, stop: int | None = None) -> list[RejectedRow]:
    """Return some of the rows of a waiting delivery that cannot be used."""
    return list(islice(_rejected(delivery), start, stop))


def _rejected(delivery: Delivery) -> Iterator[RejectedRow]:
    if "waiting" not in delivery.found:
        return
    path = _waiting_folder(delivery) / REJECTED
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            said = json.loads(line)
            details = said["details"]
            yield RejectedRow(
                details.get("row", 0),
                str(details.get("column", "")),
                str(details.get("value", "")),
                sentence_for(said["code"], details),
            )
