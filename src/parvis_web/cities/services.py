"""Every write to cities: imported, laid over, renamed, removed, brought back, purged."""

import shutil
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from parvis import __version__
from parvis.io.home import city_directory
from parvis_web.accounts.models import Authority
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.cities.files import KeptFile, kept_path
from parvis_web.cities.models import City, CityLayer, CityState
from parvis_web.cities.rules import check_add, check_change
from parvis_web.config.data import library_home
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.services import start_run


@service("city.add")
def add_city(
    actor: Actor,
    *,
    name: str,
    extract: KeptFile,
    municipality: str = "",
    boundary: Mapping[str, Any] | None = None,
) -> AnalysisRun:
    """Add a city and begin its import; return the run."""
    check_add(actor)
    city = City.objects.create(
        authority=actor.authority,
        name=name,
        store=_free_store(actor.authority, name),
        municipality=municipality,
        boundary=boundary,
        created_by=actor.user,
    )
    note(city, after=facts(city), source=extract.digest)
    return _start_import(actor, city, extract)


@service("city.replace-extract")
def replace_extract(
    actor: Actor,
    city: City,
    *,
    extract: KeptFile,
    municipality: str = "",
    boundary: Mapping[str, Any] | None = None,
) -> AnalysisRun:
    """Import a city anew from another extract; layers, corrections and drawn areas stay."""
    check_change(actor, city)
    before = facts(city)
    city.municipality, city.boundary = municipality, boundary
    city.save(update_fields=["municipality", "boundary"])
    note(city, before=before, after=facts(city), source=extract.digest)
    return _start_import(actor, city, extract)


def _start_import(actor: Actor, city: City, extract: KeptFile) -> AnalysisRun:
    parameters = {
        "name": extract.name,
        "digest": extract.digest,
        "ending": extract.ending,
        "municipality": city.municipality,
        "boundary": city.boundary,
    }
    inputs = parameters | {"version": __version__, "since": city.imported}
    return start_run(actor, kind="city-import", subject=city, parameters=parameters, inputs=inputs)


def _free_store(authority: Authority, name: str) -> str:
    """Return a folder name that no city of the authority has had."""
    base = slugify(name)[:48].strip("-_") or "city"
    taken = set(City.objects.filter(authority=authority).values_list("store", flat=True))
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(store for store in names if store not in taken)


@service("city.imported")
def take_import(
    actor: Actor, city: City, *, found: Mapping[str, Any], source_name: str, source_digest: str
) -> None:
    """Write what an import found and take the city's public spaces into the list."""
    from parvis_web.spaces.services import sync_spaces

    before = facts(city)
    _take_facts(city, found)
    city.state = CityState.READY
    city.imported = timezone.now()
    city.source_name, city.source_digest = source_name, source_digest
    city.save()
    sync_spaces(actor, city)
    note(city, before=before, after=facts(city), source=source_digest)


@service("city.import-failed")
def fail_import(actor: Actor, city: City) -> None:
    """Write that a city's first import came to nothing."""
    del actor
    before = facts(city)
    city.state = CityState.FAILED
    city.save(update_fields=["state"])
    note(city, before=before, after=facts(city))


@service("city.lay-over")
def lay_over(
    actor: Actor,
    city: City,
    *,
    file: KeptFile,
    layer_kind: str,
    is_replacing: bool = False,
    crs: str = "",
    sheet: str = "",
    mapping: KeptFile | None = None,
    control_points: KeptFile | None = None,
) -> AnalysisRun:
    """Begin to lay a municipal file over a city; return the run."""
    check_change(actor, city)
    parameters = {
        "file": vars(file),
        "kind": layer_kind,
        "is_replacing": is_replacing,
        "crs": crs,
        "sheet": sheet,
        "mapping": mapping and vars(mapping),
        "control_points": control_points and vars(control_points),
    }
    inputs = parameters | {"version": __version__, "city": city.state_hash}
    note(city, layer=layer_kind, source=file.digest)
    return start_run(actor, kind="city-layer", subject=city, parameters=parameters, inputs=inputs)


@service("city.layer-added")
def take_layer(
    actor: Actor, city: City, *, parameters: Mapping[str, Any], found: Mapping[str, Any]
) -> CityLayer:
    """Write what was taken of a municipal file."""
    from parvis_web.spaces.services import sync_spaces

    layer = CityLayer.objects.create(
        authority=city.authority,
        marking=city.marking,
        city=city,
        number=found["number"],
        file_name=parameters["file"]["name"],
        digest=parameters["file"]["digest"],
        layer_kind=parameters["kind"],
        is_replacing=parameters["is_replacing"],
        facts={key: value for key, value in found.items() if key not in {"city", "number"}},
    )
    before = facts(city)
    _take_facts(city, found["city"])
    city.save()
    sync_spaces(actor, city)
    note(layer, after={"file": layer.digest, "kind": layer.layer_kind}, city=str(city.pk))
    note(city, before=before, after=facts(city))
    return layer


@service("city.layer-remove")
def remove_layer(actor: Actor, layer: CityLayer) -> None:
    """Take a layer out of its city; it can be brought back."""
    _move_layer(actor, layer, is_removed=True)


@service("city.layer-bring-back")
def bring_back_layer(actor: Actor, layer: CityLayer) -> None:
    """Put a removed layer back in its place."""
    _move_layer(actor, layer, is_removed=False)


def _move_layer(actor: Actor, layer: CityLayer, *, is_removed: bool) -> None:
    from parvis.io.layer_removal import bring_layer_back, set_layer_aside
    from parvis_web.cities.reading import city_facts

    city = layer.city
    check_change(actor, city)
    if (layer.removed is not None) == is_removed:
        note(layer, number=layer.number)
        return
    home = library_home(city.authority_id)
    move, back = (
        (set_layer_aside, bring_layer_back) if is_removed else (bring_layer_back, set_layer_aside)
    )
    before = facts(city)
    move(city.store, layer.number, home=home)
    try:
        layer.removed = timezone.now() if is_removed else None
        layer.save(update_fields=["removed"])
        _take_facts(city, city_facts(city.store, home=home))
        city.save()
        note(layer, before={"removed": not is_removed}, after={"removed": is_removed})
        note(city, before=before, after=facts(city))
    except BaseException:
        back(city.store, layer.number, home=home)
        raise


@service("city.rename")
def rename_city(actor: Actor, city: City, *, name: str) -> None:
    """Give a city another name; its folder keeps the first one."""
    check_write(actor, city)
    before = facts(city)
    city.name = name
    city.save(update_fields=["name"])
    note(city, before=before, after=facts(city))


@service("city.remove")
def remove_city(actor: Actor, city: City) -> None:
    """Take a city from the lists; it can be brought back until it is purged."""
    check_change(actor, city)
    _set_removed(city, is_removed=True)


@service("city.bring-back")
def bring_back_city(actor: Actor, city: City) -> None:
    """Put a removed city back on the lists."""
    check_write(actor, city)
    if city.purged is None:
        _set_removed(city, is_removed=False)
    else:
        note(city)


def _set_removed(city: City, *, is_removed: bool) -> None:
    before = facts(city)
    city.removed = timezone.now() if is_removed else None
    city.save(update_fields=["removed"])
    note(city, before=before, after=facts(city))


@service("city.purge")
def purge_city(actor: Actor, city: City) -> None:
    """Delete the files of a removed city; its row stays for what refers to it."""
    check_write(actor, city)
    before = facts(city)
    city.purged = timezone.now()
    city.save(update_fields=["purged"])
    note(city, before=before, after=facts(city))
    folder = city_directory(city.store, library_home(city.authority_id))
    files = _files_of_this_city_alone(city)

    def delete() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        for digest in files:
            for path in kept_path(city.authority_id, digest, "").parent.glob(f"{digest}.*"):
                path.unlink(missing_ok=True)

    transaction.on_commit(delete)


def _files_of_this_city_alone(city: City) -> set[str]:
    """Return digests of kept files that no other city of the authority needs."""
    others = City.objects.filter(authority_id=city.authority_id, purged__isnull=True)
    kept = set(others.exclude(pk=city.pk).values_list("source_digest", flat=True))
    kept |= set(
        CityLayer.objects.filter(authority_id=city.authority_id)
        .exclude(city=city)
        .values_list("digest", flat=True)
    )
    ours = {city.source_digest, *city.layers.values_list("digest", flat=True)}
    return ours - kept - {""}


def _take_facts(city: City, found: Mapping[str, Any]) -> None:
    city.summary = found["summary"]
    city.state_hash = found["state_hash"]
    city.osm_date = found["osm_date"]
    city.west, city.south, city.east, city.north = found["bounds"]


def facts(city: City) -> dict[str, Any]:
    """Return what the audit chain digests of a city."""
    return {
        "name": city.name,
        "store": city.store,
        "state": city.state,
        "marking": city.marking,
        "source": city.source_digest,
        "hash": city.state_hash,
        "municipality": city.municipality,
        "boundary": city.boundary,
        "removed": city.removed is not None,
        "purged": city.purged is not None,
    }


def run_ended(run: AnalysisRun) -> None:
    """Tell a city whose first import came to nothing; called with the end of its run."""
    from parvis_web.runs.services import system_actor

    if run.state == RunState.DONE:
        return
    city = City.objects.filter(pk=run.subject_id, state=CityState.IMPORTING).first()
    if city is not None:
        fail_import(system_actor(run), city)
