"""How does QGIS show an assessment programme? By the quarter a space is due in, nothing else."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

COLUMN = "due_quarter"
COLOURS = (
    (27, 120, 140),
    (94, 160, 90),
    (201, 164, 60),
    (150, 112, 170),
    (190, 120, 90),
    (90, 120, 170),
    (130, 140, 60),
    (170, 100, 130),
)
"""Colours of one lightness, so that no quarter looks graver than another. [sRGB, 0 to 255]"""

STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""


def quarters_qml(quarters: Sequence[str]) -> str:
    """
    Return the QGIS style that colours polygons by the quarter they are due in.

    Parameters
    ----------
    quarters : sequence of str
        All there are, such as ``"2031 Q2"``.
    """
    listed = sorted(set(quarters))
    categories = "".join(
        f'<category value={quoteattr(quarter)} label={quoteattr(quarter)} symbol="{k}" '
        f'render="true" type="string"/>'
        for k, quarter in enumerate(listed)
    )
    symbols = "".join(_symbol(k, COLOURS[k % len(COLOURS)]) for k in range(len(listed)))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28" styleCategories="Symbology|Labeling">'
        f'<renderer-v2 type="categorizedSymbol" attr="{COLUMN}" enableorderby="0" '
        'forceraster="0" symbollevels="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols>"
        "</renderer-v2>"
        '<labeling type="simple"><settings><text-style fieldName="name" fontSize="8" '
        'fontFamily="Sans" textColor="40,40,40,255" isExpression="0">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>'
        '</text-style><placement placement="1"/></settings></labeling>'
        "</qgis>"
    )


def _symbol(number: int, colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    options = {
        "color": f"{red},{green},{blue},170",
        "outline_color": f"{red * 2 // 3},{green * 2 // 3},{blue * 2 // 3},255",
        "outline_style": "solid",
        "outline_width": "0.4",
        "outline_width_unit": "MM",
        "style": "solid",
    }
    listed = "".join(
        f'<Option name="{name}" type="QString" value="{value}"/>' for name, value in options.items()
    )
    return (
        f'<symbol type="fill" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="SimpleFill" enabled="1" pass="0" locked="0">'
        f'<Option type="Map">{listed}</Option></layer></symbol>'
    )


def add_style(geopackage: Path, layer: str, qml: str, *, description: str, moment: str) -> None:
    """
    Put a style into a GeoPackage, where QGIS takes it when the layer is opened.

    Parameters
    ----------
    geopackage : Path
    layer : str
    qml : str
    description : str
    moment : str
        ISO time, so that equal programmes give equal files.
    """
    store = sqlite3.connect(geopackage)
    try:
        with store:
            (column,) = store.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
            ).fetchone()
            store.execute(STYLES_TABLE)
            store.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
                "last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
                (moment,),
            )
            store.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, "
                "owner, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)",
                (layer, column, "due quarter", qml, description, moment),
            )
    finally:
        store.close()
