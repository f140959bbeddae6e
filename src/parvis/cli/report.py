"""``parvis report``: a council paper to publish and an annex to restrict, from one run."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.approach import keys, progress_line
from parvis.cli.closure import wishes_of
from parvis.cli.options import (
    AcceptFront,
    Area,
    Budget,
    CityName,
    Design,
    EmergencyAccess,
    Existing,
    ExistingCrs,
    Family,
    GatesOnTracks,
    NeededBy,
    People,
    PeopleLine,
    Permanence,
    Prices,
    Recipients,
    Space,
    Stock,
    Threat,
    Vehicles,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parvis.approach.results import ApproachResult
    from parvis.city.model import City
    from parvis.io.closures import Closure

app = typer.Typer()

EXAMPLES = """Examples:

parvis report oldtown "Market Square" --out out

parvis report oldtown way/123 --out out --lang fr --recipient "A. Maire" --gpkg out/square.gpkg

parvis report oldtown "Market Square" --out out --closure --emergency-access 3

parvis report oldtown "Market Square" --out out --closure --stock depot.xlsx --budget 80000

parvis report oldtown "Market Square" --out out --compare planters --compare gates
"""
OF_A_CLOSURE = (
    "emergency_access",
    "family",
    "permanence",
    "accept_front",
    "gates_on_tracks",
    "existing",
    "existing_crs",
    "stock",
    "budget",
    "needed_by",
    "prices",
)
"""Options that say how a closure is planned, and nothing else."""


@app.command(epilog=EXAMPLES)
def report(
    context: typer.Context,
    name: CityName,
    space: Space = None,
    out: Annotated[Path, typer.Option(help="Folder the documents are written to.")] = Path(),
    lang: Annotated[str, typer.Option(help="Language of the documents: en, fr or pl.")] = "en",
    area: Area = None,
    vehicles: Vehicles = None,
    threat: Threat = None,
    design: Design = "cautious",
    people_line: PeopleLine = None,
    people: People = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="Variant to set beside the present in the annex; may be repeated."),
    ] = None,
    closure: Annotated[
        bool,
        typer.Option(
            "--closure", help="Plan a closure too: options for the council, schedule in the annex."
        ),
    ] = False,
    emergency_access: EmergencyAccess = None,
    family: Family = None,
    permanence: Permanence = "permanent",
    accept_front: AcceptFront = None,
    gates_on_tracks: GatesOnTracks = False,
    existing: Existing = None,
    existing_crs: ExistingCrs = None,
    stock: Stock = None,
    budget: Budget = None,
    needed_by: NeededBy = None,
    prices: Prices = None,
    recipient: Recipients = None,
    copies: Annotated[int, typer.Option(min=1, max=99, help="Numbered copies of the annex.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the result as JSON too.")
    ] = None,
    geojson: Annotated[
        Path | None, typer.Option(help="Write the result as GeoJSON in WGS 84 too.")
    ] = None,
    gpkg: Annotated[Path | None, typer.Option(help="Write the result as GeoPackage too.")] = None,
    dxf: Annotated[Path | None, typer.Option(help="Write the result as DXF drawing too.")] = None,
    crs: Annotated[
        str | None,
        typer.Option(help="For GeoPackage and DXF: wgs84, city or an EPSG number."),
    ] = None,
) -> None:
    """Write a council paper to publish and a restricted annex on one public space."""
    from parvis.io.closures import Supplies, close_space
    from parvis.report.coordinates import check_crs
    from parvis.report.documents import write_report
    from parvis.report.drawing import write_dxf
    from parvis.report.export import write_json
    from parvis.report.files import check_folder
    from parvis.report.geodata import write_geojson, write_gpkg
    from parvis.report.stock_speech import register_lines_text, stock_lines_text
    from parvis.report.wording import Wording

    Wording(lang)
    if not closure:
        refuse_closure_options(context, OF_A_CLOSURE if compare else ("people", *OF_A_CLOSURE))
    wishes = wishes_of(emergency_access, family, permanence, people, accept_front, gates_on_tracks)
    check_folder(out)
    check_crs(crs, for_drawing=dxf is not None)
    question: dict[str, Any] = {
        "area_file": area,
        "vehicles": keys(vehicles),
        "threat": threat,
        "design": design,
        "people_line": people_line,
        "progress": progress_line(),
    }
    found = None
    if closure:
        found = close_space(
            name,
            space,
            **question,
            existing=existing,
            existing_crs=existing_crs,
            prices=prices,
            wishes=wishes,
            supplies=Supplies(stock=stock, budget=budget, needed_by=needed_by),
            today=datetime.now(UTC).date(),
        )
    city, result, comparison = analysed(name, space, compare or (), people, question, found, lang)
    supply: list[str] = []
    if found is not None and found.register is not None:
        supply += register_lines_text(found.register, lang)
    if found is not None and found.supply is not None:
        currency = str(found.result.provenance["prices"]["currency"])
        supply += stock_lines_text(found.supply, currency, lang, shown=found.result.told_first)
    show, done = file_line()
    written = write_report(
        result,
        city,
        out,
        language=lang,
        recipients=recipient or (),
        copies=copies,
        closure=None if found is None else found.result,
        comparison=comparison,
        supply=supply,
        progress=show,
    )
    data = [
        write_json(result, json_file, lang) if json_file else None,
        write_geojson(result, geojson, lang) if geojson else None,
        write_gpkg(result, gpkg, crs or "wgs84", lang) if gpkg else None,
        write_dxf(result, dxf, crs or "city", lang) if dxf else None,
    ]
    done()
    typer.echo(f"{written.council_paper}  for the council and the public: open this first")
    for path in written.annexes:
        typer.echo(f"{path}  TLP:AMBER, for its named recipient only")
    for file in data:
        if file is not None:
            typer.echo(f"{file}  TLP:AMBER, for machines")


def refuse_closure_options(context: typer.Context, options: "Sequence[str]") -> None:
    """
    Raise where one of the options that say how a closure is planned is given.

    Raises
    ------
    parvis.io.closures.ClosureOptionError
    """
    from parvis.io.closures import ClosureOptionError

    given = [
        f"--{option.replace('_', '-')}"
        for option in options
        if getattr(context.get_parameter_source(option), "name", "") != "DEFAULT"
    ]
    if given:
        raise ClosureOptionError(options=", ".join(given))


def analysed(
    name: str,
    space: str | None,
    variants: "Sequence[str]",
    people: float | None,
    question: dict[str, Any],
    found: "Closure | None",
    language: str,
) -> "tuple[City, ApproachResult, dict[str, Any] | None]":
    """
    Return the ground, what arrives on it, and present and variants as the annex reads them.

    The present is analysed once for itself and the comparison; with a barrier register the annex
    tells the ground with the register's barriers, which a comparison does not have.
    """
    from parvis.io.analyses import analyse_space
    from parvis.io.closures import analyse_present
    from parvis.io.comparisons import compare_designs
    from parvis.io.store import load_city
    from parvis.io.variants import load_design, read_variant
    from parvis.report.comparison_annex import annex_comparison

    with_register = found is not None and found.register is not None
    compared = None
    present = None
    if variants:
        comparison = compare_designs(name, space, variants, people=people, **question)
        present = load_city(name), comparison.results[0]
        chosen = comparison.designs[1:]
        compared = annex_comparison(
            comparison,
            [present[0], *(load_design(name, variant) for variant in chosen)],
            [None, *(read_variant(name, variant).limit for variant in chosen)],
            language,
            without_register=with_register,
        )
    if found is not None and with_register:
        present = found.city, analyse_present(found, progress=question["progress"])
    if present is None:
        present = analyse_space(name, space, **question)
    return *present, compared


def file_line() -> tuple[Callable[[str], None], Callable[[], None]]:
    """Return what shows on a terminal's stderr which file is being written, and what clears it."""
    if not sys.stderr.isatty():
        return lambda _: None, lambda: None

    def show(file: str) -> None:
        typer.echo(f"\rwriting {file}\x1b[K", nl=False, err=True)

    return show, lambda: typer.echo("\r\x1b[K", nl=False, err=True)
