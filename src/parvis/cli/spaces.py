"""``parvis spaces``: list the public spaces of a city."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command(epilog="Example: parvis spaces oldtown --kind square")
def spaces(
    name: Annotated[str, typer.Argument(help="Name of an imported city.")],
    kind: Annotated[str, typer.Option(help="Only this kind: square, park, ...")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    geojson: Annotated[Path | None, typer.Option(help="Write the outlines, WGS 84.")] = None,
) -> None:
    """List the public spaces found in a city: id, kind, area and name."""
    from parvis.io.spaces import list_spaces, spaces_geojson
    from parvis.io.store import load_city
    from parvis.report.files import write_bytes

    city = load_city(name)
    rows = list_spaces(city, kind)
    if geojson is not None:
        write_bytes(geojson, spaces_geojson(city, kind).encode())
    if as_json:
        typer.echo(json.dumps({"city": city.name, "spaces": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        title = row["name"] or "(no name)"
        inferred = ", outline inferred" if row["is_inferred"] else ""
        typer.echo(
            f"{row['id']:<18} {row['kind'].replace('_', ' '):<18} {row['area_m2']:>9,} m²  "
            f"{title}{inferred}"
        )
    if not rows:
        typer.echo(f"{city.name}: no public space{f' of kind {kind}' if kind else ''} found.")
