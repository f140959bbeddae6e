"""``parvis closure``: lines, elements and cost that would keep a public space safe and open."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.approach import keys, progress_line
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
    PlanFiles,
    Prices,
    Space,
    Stock,
    Tender,
    Threat,
    Vehicles,
)

if TYPE_CHECKING:
    from parvis.closure.plan import Wishes
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
TENDER_SUFFIXES = (".xlsx",)


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
    emergency_access: EmergencyAccess = None,
    family: Family = None,
    permanence: Permanence = "permanent",
    people: People = None,
    accept_front: AcceptFront = None,
    gates_on_tracks: GatesOnTracks = False,
    existing: Existing = None,
    existing_crs: ExistingCrs = None,
    stock: Stock = None,
    budget: Budget = None,
    needed_by: NeededBy = None,
    prices: Prices = None,
    out: PlanFiles = None,
    tender: Tender = None,
    lang: Annotated[str, typer.Option(help="Language: en, fr or pl.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Plan the lines that keep vehicles out of a public space, and what they do to the place."""
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
    if tender is not None:
        check_suffix(tender, TENDER_SUFFIXES)
    supplies = Supplies(stock=stock, budget=budget, needed_by=needed_by)
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
        wishes=wishes_of(
            emergency_access, family, permanence, people, accept_front, gates_on_tracks
        ),
        supplies=supplies,
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
            lines += [
                "",
                *stock_lines_text(found.supply, currency, lang, shown=found.result.told_first),
            ]
        elif supplies.is_limited and found.result.plans:
            lines += ["", Wording(lang)("closure.terminal.no_supply")]
        for line in lines:
            typer.echo(line)
    for path in written:
        typer.echo(f"{path}  TLP:AMBER", err=as_json)


def check_suffix(path: Path, accepted: Sequence[str] = SUFFIXES) -> Path:
    """Return `path` where it can be written and its suffix is one of the `accepted` ones."""
    from parvis.io.closures import PlanFormatError
    from parvis.report.files import check_file

    if path.suffix.lower() not in accepted:
        raise PlanFormatError(file=str(path), accepted=", ".join(accepted))
    check_file(path)
    return path


def wishes_of(
    emergency_access: Sequence[int] | None,
    family: Sequence[str] | None,
    permanence: str,
    people: float | None,
    accept_front: Sequence[str] | None,
    gates_on_tracks: bool,
) -> "Wishes":
    """Return what is wished for, from the options of that name."""
    from parvis.closure.plan import Wishes

    return Wishes(
        emergency_access=tuple(emergency_access or ()),
        families=families_at_lines(family or ()),
        permanence=checked_permanence(permanence),
        people=people,
        accepted_classes=checked_classes(accept_front or ()),
        gates_on_tracks=gates_on_tracks,
    )


def families_at_lines(texts: Sequence[str]) -> dict[int, str]:
    """Return product families by line number from options such as ``2=rated-planter``."""
    from parvis.io.closures import FamilyOptionError

    found = {}
    for text in texts:
        number, _, key = text.partition("=")
        if not (number.strip().isdecimal() and key.strip()):
            raise FamilyOptionError(value=text)
        found[int(number)] = key.strip()
    return found


def checked_classes(codes: Sequence[str]) -> frozenset[str]:
    """Return test vehicle classes as ratings write them."""
    from parvis.approach.vehicles import UnknownVehicleError
    from parvis.packs.content import load_rating_systems

    systems = load_rating_systems().entries
    known = sorted({code for item in systems for car in item.vehicles for code in car.classes})
    wanted = [code.strip().upper() for code in codes]
    for code in wanted:
        if code not in known:
            raise UnknownVehicleError(name=code or '""', known=", ".join(known))
    return frozenset(wanted)


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
