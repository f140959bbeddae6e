"""
How are delivered files read, in the process with limits.

Runs in `parvis_web.runs.sandbox`: no Django here, plain values in and out.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
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
