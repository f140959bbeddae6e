"""``parvis city``: import a city from an extract, list, show and remove cities."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from parvis.cli.add_layer import add_layer, layers

app = typer.Typer(
    no_args_is_help=True, help="Import a city from an OpenStreetMap extract; list, show, remove."
)
app.command("add-layer", epilog="Example: parvis city add-layer oldtown kerbs.gpkg --as kerbs")(
    add_layer
)
app.command("layers", epilog="Example: parvis city layers oldtown --remove 2")(layers)

STEPS = {
    "read": "reading the extract",
    "classify": "telling streets, areas and obstacles apart",
    "streets": "joining streets",
    "areas": "assembling areas",
    "lines": "collecting obstacles",
    "tables": "building tables",
    "widths": "measuring street widths",
    "spaces": "finding public spaces",
    "elevation": "reading elevation",
    "store": "writing the store",
}
UNUSABLE = {
    "store_version": "written by another version of Parvis: import it again",
    "store_broken": "damaged: import it again",
}
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CityName = Annotated[str, typer.Argument(help="Name of an imported city.")]


@app.command("import", epilog="Example: parvis city import region.osm.pbf --municipality Oldtown")
def import_(
    file: Annotated[Path, typer.Argument(help=".osm.pbf, .osm, .osm.gz or .osm.bz2")],
    name: Annotated[str | None, typer.Option(help="City name; from the file's by default.")] = None,
    bbox: Annotated[
        str | None, typer.Option(help="west,south,east,north in degrees: keep this part.")
    ] = None,
    boundary: Annotated[
        Path | None, typer.Option(help="Polygon file (GeoPackage, GeoJSON, ...): keep this part.")
    ] = None,
    municipality: Annotated[
        str | None, typer.Option(help="Administrative boundary in the extract: keep this part.")
    ] = None,
    elevation: Annotated[
        Path | None, typer.Option(help="Terrain heights: GeoTIFF, .hgt or .hgt.zip.")
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Read an extract into a city and print what it holds and what it lacks.

    What lies up to 1,000 m outside a given part is kept, so that run-ups are not cut.
    """
    from parvis.city.summary import summarise
    from parvis.io.boundaries import chosen_boundary
    from parvis.io.osm import import_city

    with _progress() as notice:
        city = import_city(
            file,
            name=name,
            boundary=chosen_boundary(bbox=bbox, file=boundary, municipality=municipality),
            municipality=municipality,
            elevation=elevation,
            notice=notice,
        )
    _print(summarise(city), as_json=as_json)


@app.command("list", epilog="Example: parvis city list --json")
def list_(as_json: Json = False) -> None:
    """List the imported cities."""
    from parvis.io.home import city_names
    from parvis.io.store import list_cities

    rows = list_cities()
    if as_json:
        typer.echo(json.dumps({"cities": rows}, ensure_ascii=False, indent=2))
    elif not city_names():
        typer.echo("No city yet. Import one: parvis city import FILE")
    for row in [] if as_json else rows:
        typer.echo(f"{row['name']}: {UNUSABLE.get(row['note'], row['note'])}")


@app.command("show", epilog="Example: parvis city show oldtown --json")
def show(name: CityName, as_json: Json = False) -> None:
    """Show what an imported city holds, what it lacks and which results are outdated."""
    from parvis.city.summary import summarise
    from parvis.io.home import existing_city
    from parvis.io.runs import earlier_runs
    from parvis.io.store import load_city

    city = load_city(name)
    runs = earlier_runs(existing_city(name))
    results = [
        {
            "space": run.space_id,
            "name": run.space_name,
            "created": run.created,
            "is_outdated": run.city_hash != city.hash,
        }
        for run in runs
    ]
    summary = summarise(city)
    if as_json:
        document = {**summary.as_dict(), "results": results}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    _print(summary, as_json=False)
    for result in results:
        state = "outdated: the city's data have changed" if result["is_outdated"] else "current"
        title = result["name"] or result["space"]
        typer.echo(f"  Result for {title} of {result['created']}: {state}")


@app.command("remove", epilog="Example: parvis city remove oldtown --yes")
def remove(
    name: CityName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a city with its layers and corrections."""
    from parvis.io.home import existing_city, remove_city

    existing_city(name)
    if not yes and not as_json:
        typer.confirm(f"Delete {name} with its layers and corrections?", abort=True)
    remove_city(name)
    typer.echo(json.dumps({"removed": name}) if as_json else f"Removed {name}.")


def _print(summary: Any, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary.as_dict(), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{summary.name}: {summary.source}, data of {summary.data_date or 'unknown date'}")
    for line in summary.holds:
        typer.echo(f"  {line}")
    for note in summary.notes:
        typer.echo(f"  {note}")
    typer.echo(f"  Data grade {summary.grade}: {summary.grade_meaning}")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show the step at work on stderr where that is a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(STEPS.get(step, step))
