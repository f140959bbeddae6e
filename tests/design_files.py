"""Writes the files of designs on the hamlet's street, in metres from its corner."""

import numpy as np
import pyogrio
import pytest
import shapely
from hamlet import EAST, EPSG, NORTH, metres

from parvis.errors import InputError

HERE = (EAST, NORTH)


def gpkg(path, crs=f"EPSG:{EPSG}", **layers):
    """Write a GeoPackage with a layer per name; shapes in metres from the hamlet's corner."""
    for name, shapes in layers.items():
        kind = shapes[0].geom_type if shapes else "LineString"
        pyogrio.raw.write(
            path,
            shapely.to_wkb(np.array([None, *map(metres, shapes)], dtype=object)[1:]),
            field_data=[],
            fields=[],
            layer=name,
            driver="GPKG",
            geometry_type=kind,
            crs=crs,
            append=path.exists(),
        )
    return path


def dxf(path, *things):
    """Write a drawing: (layer, places) as polylines, closed where the last place is the first."""
    groups = [(0, "SECTION"), (2, "ENTITIES")]
    for layer, places in things:
        is_closed = len(places) > 1 and places[0] == places[-1]
        groups += [(0, "POLYLINE"), (8, layer), (66, 1), (70, int(is_closed))]
        for x, y in places[:-1] if is_closed else places:
            groups += [(0, "VERTEX"), (8, layer), (10, x), (20, y), (30, 0.0)]
        groups += [(0, "SEQEND"), (8, layer)]
    groups += [(0, "ENDSEC"), (0, "EOF")]
    path.write_text("".join(f"{code:>3}\n{value}\n" for code, value in groups))
    return path


def local(shape, *, scale=1.0, shift=(0.0, 0.0)):
    """Return places of a shape around the corner as a drawing has them."""
    return [((x + shift[0]) * scale, (y + shift[1]) * scale) for x, y in shape.coords]


def refusal(code, call, *args, **options):
    with pytest.raises(InputError) as error:
        call(*args, **options)
    assert error.value.code == code
    return error.value.details
