"""
The worked examples of the Mapbox Vector Tile Specification 2.1, section 4.3.5 and 4.4.

Source: https://github.com/mapbox/vector-tile-spec, 2.1/README.md. Integers, so no tolerance.
"""

import numpy as np
import pytest
import shapely

from parvis.io.tiles_encoding import encode_layer


def _commands(layer: bytes) -> list[int]:
    """Return the numbers of the only feature's geometry, the last field of the feature."""
    body = layer[2:]
    name_end = 2 + body[1]
    feature = body[name_end + 2 : name_end + 2 + body[name_end + 1]]
    at = 2 if feature[0] == 0x18 else 4 + feature[1]
    assert feature[at] == 0x22
    return list(feature[at + 2 : at + 2 + feature[at + 1]])


@pytest.mark.parametrize(
    ("kind", "shape", "expected"),
    [
        ("point", "POINT (25 17)", [9, 50, 34]),
        ("point", "MULTIPOINT (5 7, 3 2)", [17, 10, 14, 3, 9]),
        ("line", "LINESTRING (2 2, 2 10, 10 10)", [9, 4, 4, 18, 0, 16, 16, 0]),
        (
            "line",
            "MULTILINESTRING ((2 2, 2 10, 10 10), (1 1, 3 5))",
            [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8],
        ),
        ("polygon", "POLYGON ((3 6, 8 12, 20 34, 3 6))", [9, 6, 12, 18, 10, 12, 24, 44, 15]),
        (
            "polygon",
            "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0)),"
            " ((11 11, 20 11, 20 20, 11 20, 11 11), (13 13, 13 17, 17 17, 17 13, 13 13)))",
            [
                9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15,
                9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15,
                9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15,
            ],
        ),
    ],
)  # fmt: skip
def test_geometry_is_written_as_in_the_specification(
    kind: str, shape: str, expected: list[int]
) -> None:
    shapes = np.array([shapely.from_wkt(shape)], dtype=object)
    assert _commands(encode_layer("x", kind, shapes, {})) == expected
