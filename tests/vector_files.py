"""Writes vector files for tests."""

import numpy as np
import pyogrio
import shapely

POINTS = shapely.points([[8.40, 49.00], [8.41, 49.01]])


def write(path, driver, shapes=POINTS, crs="EPSG:4326", **columns):
    kind = shapes[0].geom_type if len(shapes) else "Point"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.asarray(shapes, dtype=object)),
        [np.asarray(values) for values in columns.values()],
        list(columns),
        driver=driver,
        geometry_type=kind,
        crs=crs,
    )
    return path
