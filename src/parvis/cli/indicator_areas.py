"""``parvis indicators convert-areas``: values by area follow a change of boundaries."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.indicator_data import MOST_SHOWN, Json, day_of

if TYPE_CHECKING:
    from parvis.indicators.areas import Conversion

Polygons = Path | None


def convert_areas(
    weights: Annotated[
        Path | None, typer.Option(help="Table of old, new and weight: CSV, XLSX or JSON.")
    ] = None,
    old: Annotated[Polygons, typer.Option(help="Polygons of the old areas, with codes.")] = None,
    new: Annotated[Polygons, typer.Option(help="Polygons of the new areas, with codes.")] = None,
    people: Annotated[
        Polygons, typer.Option(help="Small units with their people, to weight by.")
    ] = None,
    delivery: Annotated[
        str, typer.Option(help="Convert one delivery; all that holds if none.")
    ] = "",
    keep: Annotated[
        list[str] | None, typer.Option(help="Area that stays as it is; city if none. Repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the weights as CSV.")] = None,
    received: Annotated[str, typer.Option(help="Day of the delivery, as 2026-03-01; today.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Keep it; without, only look.")] = False,
    as_json: Json = False,
) -> None:
    """Move values to new boundaries: counts by weights, rates computed again, the rest refused."""
    import csv

    from parvis.indicators.areas import converted
    from parvis.io.area_versions import conversion_rows
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observations import current_observations, load_delivery, save_delivery
    from parvis.report.messages import fill

    conversion = _conversion(weights, old, new, people)
    if out is not None:
        with out.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(conversion_rows(conversion))
    table = load_delivery(delivery) if delivery else current_observations()
    found = converted(table, conversion, catalogue_of().indicators, kept=keep or ("city",))
    refused = [
        {"code": each.code, "detail": fill(each.code, each.details)} for each in found.refused
    ]
    kept = None
    if write and len(found.observations):
        note = f"Areas converted by {conversion.basis.value}: {conversion.first} → "
        kept = save_delivery(
            found.observations, received=day_of(received), note=f"{note}{conversion.second}"
        )
    if as_json:
        document = {
            "basis": conversion.basis.value,
            "areas": list(conversion.new),
            "converted": len(found.observations),
            "exact": found.n_exact,
            "refused": refused,
            "delivery": kept.id if kept else None,
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"{len(conversion.old)} old areas, {len(conversion.new)} new, by {conversion.basis.value}: "
        f"{len(found.observations)} values, {found.n_exact} of them without a split, "
        f"{len(refused)} refused"
    )
    for row in refused[:MOST_SHOWN]:
        typer.echo(f"  {row['detail']}")
    if kept:
        typer.echo(f"Kept as delivery {kept.id}: {kept.n} observations")


def _conversion(
    weights: Path | None, old: Path | None, new: Path | None, people: Path | None
) -> "Conversion":
    from parvis.io.area_versions import overlaid_conversion, read_conversion

    if weights is not None and old is None and new is None:
        return read_conversion(weights, first="", second=weights.name)
    if weights is None and old is not None and new is not None:
        return overlaid_conversion(old, new, people=people)
    raise typer.BadParameter("give either --weights, or --old and --new", param_hint="--weights")
