"""
How are delivered files read, in the process with limits.

Runs in `parvis_web.runs.sandbox`: no Django here, plain values in and out.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.errors import ParvisError
from parvis_web.cities.reading import check_unpacked

if TYPE_CHECKING:
    from parvis.indicators.values import Observation

SAMPLE = 5
REJECTED = "rejected.jsonl"
MOST_AREAS = 2000
MOST_KINDS = 100
MOST_INVENTORIES = 400
MOST_WORDS, LONGEST_WORD = 40, 120


def read_delivery(
    path: Path,
    *,
    mapping: Mapping[str, Any] | None,
    received: str,
    home: Path,
    target: Path,
) -> dict[str, Any]:
    """
    Read a table of values as far as it goes; lay what can be used ready below `target`.

    Without a mapping one is guessed. What is wrong with the file as a whole comes back as
    ``problem``, beside the names of its columns.
    """
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observation_guess import guessed_columns
    from parvis.io.observation_import import preview
    from parvis.io.observation_mapping import ColumnMapping
    from parvis.io.observation_tables import read_table

    columns = mapping_of(mapping or {})
    catalogue = catalogue_of(home)
    header, rows = read_table(path, delimiter=columns.delimiter, sheet=columns.sheet)
    if mapping is None:
        cells = [row for _, row in rows]
        columns = ColumnMapping(columns=guessed_columns(header, cells, catalogue.indicators))
    found: dict[str, Any] = {
        "header": header,
        "sample": [row for _, row in rows[:SAMPLE]],
        "n_rows": len(rows),
        "mapping": columns.to_json() | {"areas": list(columns.areas)},
    }
    del rows
    try:
        seen = preview(path, columns, catalogue, received=date.fromisoformat(received))
    except ParvisError as error:
        return found | {"problem": {"code": error.code, "details": plain(error.details)}}
    rejected = [(each.code, dict(each.details)) for each in seen.rejected]
    return found | lay_ready(
        seen.accepted,
        rejected,
        received=received,
        file=path.name,
        sha256=seen.sha256,
        mapping=columns.to_json(),
        target=target,
    )


def lay_ready(
    accepted: "Sequence[Observation]",
    rejected: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    received: str,
    target: Path,
    file: str = "",
    sha256: str = "",
    mapping: dict[str, Any] | None = None,
    survey: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write values and refused rows below `target` and return what they are, summed up."""
    from parvis.indicators.values import observations_of, period_days
    from parvis.io.observations import save_delivery

    target.mkdir(parents=True, exist_ok=True)
    with (target / REJECTED).open("w", encoding="utf-8") as stream:
        for code, details in rejected:
            stream.write(json.dumps({"code": code, "details": plain(details)}) + "\n")
    if accepted:
        save_delivery(
            observations_of(accepted),
            received=date.fromisoformat(received),
            file=file,
            sha256=sha256,
            mapping=mapping,
            survey=survey,
            home=target,
        )
    areas = sorted({each.area for each in accepted})
    periods = sorted({each.period for each in accepted}, key=lambda each: period_days(each) or ())
    return {
        "n_accepted": len(accepted),
        "n_rejected": len(rejected),
        "indicators": dict(sorted(Counter(each.indicator for each in accepted).items())),
        "n_areas": len(areas),
        "areas": areas[:MOST_AREAS],
        "periods": [periods[0], periods[-1]] if periods else [],
        "n_splits": len({each.split for each in accepted} - {""}),
    }


def mapping_of(said: Mapping[str, Any]) -> Any:
    """Return a mapping of columns from plain data."""
    from parvis.io.observation_mapping import ColumnMapping

    return ColumnMapping(**{**said, "areas": tuple(said.get("areas", ()))})


def plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return details of an error as JSON can hold them."""
    return {
        name: value if value is None or isinstance(value, str | int | float | bool) else str(value)
        for name, value in details.items()
    }


def read_areas(path: Path, *, code: str, name: str, most_unpacked: int) -> dict[str, Any]:
    """Return codes, names and outlines of a file's areas, the outlines in WGS 84 as GeoJSON."""
    import numpy as np
    import shapely

    from parvis.io.incident_zones import read_zones

    if path.suffix == ".zip":
        check_unpacked(path, most_unpacked)
    zones = read_zones(path, 4326, code=code or None, name=name or None)
    features = []
    for at, outline in enumerate(zones.geometry):
        west, south, east, north = shapely.bounds(outline)
        is_there = np.isfinite([west, south, east, north]).all()
        fine = shapely.set_precision(outline, 1e-7) if is_there else None
        features.append(
            {
                "type": "Feature",
                "properties": {"code": zones.codes[at], "name": zones.names[at]},
                "geometry": None if fine is None else json.loads(shapely.to_geojson(fine)),
            }
        )
    document = {"type": "FeatureCollection", "features": features}
    return {
        "codes": list(zones.codes),
        "names": list(zones.names),
        "content": json.dumps(document, ensure_ascii=False, allow_nan=False).encode(),
        "n_mended": zones.n_mended,
    }


def look_at_incidents(path: Path, *, crs: str) -> dict[str, Any]:
    """Return which columns a file of incidents has, what they seem to mean, and what it covers."""
    from dataclasses import asdict

    import numpy as np

    from parvis.io.incident_cells import read_cells
    from parvis.io.incident_mapping import changed_mapping, guess_mapping
    from parvis.io.incident_table import read_incidents

    columns = list(read_cells(path).columns)
    said = [f"crs={crs}"] if crs else []
    found: dict[str, Any] = {"columns": columns, "mapping": asdict(guess_mapping(columns))}
    try:
        read = read_incidents(path, change=lambda each: changed_mapping(each, said))
    except ParvisError as error:
        return found | {"problem": {"code": error.code, "details": plain(error.details)}}
    start = read.incidents.start[~np.isnat(read.incidents.start)]
    kinds = read.incidents.kind
    named: dict[str, int] = {}
    if kinds is not None:
        counts = np.bincount(kinds.codes[kinds.codes >= 0], minlength=len(kinds.names))
        named = dict(zip(kinds.names, counts.tolist(), strict=True))
    months = (
        [str(each.astype("datetime64[M]")) for each in np.sort(start)[[0, -1]]]
        if len(start)
        else []
    )
    return found | {
        "mapping": asdict(read.mapping),
        "n": read.incidents.n(),
        "n_rejected": len(read.rejected),
        "n_without_place": read.incidents.n_without_place,
        "n_without_time": read.n_without_time,
        "precision": str(read.incidents.precision),
        "kinds": dict(sorted(named.items(), key=lambda pair: -pair[1])[:MOST_KINDS]),
        "n_kinds": len(named),
        "months": months,
    }


def count_incidents(
    path: Path,
    *,
    mapping: Mapping[str, str],
    areas: Path | None,
    indicators: Mapping[str, str],
    period: str,
    covered: tuple[str, str],
    city: str,
    only_inside: bool,
    source: str,
    received: str,
    home: Path,
    stores: Sequence[str],
    people: Path | None,
    target: Path,
) -> dict[str, Any]:
    """Count the incidents of a file as values of indicators and lay them ready below `target`."""
    from parvis.incidents.observed import CountRequest, count_as_indicators
    from parvis.io.incident_mapping import ColumnMapping
    from parvis.io.incident_table import read_incidents
    from parvis.io.incident_zones import areas_of, read_zones
    from parvis.io.indicator_files import catalogue_of

    read = read_incidents(path, ColumnMapping(**mapping))
    labels = read.incidents.area
    codes = [] if labels is None else list(labels.names)
    if areas is not None:
        zones = read_zones(areas, read.incidents.epsg or 4326, code="code", name="name")
        labels, codes = areas_of(read.incidents, zones), list(zones.codes)
    known = catalogue_of(home).indicators
    found = count_as_indicators(
        read.incidents,
        labels,
        _people(home, stores, people, received, city),
        CountRequest(
            indicators={kind: known[code] for kind, code in indicators.items() if code in known},
            period=period,  # type: ignore[arg-type]
            covered=(date.fromisoformat(covered[0]), date.fromisoformat(covered[1])),
            city=city,
            codes=codes,
            only_inside=only_inside,
            source=source,
        ),
    )
    rejected: list[tuple[str, Mapping[str, Any]]] = [
        ("incident_row", {"row": each.row, "column": each.column, "accepted": each.accepted})
        for each in read.rejected
    ]
    rejected += [(each.code, each.details) for each in found.missed]
    ready = lay_ready(found.observations, rejected, received=received, target=target)
    return ready | {
        "counted": {
            name: getattr(found, name)
            for name in ("n_counted", "n_without_time", "n_without_place", "n_outside",
                         "n_left_out", "n_few")
        }
    }  # fmt: skip


def _people(home: Path, stores: Sequence[str], table: Path | None, received: str, city: str) -> Any:
    """
    Return among how many people is counted: as delivered, or as a table of today says.

    Where the table does not tell the whole city, its areas are taken to make it up.
    """
    from parvis.indicators.values import Observation, observations_of
    from parvis.indicators.vintages import overlaid
    from parvis.io.incident_zones import read_populations
    from parvis.io.observations import joined_deliveries

    known = joined_deliveries(stores, home=home)
    if table is None:
        return known
    told = dict(read_populations(table))
    told.setdefault(city, sum(told.values()))
    rows = [
        Observation("BCK-01", received[:4], area, float(n), "persons", "complete")
        for area, n in told.items()
    ]
    return overlaid(known, observations_of(rows))


def look_at_survey(path: Path, *, is_submissions: bool) -> dict[str, Any]:
    """Return which columns the answers of a survey have, and a map of its questions to fill in."""
    from parvis.io.survey_map import draft_survey_map
    from parvis.packs.questions import question_module

    try:
        table = _answers(path, is_submissions=is_submissions)
        draft = draft_survey_map(table, question_module())
    except ParvisError as error:
        return {"problem": {"code": error.code, "details": plain(error.details)}}
    return {
        "columns": list(table.columns),
        "n": len(table.rows),
        "map": draft,
        "words": _coded(table),
    }


def _coded(table: Any) -> dict[str, list[str]]:
    """Return the words of each column that holds codes; texts and numbers are none."""
    found = {}
    for name in table.columns:
        counts = Counter(word for word in table.labels(name).tolist() if word)
        is_coded = len(counts) <= min(MOST_WORDS, max(sum(counts.values()) // 2, 2))
        if counts and is_coded and max(map(len, counts)) <= LONGEST_WORD:
            found[name] = sorted(counts)
    return found


def estimate_survey(
    path: Path,
    *,
    is_submissions: bool,
    mapping: Mapping[str, Any],
    received: str,
    home: Path,
    target: Path,
) -> dict[str, Any]:
    """Estimate the indicators that answers give and lay them ready, with their covariance."""
    from parvis.indicators.surveyed import document_of
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.survey_indicators import preview_survey
    from parvis.io.survey_map import survey_map_of
    from parvis.packs.questions import question_module

    seen = preview_survey(
        path,
        survey_map_of(dict(mapping), question_module(), file=path.name),
        catalogue_of(home),
        received=date.fromisoformat(received),
        table=_answers(path, is_submissions=True) if is_submissions else None,
    )
    rejected = [(each.code, _masked(each.code, each.details)) for each in seen.rejected]
    found = seen.found
    ready = lay_ready(
        list(found.observations) if found else [],
        rejected,
        received=received,
        target=target,
        survey=document_of(found) if found else None,
    )
    return ready | {
        "answered": {"n_rows": seen.n_rows, "not_asked": list(found.not_asked) if found else []}
    }


def _masked(code: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a refused row; of what stands there, only what a map has to name."""
    is_shown = code in _TO_BE_MAPPED or not isinstance(details.get("value"), str)
    return dict(details) if is_shown else {**details, "value": "…"}


_TO_BE_MAPPED = frozenset({"survey_row_answer", "survey_row_group", "survey_row_area"})


def _answers(path: Path, *, is_submissions: bool) -> Any:
    from parvis.io.survey_submissions import read_survey_submissions
    from parvis.io.survey_table import read_survey
    from parvis.packs.questions import question_module

    if is_submissions:
        return read_survey_submissions(path, question_module())
    return read_survey(path)


def compare_published(
    path: Path,
    *,
    mapping: Mapping[str, Any] | None,
    stores: Sequence[str],
    home: Path,
    weights: Path | None = None,
) -> dict[str, Any]:
    """Return published figures beside ours, with what would explain each difference."""
    from parvis.indicators.reconcile import Evidence, reconciled
    from parvis.indicators.values import observations_of
    from parvis.io.area_versions import read_conversion
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observation_guess import guessed_columns
    from parvis.io.observation_import import preview
    from parvis.io.observation_mapping import ColumnMapping
    from parvis.io.observation_tables import read_table
    from parvis.io.observations import joined_deliveries, load_delivery

    catalogue = catalogue_of(home)
    columns = mapping_of(mapping or {})
    if mapping is None:
        header, rows = read_table(path)
        cells = [row for _, row in rows]
        columns = ColumnMapping(columns=guessed_columns(header, cells, catalogue.indicators))
    seen = preview(path, columns, catalogue, received=date.max)
    found = reconciled(
        observations_of(seen.accepted),
        joined_deliveries(stores, home=home),
        catalogue.indicators,
        Evidence(
            earlier=[(name, load_delivery(name, home=home)) for name in stores[:-1]],
            conversions=[read_conversion(weights)] if weights is not None else [],
        ),
    )
    return {
        "n_rejected": len(seen.rejected),
        "counts": {str(cause): n for cause, n in found.counts.items()},
        "rows": [
            {
                "indicator": row.published.indicator,
                "area": row.published.area,
                "period": row.published.period,
                "split": row.published.split,
                "published": row.published.value,
                "ours": None if row.ours is None else row.ours.value,
                "unit": row.published.unit,
                "difference": row.difference,
                "cause": str(row.cause),
                "notes": [
                    {"code": each.note.code, "details": plain(each.note.details)}
                    for each in row.tried
                    if each.fits
                ],
            }
            for row in sorted(found.rows, key=lambda row: str(row.cause) == "same")
        ],
    }


def compute_city(
    path: Path,
    *,
    city: str,
    areas: Path | None,
    period: str,
    whole: str,
    received: str,
    home: Path,
    target: Path,
) -> dict[str, Any]:
    """Compute indicators from a city's map and a file of people, and lay them ready."""
    from parvis.io.city_measures import CityRequest, preview_city

    asked = CityRequest(city=city, population=path, areas=areas, whole=whole, period=period)
    asked = replace(asked, area_code="code") if areas is not None else asked
    found = preview_city(asked, home=home)
    measures = found.measures
    ready = lay_ready(measures.observations, [], received=received, target=target)
    return ready | {
        "notices": [
            {"code": note.code, "details": plain(note.details)} for note in measures.notices
        ],
        "inventories": [each.to_json() for each in measures.inventories[:MOST_INVENTORIES]],
    }
