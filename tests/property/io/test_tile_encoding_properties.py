"""What is written into a tile is what GDAL reads from it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tile_reading import ReadLayer, read_tile

from parvis.io.tiles_encoding import EXTENT, encode_layer

units = st.integers(0, EXTENT - 100)
places = st.tuples(units, units)
lines = st.lists(st.lists(places, min_size=2, max_size=6, unique=True), min_size=1, max_size=6)
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


def _read(content: bytes) -> ReadLayer:
    with TemporaryDirectory() as folder:
        return read_tile(content, Path(folder))["x"]


def _upright(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: xy * (1, -1) + (0, EXTENT))


@given(lines, st.data())
def test_lines_and_their_attributes_are_kept(drawn, data) -> None:
    shapes = np.array([shapely.LineString(line) for line in drawn], dtype=object)
    rows = [
        data.draw(st.tuples(names, st.integers(-5, 5), st.booleans(), st.sampled_from([0.5, 6.5])))
        for _ in drawn
    ]
    columns = dict(
        zip(("name", "level", "is_oneway", "width"), zip(*rows, strict=True), strict=True)
    )
    read = _read(encode_layer("x", "line", shapes, columns))
    found = {
        (str(name), int(level), bool(oneway), float(width), part.wkt)
        for shape, name, level, oneway, width in zip(
            read.shapes, *(read.columns[key] for key in columns), strict=True
        )
        for part in shapely.get_parts(shape)
    }
    assert found == {(*row, _upright(line).wkt) for row, line in zip(rows, shapes, strict=True)}


@given(st.lists(st.tuples(units, units, st.integers(3, 90)), min_size=1, max_size=5))
def test_polygons_keep_their_area_and_their_holes(drawn) -> None:
    shapes = np.array(
        [shapely.box(x, y, x + s, y + s).difference(shapely.box(x + 1, y + 1, x + 2, y + 2))
         for x, y, s in drawn],
        dtype=object,
    )  # fmt: skip
    read = _read(encode_layer("x", "polygon", shapes, {}))
    parts = shapely.get_parts(read.shapes)
    assert sorted(part.area for part in parts) == sorted(shapely.area(shapes))


@given(st.lists(st.tuples(units, units, st.floats(0, 0.45)), max_size=5))
def test_what_is_smaller_than_a_unit_is_left_out(drawn) -> None:
    shapes = np.array([shapely.box(x - s, y - s, x + s, y + s) for x, y, s in drawn], dtype=object)
    assert encode_layer("x", "polygon", shapes, {}) == b""
