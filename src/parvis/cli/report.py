"""``parvis report``: a council paper to publish and an annex to restrict, from one run."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from parvis.cli.approach import keys, progress_line
from parvis.cli.options import Area, CityName, Design, PeopleLine, Space, Threat, Vehicles

app = typer.Typer()

EXAMPLES = """Examples:

parvis report oldtown "Market Square" --out out

parvis report oldtown way/123 --out out --lang fr --recipient "A. Maire" --gpkg out/square.gpkg

parvis report oldtown "Market Square" --out out --closure --emergency-access 3
"""


@app.command(epilog=EXAMPLES)
def report(
    name: CityName,
    space: Space = None,
    out: Annotated[Path, typer.Option(help="Folder the documents are written to.")] = Path(),
    lang: Annotated[str, typer.Option(help="Language of the documents: en or fr.")] = "en",
    area: Area = None,
    vehicles: Vehicles = None,
    threat: Threat = None,
    design: Design = "cautious",
    people_line: PeopleLine = None,
    closure: Annotated[
        bool,
        typer.Option(
            "--closure", help="Plan a closure too: options for the council, schedule in the annex."
        ),
    ] = False,
    emergency_access: Annotated[
        list[int] | None,
        typer.Option(help="Access point that must open for emergency vehicles; with --closure."),
    ] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(help="Who gets a copy of the annex; may be repeated.")
    ] = None,
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
    from parvis.closure.plan import Wishes
    from parvis.io.analyses import analyse_space
    from parvis.io.closures import close_space
    from parvis.report.coordinates import check_crs
    from parvis.report.documents import write_report
    from parvis.report.drawing import write_dxf
    from parvis.report.export import write_json
    from parvis.report.files import check_folder
    from parvis.report.geodata import write_geojson, write_gpkg
    from parvis.report.wording import Wording

    Wording(lang)
    check_folder(out)
    check_crs(crs, for_drawing=dxf is not None)
    city, result = analyse_space(
        name,
        space,
        area_file=area,
        vehicles=keys(vehicles),
        threat=threat,
        design=design,
        people_line=people_line,
        progress=progress_line(),
    )
    plan = None
    if closure:
        plan = close_space(
            name,
            space,
            area_file=area,
            vehicles=keys(vehicles),
            threat=threat,
            design=design,
            people_line=people_line,
            wishes=Wishes(emergency_access=tuple(emergency_access or ())),
            today=datetime.now(UTC).date(),
            progress=progress_line(),
        ).result
    is_terminal = sys.stderr.isatty()

    def show(file: str) -> None:
        if is_terminal:
            typer.echo(f"\rwriting {file}\x1b[K", nl=False, err=True)

    written = write_report(
        result,
        city,
        out,
        language=lang,
        recipients=recipient or (),
        copies=copies,
        closure=plan,
        progress=show,
    )
    data = [
        write_json(result, json_file, lang) if json_file else None,
        write_geojson(result, geojson, lang) if geojson else None,
        write_gpkg(result, gpkg, crs or "wgs84", lang) if gpkg else None,
        write_dxf(result, dxf, crs or "city", lang) if dxf else None,
    ]
    if is_terminal:
        typer.echo("\r\x1b[K", nl=False, err=True)
    typer.echo(f"{written.council_paper}  for the council and the public: open this first")
    for path in written.annexes:
        typer.echo(f"{path}  TLP:AMBER, for its named recipient only")
    for file in data:
        if file is not None:
            typer.echo(f"{file}  TLP:AMBER, for machines")
