"""``parvis indicators example|remove|list --vintages``: deliveries tried, taken back, compared."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.indicator_data import MOST_SHOWN, Json

if TYPE_CHECKING:
    from parvis.indicators.values import Observation, Observations


def example(
    directory: Annotated[
        Path, typer.Argument(metavar="DIRECTORY", help="Where files to try are written.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same number gives the same figures.")] = 1,
    size: Annotated[str, typer.Option(help="Of the town: small, medium or large.")] = "small",
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the figures as deliveries besides.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a fictional town's districts, statistics, incidents and surveys, with mappings."""
    from parvis.io.example_data import save_example, write_example

    files = write_example(directory, seed=seed, size=size)
    kept = save_example(seed=seed, size=size) if keep else ()
    if as_json:
        document = {"files": [str(each) for each in files], "deliveries": [e.id for e in kept]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for each in files:
        typer.echo(str(each))
    for delivery in kept:
        typer.echo(f"Kept as delivery {delivery.id}: {delivery.n} observations, {delivery.note}")


def remove(
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="As 2026-03-01-1.")],
    undo: Annotated[bool, typer.Option("--undo", help="Put a removed delivery back.")] = False,
) -> None:
    """Take a delivery out of use; its files stay, and --undo puts it back."""
    from parvis.io.observation_removal import bring_delivery_back, set_delivery_aside

    if undo:
        bring_delivery_back(delivery)
        typer.echo(f"Delivery {delivery} is in use again.")
        return
    set_delivery_aside(delivery)
    typer.echo(f"Delivery {delivery} is out of use; --undo puts it back.")


def list_deliveries(*, revised: bool, as_json: bool) -> None:
    """List deliveries; with `revised` what each changed of what held before, and all breaks."""
    from parvis.indicators.vintages import overlaid, revisions
    from parvis.io.observations import deliveries, load_delivery

    held: Observations | None = None
    listed: list[dict[str, Any]] = []
    for each in deliveries():
        table = load_delivery(each.id)
        row: dict[str, Any] = {
            "delivery": each.id,
            "received": each.received.isoformat(),
            "file": each.file,
            "note": each.note,
            "observations": each.n,
        }
        if revised and held is not None:
            found = revisions(held, table)
            pairs = zip(found.before, found.after, strict=True)
            row["revised"] = [_revised(before, after) for before, after in pairs]
            row["added"] = len(found.added)
        held = table if held is None else overlaid(held, table)
        listed.append(row)
    breaks = _breaks(held) if revised and held is not None else []
    if as_json:
        document = {"deliveries": listed} | ({"breaks": breaks} if revised else {})
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for row in listed:
        head = f"{row['delivery']}  {row['observations']:>8}  {row['note'] or row['file']}".rstrip()
        typer.echo(head)
        for text in _changes(row.get("revised", [])):
            typer.echo(f"  {text}")
    for gap in breaks:
        reasons = ", ".join(gap["reasons"])
        what = f"{gap['indicator']} {gap['area']}{' ' if gap['split'] else ''}{gap['split']}"
        typer.echo(f"Break: {what} from {gap['period']} ({reasons})")


def _revised(before: "Observation", after: "Observation") -> dict[str, Any]:
    indicator, period, area, split = before.key
    return {
        "indicator": indicator, "period": period, "area": area, "split": split,
        "before": before.value, "after": after.value,
    }  # fmt: skip


def _changes(revised: list[dict[str, Any]]) -> list[str]:
    def told(value: float | None) -> str:
        return "none" if value is None else f"{value:.6g}"

    lines = [
        f"{row['indicator']} {row['period']} {row['area']}{' ' if row['split'] else ''}"
        f"{row['split']}: {told(row['before'])} → {told(row['after'])}"
        for row in revised[:MOST_SHOWN]
    ]
    if len(revised) > MOST_SHOWN:
        lines.append(f"{len(revised) - MOST_SHOWN} more; --json lists all")
    return lines


def _breaks(table: "Observations") -> list[dict[str, Any]]:
    from parvis.indicators.vintages import series

    known = dict.fromkeys((each.indicator, each.area, each.split) for each in table)
    return [
        {"indicator": indicator, "area": area, "split": split, "period": found.period,
         "reasons": list(found.reasons)}
        for indicator, area, split in known
        for found in series(table, indicator, area, split).breaks
    ]  # fmt: skip
