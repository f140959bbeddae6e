"""``parvis town``: a fictional town to try things on."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Make a fictional town to try things on.")


@app.callback()
def town() -> None:
    """Make a fictional town to try things on."""


@app.command()
def make(
    out: Annotated[
        Path, typer.Argument(metavar="OUT.osm.pbf", help="File to write: .osm.pbf or .osm.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same number gives the same town.")] = 1,
    size: Annotated[str, typer.Option(help="small, medium, large or N-streets.")] = "medium",
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """
    Write a fictional European town as an OpenStreetMap extract.

    Example: parvis town make --seed 1 --size medium town.osm.pbf
    """
    import json

    from parvis.city.town import make_town
    from parvis.io.osm_writer import write_osm

    made = make_town(seed=seed, size=size)
    write_osm(made, out)
    if as_json:
        counts = {"nodes": len(made.xy), "ways": made.n_ways, "street_ways": made.n_streets}
        typer.echo(json.dumps({"name": made.name, "file": str(out), **counts}))
        return
    typer.echo(f"{made.name}: {made.n_streets} street ways, {made.n_ways} ways in all → {out}")
