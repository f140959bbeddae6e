"""
How is a layout taken from the files of an event, in the process with limits.

No Django here: paths in, plain values out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def take_layout(
    store: str,
    name: str,
    *,
    space: str,
    files: Mapping[str, Path],
    crs: str | None,
    time_zone: str,
    home: Path,
) -> dict[str, Any]:
    """
    Read drawing and schedule of an event and keep the layout: all of it or nothing.

    Parameters
    ----------
    store, name : str
        City and layout.
    space : str
        Id of the public space in the city's data.
    files : mapping of str to Path
        ``geometry``, ``schedule`` and, where given, ``control_points``, ``barriers``.
    crs, time_zone, home
        As of `parvis.io.layouts.add_layout`.
    """
    from parvis.io.layouts import add_layout

    added = add_layout(
        store,
        name,
        space=space,
        geometry=files["geometry"],
        schedule=files["schedule"],
        control_points=files.get("control_points"),
        barriers=files.get("barriers"),
        crs=crs,
        time_zone=time_zone,
        home=home,
    )
    return {
        "hash": added.layout.hash,
        "not_used": {str(layer): int(count) for layer, count in added.not_used.items()},
        "crs": added.crs,
        "misses": [float(miss) for miss in added.residuals],
    }
