"""``parvis closure``: lines, elements and cost that would keep a public space safe and open."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.approach import keys, progress_line
from parvis.cli.options import Area, CityName, Design, PeopleLine, Space, Threat, Vehicles

if TYPE_CHECKING:
    from parvis.closure.results import ClosureResult

app = typer.Typer()

EXAMPLES = """Examples:

parvis closure oldtown "Market Square"

parvis closure oldtown way/123 --vehicles N2B --out plan.gpkg --tender tender.xlsx

parvis closure oldtown "Market Square" --stock depot.xlsx --budget 80000 --needed-by 2026-12-01

parvis closure oldtown "Market Square" --emergency-access 3 --family 2=rated-planter

parvis closure oldtown "Market Square" --existing register.xlsx --json
"""

SUFFIXES = (".gpkg", ".geojson", ".dxf", ".json")


@app.command(epilog=EXAMPLES)
def closure(
    name: CityName,
    space: Space = None,
    area: Area = None,
    vehicles: Vehicles = None,
    threat: Threat = None,
    design: Design = "cautious",
    people_line: PeopleLine = None,
    variant: Annotated[str | None, typer.Option(help="Plan on this design, not today.")] = None,
    emergency_access: Annotated[
        list[int] | None,
        typer.Option(help="Access point that must open for emergency vehicles; may be repeated."),
    ] = None,
    family: Annotated[
        list[str] | None,
        typer.Option(help="Product family to lay out at a line, as LINE=FAMILY; may be repeated."),
    ] = None,
    permanence: Annotated[
        str, typer.Option(help="What is laid out: permanent, semi_permanent, temporary or any.")
    ] = "permanent",
    people: Annotated[
        float | None, typer.Option(min=0, help="Greatest number of people inside, for the exits.")
    ] = None,
    accept_front: Annotated[
        list[str] | None,
        typer.Option(help="Test vehicle class whose front your adviser accepts; may be repeated."),
    ] = None,
    existing: Annotated[
        Path | None, typer.Option(help="Barrier register: XLSX, CSV, GeoPackage, GeoJSON.")
    ] = None,
    existing_crs: Annotated[
        str | None, typer.Option(help="EPSG number of the register, where it has none.")
    ] = None,
    stock: Annotated[
        Path | None, typer.Option(help="Stock list; without a budget nothing is bought.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(min=0, help="Greatest sum, in the price list's currency.")
    ] = None,
    needed_by: Annotated[
        str | None, typer.Option(help="Day by which all must stand: 2026-12-01.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help="Your own pack of barrier products (YAML).")
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(help="Write the plan: .gpkg, .geojson, .dxf or .json; may be repeated."),
    ] = None,
    tender: Annotated[
        Path | None, typer.Option(help="Write the performance specification (XLSX).")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language: en or fr.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Plan the lines that keep vehicles out of a public space, and what they do to the place."""
    from parvis.closure.plan import Wishes
    from parvis.io.closures import Supplies, close_space
    from parvis.report.closure_export import closure_document
    from parvis.report.closure_terminal import closure_lines_text
    from parvis.report.stock_speech import (
        register_lines_text,
        stock_document,
        stock_lines_text,
    )
    from parvis.report.wording import Wording

    Wording(lang)
    files = [check_suffix(path) for path in out or ()]
    show = progress_line()
    found = close_space(
        name,
        space,
        area_file=area,
        vehicles=keys(vehicles),
        threat=threat,
        design=design,
        people_line=people_line,
        variant=variant,
        existing=existing,
        existing_crs=existing_crs,
        prices=prices,
        wishes=Wishes(
            emergency_access=tuple(emergency_access or ()),
            families=families_at_lines(family or ()),
            permanence=checked_permanence(permanence),
            people=people,
            accepted_classes=frozenset(accept_front or ()),
        ),
        supplies=Supplies(stock=stock, budget=budget, needed_by=needed_by),
        today=datetime.now(UTC).date(),
        progress=show,
    )
    if show is not None:
        typer.echo("\r\x1b[K", nl=False, err=True)
    written = [write_plan(found.result, path, lang) for path in files]
    if tender is not None and found.result.plans:
        from parvis.report.tender import write_tender

        written.append(write_tender(tender, found.result, language=lang))
    currency = str(found.result.provenance["prices"]["currency"])
    if as_json:
        document = closure_document(found.result, lang)
        if found.supply is not None:
            document["supply"] = stock_document(found.supply, currency)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        lines = list(closure_lines_text(found.result, lang))
        if found.register is not None:
            lines += ["", *register_lines_text(found.register, lang)]
        if found.supply is not None:
            lines += ["", *stock_lines_text(found.supply, currency, lang)]
        for line in lines:
            typer.echo(line)
    for path in written:
        typer.echo(f"{path}  TLP:AMBER", err=as_json)


def check_suffix(path: Path) -> Path:
    """Return `path` where its suffix says a format that plans are written in."""
    from parvis.io.closures import PlanFormatError

    if path.suffix.lower() not in SUFFIXES:
        raise PlanFormatError(file=str(path), accepted=", ".join(SUFFIXES))
    return path


def families_at_lines(texts: Sequence[str]) -> dict[int, str]:
    """Return product families by line number from options such as ``2=rated-planter``."""
    from parvis.io.closures import FamilyOptionError

    found = {}
    for text in texts:
        number, _, key = text.partition("=")
        if not (number.strip().isdigit() and key.strip()):
            raise FamilyOptionError(value=text)
        found[int(number)] = key.strip()
    return found


def checked_permanence(word: str) -> str:
    """Return the permanence an option names, "" for any."""
    from parvis.io.closures import PERMANENCES, PermanenceUnknownError

    if word not in (*PERMANENCES, "any"):
        raise PermanenceUnknownError(value=word, accepted=", ".join((*PERMANENCES, "any")))
    return "" if word == "any" else word


def write_plan(result: "ClosureResult", path: Path, language: str) -> Path:
    """Write a plan in the format its suffix says."""
    from parvis.report.closure_drawing import write_closure_dxf
    from parvis.report.closure_export import write_closure_json
    from parvis.report.closure_geodata import write_closure_geojson, write_closure_gpkg

    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return write_closure_gpkg(result, path, "city", language)
    if suffix == ".dxf":
        return write_closure_dxf(result, path, "city", language)
    write = write_closure_geojson if suffix == ".geojson" else write_closure_json
    return write(result, path, language)
