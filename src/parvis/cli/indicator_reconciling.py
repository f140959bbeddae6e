"""``parvis indicators reconcile``: figures last published beside ours, and what differs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.indicator_data import MOST_SHOWN, Json, day_of

if TYPE_CHECKING:
    from parvis.indicators.reconcile import Compared


def reconcile(
    published: Annotated[
        Path, typer.Argument(metavar="PUBLISHED.csv", help="CSV, SDMX-CSV, XLSX or JSON.")
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="JSON with what each column is; its own name if none.")
    ] = None,
    other: Annotated[
        list[str] | None,
        typer.Option(help="Ours by another code list, as NAME=FILE.csv; may be repeated."),
    ] = None,
    weights: Annotated[
        list[Path] | None,
        typer.Option(help="Weights from our areas to theirs: old, new, weight; may be repeated."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Lay figures last published beside ours, and look for what explains each difference."""
    from parvis.indicators.reconcile import Evidence, reconciled
    from parvis.indicators.values import observations_of
    from parvis.io.area_versions import read_conversion
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observation_import import preview
    from parvis.io.observation_mapping import ColumnMapping, read_mapping
    from parvis.io.observations import current_observations, deliveries, load_delivery
    from parvis.report.messages import fill

    catalogue = catalogue_of()
    day = day_of("")
    columns = read_mapping(mapping) if mapping else ColumnMapping()
    said = preview(published, columns, catalogue, received=day)
    others = {}
    for each in other or ():
        name, sign, file = each.partition("=")
        if not sign or not name or not file:
            raise typer.BadParameter(f"{each} is not NAME=FILE", param_hint="--other")
        table = preview(Path(file), ColumnMapping(), catalogue, received=day)
        others[name] = observations_of(table.accepted)
    found = reconciled(
        observations_of(said.accepted),
        current_observations(),
        catalogue.indicators,
        Evidence(
            earlier=[(each.id, load_delivery(each.id)) for each in deliveries()],
            others=others,
            conversions=[read_conversion(path) for path in weights or ()],
        ),
    )
    if as_json:
        document = {
            "counts": {cause.value: n for cause, n in found.counts.items()},
            "rejected": [fill(each.code, each.details) for each in said.rejected],
            "rows": [_document(row) for row in found.rows],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    told = ", ".join(f"{n} {cause.value.replace('_', ' ')}" for cause, n in found.counts.items())
    typer.echo(f"{said.file}: {len(found.rows)} published figures: {told or 'none'}")
    for rejected in said.rejected[:MOST_SHOWN]:
        typer.echo(f"  {fill(rejected.code, rejected.details)}")
    for row in found.rows:
        if row.cause.value != "same":
            for line in _lines(row):
                typer.echo(line)


def _document(row: "Compared") -> dict[str, Any]:
    from parvis.report.messages import fill

    return {
        "indicator": row.published.indicator,
        "period": row.published.period,
        "area": row.published.area,
        "split": row.published.split,
        "published": row.published.value,
        "ours": row.ours.value if row.ours else None,
        "difference": row.difference,
        "cause": row.cause.value,
        "tried": [
            {"cause": each.cause.value, "fits": each.fits, "value": each.value,
             "text": fill(each.note.code, each.note.details)}
            for each in row.tried
        ],
    }  # fmt: skip


def _lines(row: "Compared") -> list[str]:
    from parvis.report.messages import fill

    said = row.published
    ours = "none" if row.ours is None or row.ours.value is None else f"{row.ours.value:.6g}"
    split = f" {said.split}" if said.split else ""
    theirs = "none" if said.value is None else f"{said.value:g}"
    lines = [f"{said.indicator} {said.period} {said.area}{split}: published {theirs}, ours {ours}"]
    fitting = [each for each in row.tried if each.fits]
    for each in fitting:
        lines.append(f"  {fill(each.note.code, each.note.details)}")
    if not fitting:
        tried = ", ".join(dict.fromkeys(each.cause.value.replace("_", " ") for each in row.tried))
        lines.append(f"  Not explained; tried: {tried or 'nothing there to try'}")
    return lines
