"""What does a place look like on the map, as a picture: for pages where no map can be drawn."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from pyproj import Transformer

from parvis.city.model import City
from parvis.report.basemap import (
    MM,
    STYLE,
    draw_basemap,
    draw_frame,
    draw_names,
    draw_outline,
    framed_boxes,
    open_canvas,
    picture,
)
from parvis.report.palette import DARK, LIGHT, PRINT, Palette
from parvis.report.wording import Wording

THEMES: Mapping[str, Palette] = MappingProxyType({"light": LIGHT, "dark": DARK, "print": PRINT})

DOTS_PER_INCH = 144.0
"""At which the small print of a map is legible on a screen."""


def map_picture(
    city: City,
    bounds: tuple[float, float, float, float],
    *,
    width: int,
    height: int,
    theme: str = "print",
    outline: Any = None,
    language: str = "en",
) -> bytes:
    """
    Draw the ground of a place without anything that was computed.

    Parameters
    ----------
    city : City
        Drawn without walls, bollards and gates.
    bounds : tuple of float
        West, south, east, north. [deg]; widened to the picture's proportions.
    width, height : int
        [px]
    theme : {"light", "dark", "print"}
    outline : shapely.Geometry, optional
        Longitude and latitude. [deg]
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        PNG; equal inputs give equal bytes.
    """
    transformer = Transformer.from_crs(4326, city.epsg, always_xy=True)
    metres = transformer.transform_bounds(*bounds)
    with mpl.rc_context(STYLE):
        canvas = open_canvas(
            metres,
            width_mm=width / DOTS_PER_INCH / MM,
            height_mm=height / DOTS_PER_INCH / MM,
            palette=THEMES[theme],
        )
        draw_basemap(canvas, city, with_obstacles=False)
        if outline is not None:
            draw_outline(
                canvas,
                shapely.transform(
                    outline, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
                ),
                is_filled=False,
            )
        canvas.taken += framed_boxes(canvas)
        draw_names(canvas, city)
        draw_frame(canvas, Wording(language))
        return picture(canvas.figure, DOTS_PER_INCH)
