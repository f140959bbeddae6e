"""``parvis variant``: bring in designs, list and show them, compare them with the present."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.options import Area, CityName, Design, PeopleLine, Space, Threat, Vehicles

if TYPE_CHECKING:
    from parvis.city.variants import Variant
    from parvis.io.variants import AddedVariant

app = typer.Typer(
    no_args_is_help=True,
    help="Bring in designs that replace the present inside a limit, and compare them with it.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="Name of the variant.")]
N_SHOWN = 8


@app.command(
    epilog="Example: parvis variant add oldtown trees-north design.gpkg --limit limit.geojson"
)
def add(
    city: CityName,
    name: Name,
    files: Annotated[
        list[Path], typer.Argument(help="DXF, GeoPackage, GeoJSON, Shapefile, ... of the design.")
    ],
    limit: Annotated[
        Path | None,
        typer.Option(help="Polygon file; a layer named limit in the design by default."),
    ] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG number of files that have none.")] = None,
    control_points: Annotated[
        Path | None, typer.Option(help="CSV with x, y and lon, lat of two or more points.")
    ] = None,
    layer: Annotated[
        list[str] | None,
        typer.Option(help="What a layer of the file means, as A-201=kerbs; may be repeated."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(help="Layers of the present that stay, separated by commas: trees,water."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring in a design and say what it takes out, what it brings and what was not taken."""
    from parvis.io.variants import add_variant

    added = add_variant(
        city,
        name,
        files,
        limit=limit,
        crs=crs,
        control_points=control_points,
        layers=_meanings(layer or []),
        keep=[part.strip() for part in (keep or "").split(",") if part.strip()],
    )
    if as_json:
        typer.echo(json.dumps(_added_document(added), ensure_ascii=False, indent=2))
        return
    for line in _added_lines(added):
        typer.echo(line)


@app.command("list", epilog="Example: parvis variant list oldtown")
def list_(city: CityName, as_json: Json = False) -> None:
    """List the variants of a city."""
    from parvis.io.variants import read_variants

    found = read_variants(city)
    if as_json:
        rows = [_document(variant) for variant in found]
        typer.echo(json.dumps({"variants": rows}, ensure_ascii=False, indent=2))
        return
    for variant in found:
        typer.echo(_line(variant))
    if not found:
        typer.echo("No variants yet. Begin with: parvis variant template NAME SPACE --out FILE")


@app.command(epilog="Example: parvis variant show oldtown trees-north --json")
def show(city: CityName, name: Name, as_json: Json = False) -> None:
    """Show what a variant replaces, what it brings and where it came from."""
    from parvis.io.variants import load_design, read_variant

    variant = read_variant(city, name)
    facts = load_design(city, name).manifest["variant"]
    if as_json:
        document = _document(variant) | {"with_present": facts}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    typer.echo(_line(variant))
    for layer in variant.replaces:
        out, brought = facts["taken_out"].get(layer, 0), facts["brought_in"].get(layer, 0)
        if out or brought:
            typer.echo(f"  {layer}: {out} of the present out, {brought} of the design in")
    if facts["streets_ended"]:
        typer.echo(f"  {facts['streets_ended']} street pieces end at solids of the design")
    for file in variant.source["files"]:
        typer.echo(f"  {file['file']}, SHA-256 {file['sha256'][:16]}…")


@app.command(epilog="Example: parvis variant remove oldtown trees-north --yes")
def remove(
    city: CityName,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a variant with the record of its runs; the present is not touched."""
    from parvis.io.variants import remove_variant, variant_folder

    variant_folder(city, name)
    if not yes and not as_json:
        typer.confirm(f"Delete the variant {name} of {city}?", abort=True)
    remove_variant(city, name)
    typer.echo(json.dumps({"removed": name}) if as_json else f"Removed {name}.")


@app.command(epilog='Example: parvis variant template oldtown "Market Square" --out start.gpkg')
def template(
    city: CityName,
    space: Annotated[str, typer.Argument(help="Id or name of a public space.")],
    out: Annotated[Path, typer.Option(help="GeoPackage to write.")],
    margin: Annotated[float, typer.Option(help="Ground around the space shown, in metres.")] = 30,
    as_json: Json = False,
) -> None:
    """Write the present around a space as a GeoPackage to draw a design in."""
    from parvis.io.variant_template import write_template

    written = write_template(city, space, out, margin=margin)
    if as_json:
        typer.echo(json.dumps({"file": str(out), "layers": written}, indent=2))
        return
    listed = ", ".join(f"{count} {layer}" for layer, count in written.items() if count)
    typer.echo(f"{out}: limit, {listed or 'nothing mapped'}.")
    typer.echo("An empty layer means that the design has nothing of the sort.")


@app.command(
    epilog='Example: parvis variant compare oldtown "Market Square" --variant a --variant b '
    "--out table.xlsx --map map.svg"
)
def compare(
    city: CityName,
    space: Space = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="Variant to compare the present with; repeat it.")
    ] = None,
    area: Area = None,
    vehicles: Vehicles = None,
    threat: Threat = None,
    design: Design = "cautious",
    people_line: PeopleLine = None,
    people: Annotated[
        int | None, typer.Option(min=0, help="Greatest number of people, for the egress flow.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Table to write: .xlsx or .csv.")] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Maps side by side: .svg, .png or .pdf.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the same analysis on the present and on variants, into one table and one map."""
    from parvis.cli.approach import keys, progress_line
    from parvis.io.comparisons import compare_designs
    from parvis.io.store import load_city
    from parvis.io.variants import load_design, read_variant
    from parvis.report.comparison import (
        check_table_name,
        comparison_document,
        comparison_lines,
        write_table,
    )
    from parvis.report.comparison_maps import check_picture_name, write_comparison_map

    if out is not None:
        check_table_name(out)
    if map_file is not None:
        check_picture_name(map_file)
    found = compare_designs(
        city,
        space,
        variant or [],
        progress=progress_line(),
        area_file=area,
        vehicles=keys(vehicles),
        threat=threat,
        design=design,
        people_line=people_line,
        people=people,
    )
    if out is not None:
        write_table(found, out)
    if map_file is not None:
        chosen = found.designs[1:]
        cities = [load_city(city), *(load_design(city, name) for name in chosen)]
        limits = [None, *(read_variant(city, name).limit for name in chosen)]
        write_comparison_map(found, cities, limits, map_file)
    if as_json:
        typer.echo(json.dumps(comparison_document(found), ensure_ascii=False, indent=1))
        return
    for line in comparison_lines(found):
        typer.echo(line)
    for path in (out, map_file):
        if path is not None:
            typer.echo(f"{path}  TLP:AMBER")


def _meanings(given: list[str]) -> dict[str, str]:
    """Return what layers mean, from ``NAME=LAYER`` options."""
    from parvis.io.variant_names import LayerOptionError

    found = {}
    for text in given:
        name, sign, meaning = text.rpartition("=")
        if not sign or not name or not meaning:
            raise LayerOptionError(value=text)
        found[name] = meaning.strip()
    return found


def _line(variant: "Variant") -> str:
    n = sum(variant.source["taken"].values())
    files = ", ".join(file["file"] for file in variant.source["files"])
    return (
        f"{variant.name}: {n} features on {variant.limit.area:,.0f} m², of {files}, "
        f"added {variant.source['added'][:10]}"
    )


def _document(variant: "Variant") -> dict[str, Any]:
    return {
        "name": variant.name,
        "hash": variant.hash,
        "limit_area_m2": round(variant.limit.area, 1),
        "replaces": list(variant.replaces),
        "source": dict(variant.source),
    }


def _added_document(added: "AddedVariant") -> dict[str, Any]:
    brought = added.brought
    return _document(added.variant) | {
        "rows": brought.n_rows,
        "taken": dict(brought.taken),
        "taken_out": dict(added.taken_out),
        "kept": list(added.kept),
        "cut_at_limit": dict(brought.cut),
        "outside_limit": dict(brought.outside),
        "layers_not_understood": dict(brought.ignored),
        "mended": brought.n_mended,
        "not_taken": [
            {"layer": layer, "row": item.row, "reason": item.reason, "value": item.value}
            for layer, item in brought.refused
        ],
    }


def _added_lines(added: "AddedVariant") -> list[str]:
    brought = added.brought
    lines = [
        f"Variant {added.variant.name}: {brought.n_rows} rows read, limit of "
        f"{added.variant.limit.area:,.0f} m².",
        f"  Brought in: {_counted(brought.taken) or 'nothing: the design is empty ground'}.",
        f"  Taken out of the present there: {_counted(added.taken_out) or 'nothing'}.",
        f"  Of the present stay: {', '.join(added.kept) or 'streets only'}; streets always stay.",
    ]
    missing = [layer for layer in added.taken_out if layer not in added.drawn]
    if missing:
        lines.append(
            f"  The design has no layer for {', '.join(missing)}: what the present has is taken "
            f"out; --keep {','.join(missing)} leaves it."
        )
    if brought.cut:
        lines.append(f"  Cut at the limit: {_counted(brought.cut)}.")
    if brought.outside:
        lines.append(f"  Outside the limit and left out: {_counted(brought.outside)}.")
    if brought.ignored:
        lines.append(
            f"  Layers whose name says nothing, left out: {_counted(brought.ignored)}; "
            "say what they mean with --layer NAME=LAYER."
        )
    if brought.n_mended:
        lines.append(f"  {brought.n_mended} outlines crossed themselves and were mended.")
    return [*lines, *_refused_lines(added)]


def _refused_lines(added: "AddedVariant") -> list[str]:
    from parvis.report.messages import fill

    lines = []
    refused = added.brought.refused
    for reason, count in Counter(item.reason for _, item in refused).most_common():
        group = [(layer, item) for layer, item in refused if item.reason == reason]
        values = ", ".join(sorted({item.value for _, item in group if item.value})[:N_SHOWN])
        rows = ", ".join(f"{layer} {item.row}" for layer, item in group[:N_SHOWN])
        sentence = fill(f"layer_row_{reason}", {"value": values})
        lines.append(
            f"  Not taken: {count} × {sentence} ({rows}{', …' if count > N_SHOWN else ''})"
        )
    return lines


def _counted(counts: Any) -> str:
    return ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items())
