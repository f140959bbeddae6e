"""``parvis indicators import|list|compute``: values of indicators come in and become estimates."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from parvis.indicators.estimates import Estimate
    from parvis.indicators.values import Observation
    from parvis.packs.indicators import Catalogue

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MOST_SHOWN = 50


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, SDMX-CSV, XLSX or JSON.")],
    mapping: Annotated[
        Path | None, typer.Option(help="JSON with what each column is; its own name if none.")
    ] = None,
    received: Annotated[str, typer.Option(help="Day of the delivery, as 2026-03-01; today.")] = "",
    note: Annotated[str, typer.Option(help="What to know of this delivery.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Keep it; without, only look.")] = False,
    without_rejected: Annotated[
        bool, typer.Option("--without-rejected", help="Keep it without the rows rejected.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what a file brings in, each rejected row with its reason, and keep it if asked."""
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observation_import import preview, write_delivery
    from parvis.io.observation_mapping import ColumnMapping, read_mapping
    from parvis.report.messages import fill

    day = day_of(received)
    columns = read_mapping(mapping) if mapping else ColumnMapping()
    found = preview(file, columns, catalogue_of(), received=day)
    rejected = [
        {"row": each.row, "column": each.column, "code": each.code,
         "detail": fill(each.code, each.details)}
        for each in found.rejected
    ]  # fmt: skip
    if not as_json:
        typer.echo(f"{found.file}: {len(found.accepted)} accepted, {len(rejected)} rejected")
        for row in rejected[:MOST_SHOWN]:
            typer.echo(f"  {row['detail']}")
        if len(rejected) > MOST_SHOWN:
            typer.echo(f"  {len(rejected) - MOST_SHOWN} more; --json lists all")
    kept = None
    if write:
        kept = write_delivery(found, received=day, note=note, without_rejected=without_rejected)
    if as_json:
        _print(
            {
                "file": found.file,
                "columns": dict(found.read_from),
                "accepted": len(found.accepted),
                "rejected": rejected,
                "delivery": kept.id if kept else None,
            }
        )
    elif kept:
        typer.echo(f"Kept as delivery {kept.id}: {kept.n} observations")


def list_indicators(
    core: Annotated[bool, typer.Option("--core", help="Core indicators only.")] = False,
    block: Annotated[str, typer.Option(help="QOL, SOC, LIV, SEN, SEC or BCK.")] = "",
    vintages: Annotated[bool, typer.Option("--vintages", help="List the deliveries.")] = False,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="List what deliveries revised, and breaks.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the indicators that hold, and how many observations there are of each."""
    if vintages or revisions:
        from parvis.cli.indicator_deliveries import list_deliveries

        list_deliveries(revised=revisions, as_json=as_json)
        return
    import numpy as np

    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observations import current_observations, deliveries

    known = catalogue_of()
    table = current_observations()
    counts = np.bincount(table.columns["indicator"], minlength=len(table.vocabularies["indicator"]))
    n_of = dict(zip(table.vocabularies["indicator"], counts.tolist(), strict=True))
    rows: list[dict[str, Any]] = [
        {
            "code": entry.key,
            "name": entry.name,
            "block": entry.block,
            "core": entry.core,
            "unit": known.units[entry.unit],
            "direction": entry.direction,
            "version": entry.version,
            "verified": known.is_verified(entry.key),
            "observations": n_of.get(entry.key, 0),
        }
        for entry in known.indicators.values()
        if (entry.core or not core) and block in ("", entry.block)
    ]
    if as_json:
        _print({"indicators": rows, "deliveries": [each.id for each in deliveries()]})
        return
    for row in rows:
        mark = "core" if row["core"] else ""
        typer.echo(f"{row['code']}  {mark:<4}  {row['observations']:>8}  {row['name']}")


def compute(
    indicator: Annotated[str, typer.Option(help="Code; all that are ratios if none.")] = "",
    period: Annotated[str, typer.Option(help="Period; all if none.")] = "",
    area: Annotated[str, typer.Option(help="Area; all if none.")] = "",
    pool: Annotated[int, typer.Option(min=1, max=10, help="Take so many last years together.")] = 1,
    standardise: Annotated[
        bool, typer.Option("--standardise", help="By the ages of the European standard of 2013.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compute rates and shares with their intervals from numerators and denominators."""
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observations import current_observations
    from parvis.report.messages import fill

    known = catalogue_of()
    if indicator and indicator not in known.indicators:
        raise typer.BadParameter(f"{indicator} is no indicator", param_hint="--indicator")
    asked = {"indicator": indicator, "period": period, "area": area}
    table = current_observations()
    there = table.select(**{name: word for name, word in asked.items() if word}).tolist()
    found = _computed([table[row] for row in there], known, pool, standardise=standardise)
    rows = [(o, estimate, known.units[known.indicators[o.indicator].unit]) for o, estimate in found]
    if as_json:
        listed = [
            {"indicator": o.indicator, "period": o.period, "area": o.area, "split": o.split,
             "unit": unit, **estimate.to_json()}
            for o, estimate, unit in rows
        ]  # fmt: skip
        _print({"estimates": listed})
        return
    for o, estimate, unit in rows:
        head = f"{o.indicator} {o.period} {o.area}{' ' if o.split else ''}{o.split}:"
        if estimate.value is None:
            why = "; ".join(fill(note.code, note.details) for note in estimate.notes)
            typer.echo(f"{head} {why}")
        elif estimate.low is None or estimate.high is None:
            typer.echo(f"{head} {estimate.value:.4g} {unit}")
        else:
            limits = f"{estimate.low:.4g} to {estimate.high:.4g}"
            typer.echo(f"{head} {estimate.value:.4g} {unit} ({limits})")
    if not rows:
        typer.echo("No numerators and denominators there.")


def _computed(
    rows: "list[Observation]", known: "Catalogue", pool: int, *, standardise: bool
) -> "Iterator[tuple[Observation, Estimate]]":
    """Yield estimates of single values, of several years together, or standardised by age."""
    from dataclasses import replace
    from itertools import groupby

    from parvis.indicators.computed import computed
    from parvis.indicators.pooled import pooled, standardised

    rows = [row for row in rows if row.indicator in known.indicators]
    if standardise:
        for (code, *_), group in groupby(
            rows, key=lambda row: (row.indicator, row.period, row.area)
        ):
            listed = list(group)
            estimate = standardised(listed, known.indicators[code])
            if estimate is not None:
                yield replace(listed[0], split=""), estimate
        return
    if pool > 1:
        ordered = sorted(rows, key=lambda row: (row.indicator, row.area, row.split, row.period))
        groups = groupby(ordered, key=lambda row: (row.indicator, row.area, row.split))
        rows = [
            pooled(listed[-pool:], known.indicators[code])
            for (code, *_), group in groups
            if len(listed := list(group)) >= pool
            and all(row.numerator is not None and row.denominator for row in listed[-pool:])
            and known.indicators[code].multiplier
        ]
    for row in rows:
        estimate = computed(row, known.indicators[row.indicator])
        if estimate is not None:
            yield row, estimate


def day_of(text: str) -> "dt.date":
    """Return the day of a delivery, today where none is said."""
    if not text:
        return datetime.now(UTC).date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        problem = f"{text} is no day; write it as 2026-03-01"
        raise typer.BadParameter(problem, param_hint="--received") from None


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
