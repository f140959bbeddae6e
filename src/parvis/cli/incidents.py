"""``parvis incidents``: where and when incidents are recorded, for how many people."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from parvis.io.incident_table import IncidentFile
    from parvis.io.incident_zones import Zones

app = typer.Typer(
    no_args_is_help=True,
    help="Tell where and when incidents are recorded, and how sure that is.",
    add_completion=False,
)
File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="CSV (also gzipped), XLSX, GeoPackage or GeoJSON."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="What a column means, as MEANING=COLUMN; may be repeated. Meanings: time, until, "
        "time_format, x, y, kind, place, area, count, id.",
    ),
]
Mapping = Annotated[Path | None, typer.Option(help="Saved meanings of columns (YAML).")]
Crs = Annotated[
    str | None, typer.Option(help="Coordinate system of the file, as EPSG:25833; degrees without.")
]
Layer = Annotated[str | None, typer.Option(help="Layer or sheet of the file.")]
ZonesFile = Annotated[
    Path | None, typer.Option("--zones", help="Areas to find incidents in, in any vector format.")
]
ZoneCode = Annotated[str | None, typer.Option(help="Column of the areas' codes.")]
ZoneName = Annotated[str | None, typer.Option(help="Column of the areas' names.")]
People = Annotated[
    Path | None, typer.Option("--population", help="People by area: CSV or XLSX with code, people.")
]
Rate = Annotated[
    float | None, typer.Option(help="Share of incidents that is reported, as 0.45, if known.")
]
Source = Annotated[str, typer.Option(help="Survey and year the reporting rate comes from.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Skip = Annotated[
    bool, typer.Option("--skip-rejected", help="Write although rows are rejected, without them.")
]


@app.callback()
def incidents() -> None:
    """Tell where and when incidents are recorded, and how sure that is."""


@app.command(
    epilog="Examples:\n\n"
    "parvis incidents summarise thefts.csv --zones districts.geojson "
    "--population people.csv --per 1000\n\n"
    "parvis incidents summarise thefts.csv --column kind=offence --preview\n\n"
    "parvis incidents summarise thefts.csv --reporting-rate 0.38 "
    "--reporting-source 'victim survey 2025' --json"
)
def summarise(
    file: File,
    column: Columns = None,
    mapping: Mapping = None,
    crs: Crs = None,
    save_mapping: Annotated[
        Path | None, typer.Option(help="Write the meanings of columns for the next time.")
    ] = None,
    layer: Layer = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only tell what is read and which rows are rejected.")
    ] = False,
    zones: ZonesFile = None,
    zone_code: ZoneCode = None,
    zone_name: ZoneName = None,
    population: People = None,
    population_kind: Annotated[
        str, typer.Option(help="Who is counted as people: resident or ambient.")
    ] = "resident",
    per: Annotated[float, typer.Option(min=1, help="Rates are told per so many people.")] = 1000.0,
    period: Annotated[str, typer.Option(help="year, quarter, month or all.")] = "year",
    codes: Annotated[
        Path | None, typer.Option(help="Local codes to ICCS codes: YAML, police-uk or fr-ssmsi.")
    ] = None,
    reporting_rate: Rate = None,
    reporting_source: Source = "",
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    interval: Annotated[str, typer.Option(help="Of counts: byar or exact.")] = "byar",
    out: Annotated[Path | None, typer.Option(help="Write counts and rates to a CSV file.")] = None,
    skip_rejected: Skip = False,
    as_json: AsJson = False,
) -> None:
    """Count incidents by period, kind, kind of place and area, with rates and intervals."""
    from parvis.cli import incidents_text as text
    from parvis.incidents.errors import IncidentOptionError
    from parvis.incidents.reporting import Reporting
    from parvis.io.incident_mapping import read_codes, write_mapping
    from parvis.io.incident_request import SummaryRequest, check_writable, summarise
    from parvis.io.incident_writing import write_counts
    from parvis.io.incident_zones import read_populations

    for what, value, accepted in (
        ("--population-kind", population_kind, ("resident", "ambient")),
        ("--interval", interval, ("byar", "exact")),
    ):
        if value not in accepted:
            listed = ", ".join(accepted)
            raise IncidentOptionError(what=what, value=value, accepted=listed)
    reporting = Reporting(reporting_rate, reporting_source)
    read = _read(file, column, mapping, crs, layer)
    if save_mapping is not None:
        write_mapping(save_mapping, read.mapping)
    if preview:
        _say(text.preview_document(read), text.preview_lines, as_json)
        return
    request = SummaryRequest(
        zones=_zones(read, zones, zone_code, zone_name),
        populations=None if population is None else read_populations(population),
        population=population_kind,  # type: ignore[arg-type]
        multiplier=per,
        period=period,  # type: ignore[arg-type]
        codes=None if codes is None else read_codes(codes),
        reporting=reporting,
        level=level,
        interval=interval,  # type: ignore[arg-type]
    )
    found = summarise(read, request)
    if out is not None:
        check_writable(read, is_skipped=skip_rejected)
        write_counts(out, found)
    _say(text.summary_document(found), text.summary_lines, as_json)


@app.command(
    epilog="Examples:\n\n"
    "parvis incidents hotspots thefts.csv --cell 200 --bandwidth 400 --out cells.geojson\n\n"
    "parvis incidents hotspots thefts.csv --zones districts.geojson --population people.csv "
    "--json\n\n"
    "parvis incidents hotspots burglaries.csv --repeats --permutations 999 --seed 7"
)
def hotspots(
    file: File,
    column: Columns = None,
    mapping: Mapping = None,
    crs: Crs = None,
    layer: Layer = None,
    zones: ZonesFile = None,
    zone_code: ZoneCode = None,
    zone_name: ZoneName = None,
    population: People = None,
    cell: Annotated[float, typer.Option(min=10, help="Side of a cell, in metres.")] = 250.0,
    reach: Annotated[
        int, typer.Option(min=1, max=20, help="Cells around a cell that are its neighbours.")
    ] = 1,
    bandwidth: Annotated[
        float | None, typer.Option(min=1, help="Also smooth over so many metres.")
    ] = None,
    false_discoveries: Annotated[
        float, typer.Option(help="Share of false discoveries to accept.")
    ] = 0.05,
    control: Annotated[
        str, typer.Option(help="Control of false discoveries: by, bh or none.")
    ] = "by",
    repeats: Annotated[
        bool, typer.Option("--repeats", help="Also count pairs near in space and time.")
    ] = False,
    permutations: Annotated[
        int, typer.Option(min=99, max=99_999, help="How often dates are dealt out anew.")
    ] = 999,
    seed: Annotated[int, typer.Option(min=0, help="Of the permutations.")] = 1,
    reporting_rate: Rate = None,
    reporting_source: Source = "",
    out: Annotated[
        Path | None, typer.Option(help="Write the cells that stand out to a GeoJSON file.")
    ] = None,
    skip_rejected: Skip = False,
    as_json: AsJson = False,
) -> None:
    """Tell around which cells or areas more is recorded than chance would put there."""
    from parvis.cli import incidents_text as text
    from parvis.incidents.errors import IncidentOptionError
    from parvis.incidents.reporting import Reporting
    from parvis.io.incident_request import HotSpotRequest, check_writable, find_hot_spots
    from parvis.io.incident_writing import write_cells
    from parvis.io.incident_zones import read_populations

    reporting = Reporting(reporting_rate, reporting_source)
    if out is not None and zones is not None:
        accepted = "a grid: leave out --zones"
        raise IncidentOptionError(what="--out", value=out.name, accepted=accepted)
    read = _read(file, column, mapping, crs, layer)
    request = HotSpotRequest(
        zones=_zones(read, zones, zone_code, zone_name),
        populations=None if population is None else read_populations(population),
        cell=cell,
        reach=reach,
        bandwidth=bandwidth,
        rate=false_discoveries,
        control=control,  # type: ignore[arg-type]
        repeats=repeats,
        permutations=permutations,
        seed=seed,
        reporting=reporting,
    )
    found = find_hot_spots(read, request)
    if out is not None:
        check_writable(read, is_skipped=skip_rejected)
        write_cells(out, found)
    _say(text.hotspot_document(found), text.hotspot_lines, as_json)


def _read(
    file: Path,
    column: Sequence[str] | None,
    mapping: Path | None,
    crs: str | None,
    layer: str | None,
) -> "IncidentFile":
    from parvis.io.incident_mapping import changed_mapping, read_mapping
    from parvis.io.incident_table import read_incidents

    saved = None if mapping is None else read_mapping(mapping)
    said = [*(column or ()), *([f"crs={crs}"] if crs else [])]
    return read_incidents(file, saved, layer=layer, change=lambda used: changed_mapping(used, said))


def _zones(
    read: "IncidentFile", path: Path | None, code: str | None, name: str | None
) -> "Zones | None":
    from parvis.incidents.errors import IncidentDataError
    from parvis.io.incident_zones import read_zones

    if path is None:
        return None
    if not read.incidents.epsg:
        raise IncidentDataError(file=read.file, what="coordinates, to be found in areas")
    return read_zones(path, read.incidents.epsg, code=code, name=name)


def _say(
    document: dict[str, Any], lines: Callable[[dict[str, Any]], list[str]], as_json: bool
) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in lines(document):
        typer.echo(line)
