"""``parvis indicators publish``: what can be told the public, and what has been."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from parvis.indicators.disclosure.model import Interval
    from parvis.indicators.disclosure.publishing import Draft

COLUMNS = (
    "indicator", "period", "area", "split", "value", "low", "high", "unit", "count", "group",
    "flag", "source", "definition",
)  # fmt: skip
MOST_SHOWN = 50


def publish(
    indicator: Annotated[list[str], typer.Option(help="Code; may be repeated.")],
    period: Annotated[str, typer.Option(help="Period to publish.")],
    city: Annotated[str, typer.Option(help="Code of the whole city's area.")] = "city",
    areas: Annotated[
        Path | None,
        typer.Option(help="CSV of areas to publish beside the city: area and, if nested, parent."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why areas are published; needed with them.")] = "",
    splits: Annotated[
        bool, typer.Option("--splits", help="By sex, age and the like as well.")
    ] = False,
    least: Annotated[
        int | None, typer.Option(min=1, help="Least count, where it is to be higher than usual.")
    ] = None,
    base: Annotated[
        int | None, typer.Option("--round", min=2, help="Round counts to this: 5 or 10.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the release.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the figures: .csv.")] = None,
    look: Annotated[
        bool, typer.Option("--look", help="Look at what the hidden could be; not for the public.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the release in the register, for good.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what can be published, hide what must be, and keep it in the register if asked."""
    from parvis.indicators.disclosure import audit, default_rules
    from parvis.indicators.disclosure.publishing import chosen_of, draft
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observations import current_observations
    from parvis.io.published_areas import read_areas
    from parvis.io.releases import releases, save_release

    known = catalogue_of()
    for code in indicator:
        if code not in known.indicators:
            raise typer.BadParameter(f"{code} is no indicator", param_hint="--indicator")
    if out is not None and out.suffix.lower() != ".csv":
        raise typer.BadParameter(f"{out.name} is no .csv file", param_hint="--out")
    rules = default_rules()
    if least is not None:
        rules = rules.raised(least_count=least)
    table = current_observations()
    parents = read_areas(areas, city=city) if areas else {}
    made = draft(
        table,
        known.indicators,
        chosen=chosen_of(
            table,
            indicators=indicator,
            period=period,
            areas=[city, *parents],
            has_splits=splits,
        ),
        city=city,
        parents=parents or None,
        reason=reason,
        rules=rules,
        earlier=releases(),
        base=base,
    )
    found: tuple[Interval, ...] = ()
    if look:
        found = audit(
            made.cells, made.relations, made.plan.hidden,
            rules=rules, known=made.known, base=base,
        )  # fmt: skip
    kept = None
    if write:
        kept = save_release(made.release(day=datetime.now(UTC).date(), title=title))
    if out is not None:
        _write(made, out)
    if as_json:
        _print(_document(made, found, kept.id if kept else None))
        return
    for line in _lines(made, found):
        typer.echo(line)
    if kept:
        typer.echo(f"Kept as release {kept.id}")


def _rows(made: "Draft") -> list[dict[str, Any]]:
    rows = [
        {**figure.to_json(), "flag": "".join(flag.value for flag in figure.flags)}
        for figure in made.figures
    ]
    for each in made.hidden:
        names = ("indicator", "period", "area", "split")
        rows.append({**dict(zip(names, each.key, strict=True)), "flag": each.flag.value})
    ordered = sorted(rows, key=lambda row: [row[name] for name in COLUMNS[:4]])
    return [{name: row.get(name) for name in COLUMNS} for row in ordered]


def _write(made: "Draft", out: Path) -> None:
    from parvis.io.store import disk_errors

    with disk_errors(out), out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(_rows(made))


def _document(made: "Draft", found: tuple["Interval", ...], release: str | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "figures": [row for row in _rows(made) if row["value"] is not None or row["count"]],
        "hidden": [{"key": list(each.key), "flag": each.flag.value} for each in made.hidden],
        "rules": made.rules.to_json(),
        "base": made.plan.base,
        "reason": made.reason,
        "revised": len(made.plan.revised),
        "known_already": [list(key) for key in made.plan.lost],
        "release": release,
    }
    if found:
        document["audit"] = [
            {
                "key": list(each.key),
                "reason": each.reason.value,
                "low": each.low,
                "high": None if each.high == float("inf") else each.high,
                "is_protected": each.is_protected,
            }
            for each in found
        ]
    return document


def _lines(made: "Draft", found: tuple["Interval", ...]) -> list[str]:
    from parvis.indicators.disclosure.model import Reason

    lines = [f"{len(made.figures)} figures to publish, {len(made.hidden)} hidden"]
    for row in _rows(made)[:MOST_SHOWN]:
        head = " ".join(str(row[name]) for name in COLUMNS[:4] if row[name])
        value = "" if row["value"] is None else f"{row['value']} {row['unit']}"
        count = "" if row["count"] is None else f"({row['count']})"
        shown = " ".join(word for word in (value, count, row["flag"]) if word)
        lines.append(f"  {head}: {shown}")
    if len(made.figures) + len(made.hidden) > MOST_SHOWN:
        lines.append("  more; --json or --out lists all")
    if made.plan.revised:
        lines.append(f"Earlier figures that no longer hold: {len(made.plan.revised)}")
    if made.plan.lost:
        lines.append(f"Small counts that earlier releases gave away: {len(made.plan.lost)}")
    for each in found:
        high = "any number" if each.high == float("inf") else f"{each.high:g}"
        state = "protected" if each.is_protected else "NOT PROTECTED"
        if not each.is_protected and each.reason is Reason.SECONDARY:
            state = "can be computed; its own count is no secret"
        head = " ".join(word for word in each.key if word)
        lines.append(f"  {head} ({each.reason.value}): {each.low:g} to {high}, {state}")
    return lines


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
