"""``parvis screen``: an assessment programme for all public spaces of one or more cities."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.approach import keys
from parvis.cli.options import Design, Vehicles

if TYPE_CHECKING:
    from parvis.errors import ParvisError
    from parvis.io.screening import Request, Step
    from parvis.io.screening_workers import Runner
    from parvis.screening.programme import Programme, Rules
    from parvis.screening.spaces import Responsible, Screening

app = typer.Typer()

EXAMPLES = """Examples:

parvis screen oldtown --own-boundary --template spaces.xlsx

parvis screen oldtown --own-boundary --authority "City of Oldtown"
--responsible "A. Maire, security coordinator" --programme spaces.xlsx
--order works,events,last-assessment --every 24 --per-month 4 --out programme
"""


@app.command(epilog=EXAMPLES)
def screen(
    names: Annotated[list[str], typer.Argument(help="Names of imported cities.")],
    boundary: Annotated[
        list[Path] | None,
        typer.Option(help="Polygon file of the authority's boundary; once for each city."),
    ] = None,
    own_boundary: Annotated[
        bool, typer.Option("--own-boundary", help="The boundary stored with the city is ours.")
    ] = False,
    authority: Annotated[str, typer.Option(help="Authority that owns the boundary.")] = "",
    responsible: Annotated[
        str, typer.Option(help='Person responsible: "name, role".', show_default=False)
    ] = "",
    order: Annotated[
        str, typer.Option(help="Criteria, the most important first, separated by commas.")
    ] = "",
    programme: Annotated[
        list[Path] | None,
        typer.Option(help="Table of your spaces (XLSX, CSV); once for each city."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Only write the table to fill in, with all spaces.")
    ] = None,
    every: Annotated[int | None, typer.Option(help="Months between two assessments.")] = None,
    days_before: Annotated[
        int, typer.Option(help="Days before works or an event by which to assess.")
    ] = 60,
    per_month: Annotated[
        int | None, typer.Option(help="How many assessments can be done in a month.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder the programme is written to.")] = Path(),
    vehicles: Vehicles = None,
    design: Design = "cautious",
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes side by side.")] = 2,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Analyse spaces again whose result still holds.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, such as tcp://host:8786.")
    ] = None,
    crs: Annotated[str, typer.Option(help="Of the GeoPackage: wgs84, city or EPSG.")] = "wgs84",
) -> None:
    """Analyse all public spaces of a city and write when and by whom each is assessed next."""
    from parvis.io.screening import requests_of, screen_cities
    from parvis.report.coordinates import check_crs
    from parvis.report.files import check_folder
    from parvis.screening.criteria import stated_criteria
    from parvis.screening.programme import assessment_programme
    from parvis.screening.spaces import Screening

    cities = list(dict.fromkeys(names))
    if not boundary and not own_boundary:
        answer = _asked("File with the authority's boundary (the word own: the city's stored one)")
        own_boundary = answer == "own"
        boundary = [Path(answer)] if answer and not own_boundary else []
    requests = requests_of(
        cities, boundaries=boundary or (), is_own=own_boundary, tables=programme or ()
    )
    if template is not None:
        _write_template(requests, template)
        return
    person = _person(authority, responsible)
    criteria = stated_criteria(keys(order or _asked("Criteria that order the programme")) or [])
    rules = _rules(every, days_before, per_month)
    check_folder(out)
    check_crs(crs)
    found = screen_cities(
        requests,
        responsible=person,
        criteria=criteria,
        runner=_runner(scheduler, workers),
        vehicles=keys(vehicles),
        design=design,
        progress=_progress(),
        is_fresh=fresh,
    )
    if sys.stderr.isatty():
        typer.echo("\r\x1b[K", nl=False, err=True)
    for result in found.values():
        if isinstance(result, Screening):
            _write(assessment_programme(result, rules), out, crs)
    _report_failures(found)


def _asked(question: str) -> str:
    """Return the answer of a person at a terminal, "" where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    return str(typer.prompt(question, default="", show_default=False, err=True)).strip()


def _person(authority: str, responsible: str) -> "Responsible":
    from parvis.screening.spaces import Responsible

    body = authority or _asked("Authority that owns the boundary")
    said = responsible or _asked("Person responsible (name, role)")
    name, _, role = said.partition(",")
    return Responsible(body.strip(), name.strip(), role.strip())


def _rules(every: int | None, days_before: int, per_month: int | None) -> "Rules":
    from parvis.screening.programme import IntervalMissingError, Rules

    if every is None:
        answer = _asked("Months between two assessments of a space")
        if not answer.isdecimal():
            raise IntervalMissingError
        every = int(answer)
    return Rules(every, days_before, per_month)


def _write_template(requests: "list[Request]", path: Path) -> None:
    from parvis.io.programme_table import write_template
    from parvis.io.screening import OneCityError, list_spaces_inside

    if len(requests) > 1:
        raise OneCityError(option="--template", n=len(requests))
    spaces = list_spaces_inside(requests[0])
    typer.echo(f"{write_template(path, spaces)}  {len(spaces)} spaces to fill in")


def _runner(scheduler: str | None, workers: int) -> "Runner":
    if scheduler is None:
        from parvis.io.screening_workers import local_runner

        return local_runner(workers)
    from parvis.io.cluster import cluster_runner

    return cluster_runner(scheduler)


def _progress() -> "Callable[[Step], None] | None":
    """Return what shows the progress on a terminal's stderr, None elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(step: "Step") -> None:
        minutes = math.ceil(step.seconds_left / 60.0)
        text = f"{step.done}/{step.total} spaces, about {minutes} min left: {step.space}"
        typer.echo(f"\r{text[:78]}\x1b[K", nl=False, err=True)

    return show


def _write(programme: "Programme", out: Path, crs: str) -> None:
    from parvis.report import screening_export as export

    for line in export.programme_lines(programme):
        typer.echo(line)
    stem = out / f"{programme.screening.city}-programme"
    written = (
        (export.write_programme_csv(programme, stem.with_suffix(".csv")), "for spreadsheets"),
        (export.write_programme_gpkg(programme, stem.with_suffix(".gpkg"), crs), "for QGIS"),
        (export.write_programme_geojson(programme, stem.with_suffix(".geojson")), "for machines"),
        (export.write_programme_calendar(programme, stem.with_suffix(".ics")), "for calendars"),
    )
    typer.echo("")
    for path, use in written:
        typer.echo(f"{path}  {programme.screening.marking.value}, {use}")


def _report_failures(found: "dict[str, Screening | ParvisError]") -> None:
    """Say which cities could not be screened; leave with the first one's exit code."""
    from parvis.cli import EXIT_CODES
    from parvis.errors import ParvisError
    from parvis.report.messages import describe

    problems = {name: item for name, item in found.items() if isinstance(item, ParvisError)}
    if len(found) == 1:
        for problem in problems.values():
            raise problem
    for name, problem in problems.items():
        typer.echo(f"parvis: {name} was not screened: {describe(problem)}", err=True)
    for problem in problems.values():
        raise typer.Exit(EXIT_CODES[problem.family.value])
