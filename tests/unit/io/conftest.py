"""Writes small extracts as OSM XML: places in metres around one corner, so tests can count."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

LAT, LON = 52.0, 9.0
METRE = 1.0 / 111_320.0

Place = tuple[float, float]
Way = tuple[Sequence[int], Mapping[str, str]]
Relation = tuple[Sequence[tuple[str, int, str]], Mapping[str, str]]


def degrees(x: float, y: float) -> Place:
    """Longitude and latitude of a place `x` metres east and `y` metres north of the corner."""
    return LON + x * METRE / math.cos(math.radians(LAT)), LAT + y * METRE


@pytest.fixture
def write_osm(tmp_path: Path) -> Callable[..., Path]:
    """
    Write an extract.

    `nodes` maps ids to places in metres (and tags as a third item), `ways` ids to references and
    tags, `relations` ids to members and tags.
    """

    def write(
        nodes: Mapping[int, tuple],
        ways: Mapping[int, Way] | None = None,
        relations: Mapping[int, Relation] | None = None,
        *,
        name: str = "extract.osm",
        when: str = "2020-01-02T03:04:05Z",
    ) -> Path:
        def tagged(tags: Mapping[str, str]) -> str:
            return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())

        lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
        for number, (x, y, *tags) in nodes.items():
            lon, lat = degrees(x, y)
            head = f'<node id="{number}" version="1" timestamp="{when}" lat="{lat:.7f}"'
            lines.append(f'{head} lon="{lon:.7f}">{tagged(tags[0] if tags else {})}</node>')
        for number, (references, tags) in (ways or {}).items():
            inside = "".join(f'<nd ref="{reference}"/>' for reference in references)
            lines.append(
                f'<way id="{number}" version="1" timestamp="{when}">{inside}{tagged(tags)}</way>'
            )
        for number, (members, tags) in (relations or {}).items():
            inside = "".join(
                f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members
            )
            head = f'<relation id="{number}" version="1" timestamp="{when}">'
            lines.append(f"{head}{inside}{tagged(tags)}</relation>")
        path = tmp_path / name
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path

    return write
