"""What stands on the map of a machine? Protected area, access points, perimeter, survey list."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError, FeatureError

from parvis.approach.results import AccessPoint, ApproachResult, PerimeterProfile
from parvis.report.coordinates import Projection
from parvis.report.export import geojson_geometry, protected_area, result_document
from parvis.report.files import OutputNotWritableError, write_bytes, written_whole
from parvis.report.layout_data import EPOCH
from parvis.report.speech import spoken_speed

METRE = 1.0
"""Step of the perimeter profile; two of its places further apart are not one stretch. [m]"""


@dataclass(frozen=True)
class Layer:
    """
    Features of one sort, in the city's CRS.

    Attributes
    ----------
    name : str
    geometry_type : str
        In the words of OGR.
    geometries : tuple of shapely.Geometry
    rows : tuple of dict
        Attributes, the same keys in every row; keys carry units.
    """

    name: str
    geometry_type: str
    geometries: tuple[shapely.Geometry, ...]
    rows: tuple[dict[str, Any], ...]


def layers(result: ApproachResult, language: str = "en") -> tuple[Layer, ...]:
    """
    Return the result as map layers in the city's CRS.

    Every geometry lies on the outline of the protected area, but for the places to measure.
    """
    document = result_document(result, language)
    common = {
        "space_id": document["space"]["id"],
        "marking": document["marking"],
        "meaning": document["meaning"],
    }
    area = protected_area(result)
    space = document["space"] | {"grade": document["grade"], "summary": document["summary"]}
    space = {"name": space.pop("name"), "kind": space.pop("kind")} | space | common
    space.pop("id")
    runs = [run for profile in result.profiles for run in perimeter_runs(profile)]
    return (
        Layer("protected_area", "MultiPolygon", (_multi(area),), (space,)),
        Layer(
            "access_points",
            "LineString",
            tuple(_stretch(point) for point in result.access_points),
            tuple(_access_point_row(entry) | common for entry in document["access_points"]),
        ),
        Layer(
            "perimeter",
            "LineString",
            tuple(line for line, _ in runs),
            tuple(row | common for _, row in runs),
        ),
        Layer(
            "survey_list",
            "Point",
            tuple(shapely.Point(entry.x, entry.y) for entry in result.inputs),
            tuple(
                _survey_row(number, entry) | common
                for number, entry in enumerate(document["inputs_to_measure"], start=1)
            ),
        ),
    )


def perimeter_runs(
    profile: PerimeterProfile,
) -> Iterator[tuple[shapely.LineString, dict[str, Any]]]:
    """
    Yield stretches of the boundary over which the speeds, as a person is told them, stay equal.

    Parameters
    ----------
    profile : PerimeterProfile

    Yields
    ------
    tuple of (LineString, dict)
        The stretch in the city's CRS, and vehicle, speeds [km/h, rounded up to 5] and length [m].
        Metres that no vehicle of the class reaches are left out.
    """
    typical = [spoken_speed(v) if math.isfinite(v) else None for v in profile.typical]
    limit = [spoken_speed(v) if math.isfinite(v) else None for v in profile.limit]
    places = np.column_stack([profile.x, profile.y])
    start = 0
    for end in range(1, len(limit) + 1):
        if end < len(limit) and _goes_on(profile, places, typical, limit, end):
            continue
        if limit[start] is not None or typical[start] is not None:
            line = _run_line(places[start:end])
            yield (
                line,
                {
                    "vehicle": profile.vehicle,
                    "typical_kmh": typical[start],
                    "limit_kmh": limit[start],
                    "length_m": float(end - start) * METRE,
                },
            )
        start = end


def _goes_on(
    profile: PerimeterProfile,
    places: NDArray[np.float64],
    typical: list[int | None],
    limit: list[int | None],
    row: int,
) -> bool:
    return bool(
        typical[row] == typical[row - 1]
        and limit[row] == limit[row - 1]
        and profile.ring[row] == profile.ring[row - 1]
        and np.hypot(*(places[row] - places[row - 1])) < 2 * METRE
    )


def _run_line(places: NDArray[np.float64]) -> shapely.LineString:
    if len(places) == 1:
        return shapely.LineString([places[0], places[0]])
    return shapely.LineString(places)


def write_geojson(result: ApproachResult, path: Path, language: str = "en") -> Path:
    """Write all layers as one GeoJSON feature collection in WGS 84, as RFC 7946 demands."""
    document = result_document(result, language)
    head = {key: document[key] for key in ("marking", "meaning", "summary")}
    return write_features(layers(result, language), head, path, Projection(result.epsg, "wgs84"))


def write_features(
    features: Iterable[Layer], head: Mapping[str, Any], path: Path, projection: Projection
) -> Path:
    """
    Write layers as one feature collection, whole or not at all.

    Parameters
    ----------
    features : iterable of Layer
    head : mapping
        What stands beside the features.
    path : Path
    projection : Projection
        To WGS 84.
    """
    collection = (
        {"type": "FeatureCollection"}
        | dict(head)
        | {
            "features": [
                {
                    "type": "Feature",
                    "geometry": geojson_geometry(projection.geometry(geometry)),
                    "properties": {"layer": layer.name} | row,
                }
                for layer in features
                for geometry, row in zip(layer.geometries, layer.rows, strict=True)
            ]
        }
    )
    text = json.dumps(collection, ensure_ascii=False, indent=1, allow_nan=False)
    return write_bytes(path, (text + "\n").encode())


def write_gpkg(
    result: ApproachResult, path: Path, crs: str | int = "wgs84", language: str = "en"
) -> Path:
    """
    Write a GeoPackage with the layers protected_area, access_points, perimeter and survey_list.

    Parameters
    ----------
    result : ApproachResult
    path : Path
    crs : str or int
        ``"wgs84"``, ``"city"`` or an EPSG number such as that of the national grid.
    language : {"en", "fr", "pl"}

    Returns
    -------
    Path
    """
    tables = [(layer, _columns(layer)) for layer in layers(result, language)]
    return write_package(tables, path, Projection(result.epsg, crs), result.provenance)


def write_package(
    tables: Sequence[tuple[Layer, Mapping[str, NDArray[Any]]]],
    path: Path,
    projection: Projection,
    provenance: Mapping[str, Any],
) -> Path:
    """
    Write layers as a GeoPackage, whole or not at all; equal runs give equal files.

    Parameters
    ----------
    tables : sequence of (Layer, mapping of str to ndarray)
        Each layer with its columns, as many values as geometries.
    path : Path
    projection : Projection
    provenance : mapping
        Its time becomes that of the file.

    Raises
    ------
    OutputNotWritableError
        If the file cannot be written.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _moment(provenance)})
    try:
        with written_whole(path) as draft:
            for layer, columns in tables:
                _write_layer(draft, layer, columns, projection)
    except (DataSourceError, FeatureError) as error:
        raise OutputNotWritableError(path=str(path), reason=str(error)) from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return path


def _moment(provenance: Mapping[str, Any]) -> str:
    """Return the time of the run as GeoPackage writes it."""
    moment = datetime.fromisoformat(str(provenance.get("created", EPOCH)))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _write_layer(
    path: Path, layer: Layer, columns: Mapping[str, NDArray[Any]], projection: Projection
) -> None:
    shapes = [projection.geometry(geometry) for geometry in layer.geometries]
    pyogrio.raw.write(
        str(path),
        np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        field_data=list(columns.values()),
        fields=list(columns),
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry_type,
        crs=f"EPSG:{projection.epsg}",
        append=path.exists(),
    )


TEXT_COLUMNS = {
    "fastest_vehicle",
    "name",
    "kind",
    "grade",
    "summary",
    "space_id",
    "marking",
    "meaning",
    "street",
    "vehicle",
    "clear_width_grade",
    "required_rating",
    "rating_reason",
    "reasons",
    "existing",
    "existing_kinds",
    "binding_street",
    "turn_street",
    "key",
    "what",
    "label",
    "access_points",
}
WHOLE_COLUMNS = {"id", "number"}
EMPTY_COLUMNS = {
    "access_points": (
        "id",
        "street",
        "vehicle",
        "clear_width_m",
        "clear_width_grade",
        "said_speed_kmh",
        "fastest_vehicle",
        "fastest_said_speed_kmh",
        "typical_kmh",
        "cautious_kmh",
        "limit_kmh",
        "energy_kj",
        "angle_deg",
        "required_rating",
        "rating_reason",
        "penetration_limit_m",
        "grade",
        "reasons",
        "existing",
        "existing_kinds",
        "stand_off_m",
        "run_up_m",
        "binding_street",
        "turn_radius_m",
        "turn_street",
        "space_id",
        "marking",
        "meaning",
    ),
    "perimeter": (
        "vehicle",
        "typical_kmh",
        "limit_kmh",
        "length_m",
        "space_id",
        "marking",
        "meaning",
    ),
    "survey_list": (
        "number",
        "key",
        "what",
        "label",
        "value_m",
        "sigma_m",
        "grade",
        "access_points",
        "space_id",
        "marking",
        "meaning",
    ),
}


def _columns(layer: Layer) -> dict[str, NDArray[Any]]:
    names = tuple(layer.rows[0]) if layer.rows else EMPTY_COLUMNS[layer.name]
    return {name: _column(name, [row[name] for row in layer.rows]) for name in names}


def _column(name: str, values: list[Any]) -> NDArray[Any]:
    if name in TEXT_COLUMNS:
        return np.array(values, dtype=object)
    if name in WHOLE_COLUMNS:
        return np.array(values, dtype=np.int64)
    numbers = [math.nan if value is None else float(value) for value in values]
    return np.array(numbers, dtype=np.float64)


def _access_point_row(entry: dict[str, Any]) -> dict[str, Any]:
    binding = entry["binding"] or {}
    speed = entry["speed_kmh"]
    return {
        "id": entry["id"],
        "street": entry["street"],
        "vehicle": entry["vehicle"],
        "clear_width_m": entry["clear_width_m"],
        "clear_width_grade": entry["clear_width_grade"],
        "said_speed_kmh": entry["said_speed_kmh"],
        "fastest_vehicle": entry["fastest_vehicle"],
        "fastest_said_speed_kmh": entry["fastest_said_speed_kmh"],
        "typical_kmh": speed["typical"],
        "cautious_kmh": speed["cautious"],
        "limit_kmh": speed["limit"],
        "energy_kj": entry["energy_kj"],
        "angle_deg": entry["angle_deg"],
        "required_rating": entry["required_rating"],
        "rating_reason": entry["rating_reason"],
        "penetration_limit_m": entry["penetration_limit_m"],
        "grade": entry["grade"],
        "reasons": "; ".join(entry["reasons"]),
        "existing": entry["existing"],
        "existing_kinds": ", ".join(entry["existing_kinds"]),
        "stand_off_m": entry["stand_off_m"],
        "run_up_m": binding.get("run_up_m"),
        "binding_street": binding.get("street", ""),
        "turn_radius_m": binding.get("turn_radius_m"),
        "turn_street": binding.get("turn_street", ""),
    }


def _survey_row(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": number,
        "key": entry["key"],
        "what": entry["what"],
        "label": entry["label"],
        "value_m": entry["value_m"],
        "sigma_m": entry["sigma_m"],
        "grade": entry["grade"],
        "access_points": ", ".join(str(number) for number in entry["access_points"]),
    }


def _stretch(point: AccessPoint) -> shapely.LineString:
    return _run_line(np.asarray(point.geometry, dtype=np.float64))


def _multi(area: Any) -> Any:
    return area if area.geom_type == "MultiPolygon" else shapely.multipolygons([area])
