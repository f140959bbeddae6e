"""``parvis layout``: temporary layouts of markets and events, phase by phase."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.options import (
    Budget,
    CityName,
    Permanence,
    PlanFiles,
    Prices,
    Recipients,
    Stock,
    Tender,
    Threat,
    Vehicles,
)

if TYPE_CHECKING:
    from parvis.events.egress_by_phase import PhaseEgress
    from parvis.events.layout import Layout

app = typer.Typer(
    no_args_is_help=True, help="Temporary layouts of markets and events, phase by phase."
)

LayoutName = Annotated[str, typer.Argument(help="Name of a layout of that city.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    name: CityName,
    layout: Annotated[str, typer.Argument(help="Name for the new layout.")],
    space: Annotated[str, typer.Option(help="Id or name of the public space it stands on.")],
    geometry: Annotated[
        Path, typer.Option(help="Drawing of items and gates: GeoPackage, GeoJSON, DXF, ...")
    ],
    schedule: Annotated[Path, typer.Option(help="XLSX with sheets of phases, items and gates.")],
    crs: Annotated[
        str | None, typer.Option(help="EPSG number, where the drawing has none.")
    ] = None,
    control_points: Annotated[
        Path | None, typer.Option(help="CSV with x, y and lon, lat of two or more points.")
    ] = None,
    barriers: Annotated[
        Path | None, typer.Option(help="Barrier list with addresses or coordinates, for the event.")
    ] = None,
    time_zone: Annotated[
        str, typer.Option(help="Of the clock times, e.g. Europe/Berlin, where the XLSX is silent.")
    ] = "",
    as_json: Json = False,
) -> None:
    """
    Read a layout from a drawing and a schedule, all of it or nothing.

    Example: parvis layout add oldtown xmas --space 'Market Square' --geometry plan.dxf
    --schedule phases.xlsx --control-points points.csv
    """
    from parvis.io.layouts import add_layout

    added = add_layout(
        name,
        layout,
        space=space,
        geometry=geometry,
        schedule=schedule,
        crs=crs,
        control_points=control_points,
        barriers=barriers,
        time_zone=time_zone,
    )
    if as_json:
        said = _summary(added.layout) | {
            "findings": _findings(added.layout),
            "not_used": dict(added.not_used),
            "crs": added.crs,
            "control_points_miss_m": [round(value, 3) for value in added.residuals],
        }
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    typer.echo(_line(added.layout))
    typer.echo(f"  Drawing placed by {added.crs}.")
    if added.residuals:
        away = ", ".join(f"{value:.2f}" for value in added.residuals)
        typer.echo(f"  Control points miss by {away} m.")
    for where, count in sorted(added.not_used.items()):
        typer.echo(f"  Not used: {count} of drawing layer {where}.")
    _echo_findings(added.layout)


@app.command("list")
def list_(name: CityName, as_json: Json = False) -> None:
    """
    List the layouts of a city.

    Example: parvis layout list oldtown
    """
    from parvis.io.layouts import list_layouts

    found = list_layouts(name)
    if as_json:
        rows = [_summary(layout) for layout in found]
        typer.echo(json.dumps({"layouts": rows}, ensure_ascii=False, indent=1))
        return
    for layout in found:
        typer.echo(_line(layout))
    if not found:
        typer.echo("No layouts yet. Begin with a form to fill in: parvis layout template FILE.xlsx")


@app.command()
def show(name: CityName, layout: LayoutName, as_json: Json = False) -> None:
    """
    Show phases, gates and items of a layout.

    Example: parvis layout show oldtown xmas
    """
    from parvis.io.layouts import read_layout

    found = read_layout(name, layout)
    if as_json:
        said = _summary(found) | {"findings": _findings(found)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    typer.echo(_line(found))
    for phase in found.phases:
        count = f", {len(phase.times)} times" if len(phase.times) > 1 else ""
        typer.echo(
            f"  {phase.key} ({phase.kind.replace('_', ' ')}): {phase.starts:%Y-%m-%d %H:%M} to "
            f"{phase.ends:%Y-%m-%d %H:%M}{count}; {len(found.standing(phase.key))} items, "
            f"{sum(gate.opening(phase.key) is not None for gate in found.gates)} gates open"
        )
    _echo_findings(found)


@app.command()
def remove(name: CityName, layout: LayoutName) -> None:
    """
    Take a layout away from a city.

    Example: parvis layout remove oldtown xmas
    """
    from parvis.io.layouts import remove_layout

    remove_layout(name, layout)
    typer.echo(f"Removed layout {layout}.")


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.")],
) -> None:
    """
    Write an empty schedule to fill in, with an example in every sheet.

    Example: parvis layout template schedule.xlsx
    """
    from parvis.io.layout_template import schedule_template
    from parvis.report.files import write_bytes

    typer.echo(f"Wrote {write_bytes(file, schedule_template())}")


@app.command()
def check(
    name: CityName,
    layout: LayoutName,
    vehicles: Vehicles = None,
    egress_only: Annotated[
        bool, typer.Option("--egress-only", help="Leave out how vehicles arrive, which takes long.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Check a layout phase by phase: ways out for people, ways in for vehicles, gates.

    Example: parvis layout check oldtown xmas --vehicles M1,N2B
    """
    from parvis.cli.approach import keys, progress_line
    from parvis.events.egress_by_phase import egress_of_phase
    from parvis.io.layout_checks import approach_by_phase, open_layout

    city, found, space = open_layout(name, layout)
    ways = {phase.key: egress_of_phase(city, found, phase.key, space) for phase in found.phases}
    points: dict[str, list[int]] = {}
    if not egress_only:
        results = approach_by_phase(
            name, city, found, vehicles=keys(vehicles), progress=progress_line()
        )
        points = {
            key: [point.id for point in result.access_points] for key, result in results.items()
        }
    rows = [_checked(found, ways[phase.key], points.get(phase.key)) for phase in found.phases]
    if as_json:
        said = {"marking": "TLP:AMBER", "phases": rows, "findings": _findings(found)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    typer.echo("TLP:AMBER")
    for row in rows:
        _echo_checked(row)
    _echo_findings(found)


@app.command()
def closure(
    name: CityName,
    layout: LayoutName,
    phase: Annotated[str, typer.Argument(help="Key of one of its phases.")],
    vehicles: Vehicles = None,
    threat: Threat = None,
    permanence: Permanence = "temporary",
    stock: Stock = None,
    budget: Budget = None,
    prices: Prices = None,
    out: PlanFiles = None,
    tender: Tender = None,
    report: Annotated[
        Path | None, typer.Option(help="Folder for a council paper and a restricted annex.")
    ] = None,
    recipient: Recipients = None,
    lang: Annotated[str, typer.Option("--lang", help="en, fr or pl.")] = "en",
    as_json: Json = False,
) -> None:
    """
    Plan what would close the space in a phase beside what the layout has standing.

    Example: parvis layout closure oldtown xmas market --stock depot.xlsx --out plan.gpkg
    --report xmas
    """
    from datetime import UTC, datetime

    from parvis.cli.approach import keys, progress_line
    from parvis.cli.closure import check_suffix, checked_permanence, write_plan
    from parvis.io.closures import Supplies
    from parvis.io.layout_checks import closure_of_phase, present_of_phase
    from parvis.report.closure_export import closure_document
    from parvis.report.closure_terminal import closure_lines_text
    from parvis.report.documents import write_report
    from parvis.report.files import check_folder
    from parvis.report.phase_speech import PhaseOfEvent
    from parvis.report.stock_speech import stock_document, stock_lines_text
    from parvis.report.wording import Wording

    Wording(lang)
    files = [check_suffix(path) for path in out or ()]
    if report is not None:
        check_folder(report)
    show = progress_line()
    found = closure_of_phase(
        name,
        layout,
        phase,
        vehicles=keys(vehicles),
        threat=threat,
        permanence=checked_permanence(permanence),
        prices=prices,
        supplies=Supplies(stock=stock, budget=budget),
        today=datetime.now(UTC).date(),
        progress=show,
    )
    written = [write_plan(found.result, path, lang) for path in files]
    if tender is not None and found.result.plans:
        from parvis.report.tender import write_tender

        written.append(write_tender(tender, found.result, language=lang))
    currency = str(found.result.provenance["prices"]["currency"])
    supply = (
        stock_lines_text(found.supply, currency, lang, shown=found.result.told_first)
        if found.supply
        else []
    )
    papers = []
    if report is not None:
        present, egress = present_of_phase(found, progress=show)
        documents = write_report(
            present,
            found.city,
            report,
            language=lang,
            recipients=recipient or (),
            closure=found.result,
            supply=supply,
            event=PhaseOfEvent(found.layout, phase, egress),
        )
        papers = [documents.council_paper]
        written += documents.annexes
    if as_json:
        document = closure_document(found.result, lang)
        if found.supply is not None:
            document["supply"] = stock_document(found.supply, currency)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        for line in (*closure_lines_text(found.result, lang), *supply):
            typer.echo(line)
    for path in papers:
        typer.echo(f"{path}  for the council and the public: open this first", err=as_json)
    for path in written:
        typer.echo(f"{path}  TLP:AMBER", err=as_json)


@app.command()
def sheets(
    name: CityName,
    layout: LayoutName,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    lang: Annotated[str, typer.Option("--lang", help="en, fr or pl.")] = "en",
    as_json: Json = False,
) -> None:
    """
    Write set-up plan, order list, gate duties, acceptance sheet and calendar of a layout.

    Example: parvis layout sheets oldtown xmas --out xmas --lang fr
    """
    from parvis.io.layout_checks import open_layout
    from parvis.report.files import check_folder, write_bytes
    from parvis.report.icalendar import layout_calendar
    from parvis.report.layout_sheets import acceptance_sheet, duty_sheet, gate_duties, order_list
    from parvis.report.setup_plan import setup_plan
    from parvis.report.wording import Wording

    Wording(lang)
    check_folder(out)
    city, found, space = open_layout(name, layout)
    documents = {
        f"set-up-plan.{lang}.pdf": setup_plan(city, found, space, lang),
        f"order-list.{lang}.xlsx": order_list(found, lang),
        f"gate-duties.{lang}.xlsx": gate_duties(found, lang),
        f"gate-duties.{lang}.pdf": duty_sheet(found, lang),
        f"acceptance.{lang}.xlsx": acceptance_sheet(city, found, lang),
        f"phases.{lang}.ics": layout_calendar(found, lang),
    }
    paths = [write_bytes(out / file, content) for file, content in documents.items()]
    if as_json:
        typer.echo(json.dumps({"files": [str(path) for path in paths]}))
    for path in () if as_json else paths:
        typer.echo(f"Wrote {path}")


def _checked(layout: "Layout", ways: "PhaseEgress", points: list[int] | None) -> dict[str, Any]:
    phase = layout.phase(ways.phase)
    return {
        "phase": phase.key,
        "kind": str(phase.kind),
        "starts": phase.starts.isoformat(),
        "ends": phase.ends.isoformat(),
        "n_times": len(phase.times),
        "n_items": len(layout.standing(phase.key)),
        "gates": [
            {"gate": gate.id, "open_for": [str(users) for users in opening.users],
             "staffed_by": opening.staffed_by}
            for gate in layout.gates
            if (opening := gate.opening(phase.key)) is not None
        ],
        "access_points": points,
        "exits": [
            {"exit": way.key, "street": way.street, "clear_width_m": round(way.width, 2),
             "n_openings": len(way.widths)}
            for way in ways.exits
        ],
        "persons_per_minute": round(ways.flow),
        "widest_lost": ways.widest,
        "persons_per_minute_left": round(ways.flow_left),
        "people": ways.people or None,
        "minutes_to_leave": round(ways.time / 60, 1) if math.isfinite(ways.time) else None,
        "minutes_allowed": round(ways.limit / 60, 1),
        "is_limit_stated": ways.is_limit_stated,
        "outcome": ways.check.outcome,
    }  # fmt: skip


def _echo_checked(row: dict[str, Any]) -> None:
    count = f", {row['n_times']} times" if row["n_times"] > 1 else ""
    typer.echo(
        f"{row['phase']} ({row['kind'].replace('_', ' ')}), {row['starts'][:16].replace('T', ' ')} "
        f"to {row['ends'][:16].replace('T', ' ')}{count}: {row['n_items']} items"
    )
    for gate in row["gates"]:
        staff = gate["staffed_by"] or "NOBODY"
        typer.echo(f"  gate {gate['gate']} open for {', '.join(gate['open_for'])}, staff: {staff}")
    if row["access_points"] is not None:
        listed = ", ".join(map(str, row["access_points"])) or "none"
        typer.echo(f"  vehicles can get in at access points: {listed}")
    exits = ", ".join(f"{way['exit']} {way['clear_width_m']:.1f} m" for way in row["exits"])
    typer.echo(
        f"  ways out: {exits or 'none'}; {row['persons_per_minute']} persons/min, "
        f"{row['persons_per_minute_left']} without {row['widest_lost'] or 'any'}"
    )
    if row["people"]:
        minutes = row["minutes_to_leave"]
        needed = "cannot leave" if minutes is None else f"are out in {minutes:.1f} min"
        verdict = "TOO SLOW" if row["outcome"] == "fail" else "in time"
        allowed = f"allowed {row['minutes_allowed']:.0f} min"
        typer.echo(f"  {row['people']} people {needed}, {allowed}: {verdict}")
    else:
        typer.echo("  number of people not stated: whether the ways out suffice cannot be said")


def _summary(layout: "Layout") -> dict[str, Any]:
    return {
        "name": layout.name,
        "space": layout.space_id,
        "space_name": layout.space_name,
        "time_zone": layout.time_zone,
        "hash": layout.hash,
        "phases": [
            {"phase": phase.key, "kind": str(phase.kind), "starts": phase.starts.isoformat(),
             "ends": phase.ends.isoformat(), "n_times": len(phase.times),
             "people": phase.people or None}
            for phase in layout.phases
        ],
        "n_items": len(layout.items),
        "n_gates": len(layout.gates),
    }  # fmt: skip


def _line(layout: "Layout") -> str:
    first, last = layout.phases[0], max(layout.phases, key=lambda phase: phase.ends)
    return (
        f"{layout.name}: {layout.space_name or layout.space_id}, {first.starts:%Y-%m-%d} to "
        f"{last.ends:%Y-%m-%d}, {len(layout.phases)} phases, {len(layout.items)} items, "
        f"{len(layout.gates)} gates"
    )


def _findings(layout: "Layout") -> list[dict[str, Any]]:
    from parvis.report.layout_words import finding_texts

    texts = finding_texts(layout, "en")
    return [
        {"code": finding.code, "sheet": finding.sheet, "row": finding.row, "value": finding.value,
         "text": text}
        for finding, text in zip(layout.findings, texts, strict=True)
    ]  # fmt: skip


def _echo_findings(layout: "Layout") -> None:
    found = _findings(layout)
    if found:
        typer.echo("To settle:")
    for row in found:
        typer.echo(f"  {row['text']}")
