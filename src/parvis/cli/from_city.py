"""``parvis indicators from-city``: what a city's map and population grid say of its indicators."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.indicator_data import day_of
from parvis.cli.options import CityName

if TYPE_CHECKING:
    from parvis.indicators.geodata import CityMeasures
    from parvis.packs.indicators import Catalogue


def from_city(
    city: CityName,
    population: Annotated[
        Path, typer.Option(help="Cells with people: GeoPackage, GeoJSON, CSV and others.")
    ],
    people: Annotated[str | None, typer.Option(help="Column of people.")] = None,
    split: Annotated[
        list[str] | None,
        typer.Option(help="Part of the people as sex=f:COLUMN; may be repeated."),
    ] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinate system of the cells.")] = None,
    areas: Annotated[
        Path | None, typer.Option(help="Areas to give values for, in any vector format.")
    ] = None,
    area_code: Annotated[str | None, typer.Option(help="Column of the areas' codes.")] = None,
    whole: Annotated[str, typer.Option(help="Code of the whole city.")] = "city",
    period: Annotated[str, typer.Option(help="Year of the values; the map's by default.")] = "",
    verified: Annotated[
        Path | None,
        typer.Option(help="CSV of spaces looked at on the ground: id, and yes or no for open."),
    ] = None,
    built_up: Annotated[
        Path | None, typer.Option(help="Built-up area; drawn around buildings by default.")
    ] = None,
    cells: Annotated[
        Path | None, typer.Option(help="Write what each cell reaches to this GeoJSON file.")
    ] = None,
    inventory: Annotated[
        Path | None, typer.Option(help="Write dead ends, lamps and cameras to this CSV file.")
    ] = None,
    received: Annotated[str, typer.Option(help="Day of the delivery, as 2026-03-01; today.")] = "",
    note: Annotated[str, typer.Option(help="What to know of this delivery.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Keep it; without, only look.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute open space, stops and services in reach, density, dead ends, lamps and cameras."""
    from parvis.indicators.disclosure import default_rules
    from parvis.io.city_measures import (
        CityRequest,
        preview_city,
        write_cells,
        write_city,
        write_inventories,
    )
    from parvis.io.indicator_files import catalogue_of

    day = day_of(received)
    request = CityRequest(
        city=city,
        population=population,
        people=people,
        crs=crs,
        splits=None if split is None else tuple(_part(each) for each in split),
        areas=areas,
        area_code=area_code,
        whole=whole,
        period=period,
        verified=verified,
        built_up=built_up,
    )
    found = preview_city(request)
    if cells is not None:
        write_cells(cells, found, least=default_rules().least_count)
    if inventory is not None:
        write_inventories(inventory, found)
    kept = write_city(found, received=day, note=note) if write else None
    if as_json:
        document = found.measures.to_json() | {"delivery": kept.id if kept else None}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _print(found.measures, catalogue_of())
    if kept:
        typer.echo(f"Kept as delivery {kept.id}: {kept.n} observations")


def _print(found: "CityMeasures", catalogue: "Catalogue") -> None:
    from parvis.report.messages import fill

    for o in found.observations:
        unit = catalogue.units[o.unit]
        head = f"{o.indicator} {o.period} {o.area}{' ' if o.split else ''}{o.split}"
        value = "no value" if o.value is None else f"{o.value:.4g} {unit}"
        typer.echo(f"{head}: {value}  [{o.flag.value}, grade {o.grade.value}]")
    for each in found.inventories:
        rate = "" if each.per_km is None else f", {each.per_km:.3g} per km of street"
        share = each.mapped_share
        mapped = "" if share is None else f"; squares with any hold {share:.0%} of street length"
        typer.echo(f"{each.kind.replace('_', ' ')} {each.area}: {each.n}{rate}{mapped}")
    for notice in found.notices:
        typer.echo(f"  {fill(notice.code, notice.details)}")


def _part(text: str) -> tuple[str, str]:
    split, colon, column = text.rpartition(":")
    if not colon or "=" not in split:
        raise typer.BadParameter(
            f"{text} is no part; write it as sex=f:women", param_hint="--split"
        )
    return split, column
