"""``parvis city add-layer`` and ``layers``: lay municipal data over a city."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from parvis.io.layers import AddedLayer

N_SHOWN = 10


def add_layer(
    name: Annotated[str, typer.Argument(help="Name of an imported city.")],
    file: Annotated[
        Path, typer.Argument(help="GeoPackage, GeoJSON, Shapefile, DXF, CSV, XLSX, ...")
    ],
    kind: Annotated[
        str, typer.Option("--as", help="buildings, kerbs, barriers, trees, ground, walls, ...")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take out the extract's features of this kind there.")
    ] = False,
    mapping: Annotated[
        Path | None, typer.Option(help="YAML: which drawing layers, columns, words mean what.")
    ] = None,
    control_points: Annotated[
        Path | None, typer.Option(help="CSV with x, y and lon, lat of two or more points.")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG number, where the file has none.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Layer or sheet of the file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Add a municipal layer to a city and say what was taken and what was not."""
    from parvis.io.layers import add_layer as add

    added = add(
        name,
        file,
        kind,
        is_replacing=replace,
        mapping=mapping,
        control_points=control_points,
        crs=crs,
        sheet=sheet,
    )
    if as_json:
        typer.echo(json.dumps(_document(added), ensure_ascii=False, indent=2))
    else:
        _print(added)


def layers(
    name: Annotated[str, typer.Argument(help="Name of an imported city.")],
    remove: Annotated[int | None, typer.Option(help="Take the layer of this number away.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the municipal layers of a city in the order they apply, or take one away."""
    from parvis.io.home import existing_city
    from parvis.io.layers import read_layers, remove_layer

    if remove is not None:
        gone = remove_layer(name, remove)
        typer.echo(
            json.dumps({"removed": gone.order})
            if as_json
            else f"Removed layer {gone.order} ({gone.name})."
        )
        return
    found = read_layers(existing_city(name))
    if as_json:
        rows = [
            {
                "order": layer.order,
                "name": layer.name,
                "as": layer.kind,
                "is_replacing": layer.is_replacing,
                "hash": layer.hash,
                "source": dict(layer.source),
            }
            for layer in found
        ]
        typer.echo(json.dumps({"layers": rows}, ensure_ascii=False, indent=2))
        return
    for layer in found:
        mode = "replaces" if layer.is_replacing else "adds to"
        n = sum(layer.source["taken"].values())
        typer.echo(
            f"{layer.order}  {layer.name}  {mode} {layer.kind}: {n} features of "
            f"{layer.source['file']}, added {layer.source['added'][:10]}"
        )
    if not found:
        typer.echo("No layers yet. Add one: parvis city add-layer NAME FILE --as buildings")


def _document(added: "AddedLayer") -> dict[str, Any]:
    placement = added.placement
    return {
        "layer": {
            "name": added.layer.name,
            "order": added.layer.order,
            "as": added.layer.kind,
            "is_replacing": added.layer.is_replacing,
            "hash": added.layer.hash,
        },
        "rows": added.n_rows,
        "crs": added.crs,
        "taken": dict(added.taken),
        "mended": added.n_mended,
        "not_taken": [
            {"row": item.row, "reason": item.reason, "value": item.value} for item in added.refused
        ],
        "control_points": None
        if placement is None
        else {
            "method": placement.method,
            "residuals_m": [round(float(value), 3) for value in placement.residuals],
            "scale": placement.scale,
        },
    }


def _print(added: "AddedLayer") -> None:
    from parvis.report.messages import fill

    n = sum(added.taken.values())
    listed = ", ".join(f"{count} {kind}" for kind, count in added.taken.items())
    typer.echo(f"Layer {added.layer.order} ({added.layer.name}): {added.n_rows} rows read.")
    typer.echo(f"  Taken: {n} features ({listed}), from {added.crs}, grade B.")
    if added.n_mended:
        typer.echo(f"  {added.n_mended} outlines crossed themselves and were mended.")
    placement = added.placement
    if placement is not None:
        away = ", ".join(f"{value:.2f}" for value in placement.residuals)
        checked = "" if len(placement.residuals) > 3 else "; add points to have them checked"
        typer.echo(
            f"  Placed by {placement.method}, scale {placement.scale:.6g}; "
            f"control points miss by {away} m{checked}."
        )
    if added.refused:
        typer.echo(f"  Not taken: {len(added.refused)} rows.")
    for reason, count in Counter(item.reason for item in added.refused).most_common():
        group = [item for item in added.refused if item.reason == reason]
        values = ", ".join(sorted({item.value for item in group if item.value})[:N_SHOWN])
        rows = ", ".join(str(item.row) for item in group[:N_SHOWN])
        more = ", …" if count > N_SHOWN else ""
        sentence = fill(f"layer_row_{reason}", {"value": values})
        typer.echo(f"    {count} × {sentence} (rows {rows}{more})")
