"""What other offices send a coordinator: a scan lying on its side, a list with slips, photos."""

import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from openpyxl import Workbook
from PIL import Image, ImageDraw
from pyproj import Transformer

from parvis.city.model import City

PIXELS = 12.0
"""Of the scan, for each metre of ground. [1/m]"""
SKEW = math.radians(3.0)
"""How crookedly the sheet lay on the glass, beside being turned by a right angle."""
CAMERA = "Fictional Camera 12"


@dataclass(frozen=True)
class Scan:
    """A scanned plan: its file, and places that everybody finds on it and on the ground."""

    file: Path
    known: list[tuple[tuple[float, float], tuple[float, float]]]
    """Share of width and height on the sheet; longitude and latitude."""
    outline: list[tuple[float, float]]
    """Corners of the market drawn on it, as longitude and latitude."""
    sheet: list[tuple[float, float]]
    """Where the sheet's own corners lie, clockwise from the first pixel."""


def degrees(city: City, xy: np.ndarray) -> list[tuple[float, float]]:
    """Return places of the city's grid as longitude and latitude."""
    lon, lat = Transformer.from_crs(city.epsg, 4326, always_xy=True).transform(*np.asarray(xy).T)
    return [(float(x), float(y)) for x, y in zip(lon, lat, strict=True)]


def scanned_plan(file: Path, city: City, space: shapely.Geometry) -> Scan:
    """Draw the square and the houses around it as somebody scanned them, sideways and crooked."""
    around = space.buffer(25.0).envelope
    centre = shapely.get_coordinates(around.centroid)[0]
    turn = math.pi / 2 + SKEW
    c, s = math.cos(turn), math.sin(turn)
    spun = (shapely.get_coordinates(around) - centre) @ np.array([[c, -s], [s, c]]).T
    corner = spun.min(axis=0)
    size = (np.ptp(spun, axis=0) * PIXELS).astype(int)

    def on_sheet(xy: np.ndarray) -> np.ndarray:
        moved = (np.asarray(xy) - centre) @ np.array([[c, -s], [s, c]]).T - corner
        return np.column_stack([moved[:, 0], np.ptp(spun[:, 1]) - moved[:, 1]]) * PIXELS

    height, width = np.ptp(spun[:, 1]), np.ptp(spun[:, 0])
    edges = np.array([(0.0, height), (width, height), (width, 0.0), (0.0, 0.0)]) + corner
    on_ground = edges @ np.array([[c, -s], [s, c]]) + centre
    picture = Image.new("L", (int(size[0]), int(size[1])), 236)
    pen = ImageDraw.Draw(picture)
    houses = city.areas.geometry[city.areas.words("kind") == "building"]
    for house in shapely.get_parts(houses[shapely.intersects(houses, around)]):
        xy = on_sheet(shapely.get_coordinates(house.exterior))
        pen.polygon([tuple(each) for each in xy], fill=176, outline=60)
    largest = max(shapely.get_parts(space), key=shapely.area)
    market = shapely.Polygon(largest.exterior).simplify(2.0)
    corners = shapely.get_coordinates(market.exterior)[:-1]
    pen.line([tuple(each) for each in on_sheet(shapely.get_coordinates(market.exterior))], 20, 8)
    picture.save(file, "PDF", resolution=150)
    known = _far_apart(corners)
    shares = on_sheet(known) / np.array(picture.size)
    places = degrees(city, known)
    return Scan(
        file,
        [((float(x), float(y)), place) for (x, y), place in zip(shares, places, strict=True)],
        degrees(city, corners),
        degrees(city, on_ground),
    )


def _far_apart(corners: np.ndarray) -> np.ndarray:
    """Return three corners that span the most ground."""
    n = range(len(corners))
    threes = [(i, j, k) for i in n for j in n for k in n if i < j < k]
    area = [shapely.Polygon(corners[list(each)]).area for each in threes]
    return corners[list(threes[int(np.argmax(area))])]


@dataclass(frozen=True)
class BarrierList:
    """A list of barriers: its file, how many rows are sound, and what is wrong with the others."""

    file: Path
    n_sound: int
    slips: dict[int, str]
    """Row to the words by which its slip is told."""


def barrier_list(file: Path, city: City, space: shapely.Geometry) -> BarrierList:
    """Write a list with title, merged headers, decimal commas, and a slip in every other row."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Poller"
    sheet["A1"] = "Feste Poller und Sperren – Stand Fruehjahr (ungeprueft)"
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["Nr.", "Sperre", None, None, None, "Lage", None, "Bemerkung"])
    sheet.append([None, "Art", "Prüfklasse", "Zustand", "Höhe", "Längengrad", "Breitengrad"])
    sheet.merge_cells("B3:E3")
    sheet.merge_cells("F3:G3")
    x, y = shapely.get_coordinates(space.representative_point())[0]
    places = degrees(city, np.array([(x + 3.0 * each, y) for each in range(5)]))
    texts = [
        (f"{lon:.7f}".replace(".", ","), f"{lat:.7f}".replace(".", ",")) for lon, lat in places
    ]
    rated = "V/7200[N2B]/64/90:1.5"
    rows: list[tuple[list[object], str]] = [
        (["P1", "Poller", rated, "fest", "0,9", *texts[0]], ""),
        (["P2", "poller ", None, None, "1", *texts[1]], ""),
        (["P3", "Betonblock", "ungeprüft", None, None, *texts[2]], ""),
        (["P4", "Poller", "K12 glaube ich", "fest", "0,9", *texts[3]], "K12 glaube ich"),
        (["P5", "Einhorn", None, None, None, *texts[3]], "Einhorn"),
        (["P6", "Poller", None, None, None, None, None, "vor dem Rathaus"], "no coordinates"),
        (["P7", "Poller", None, None, None, *reversed(texts[4])], "outside"),
        (["P8", "Poller", None, None, "kniehoch", *texts[4]], "kniehoch"),
    ]
    for cells, _slip in rows:
        sheet.append(cells)
    book.save(file)
    slips = {row: slip for row, (_cells, slip) in enumerate(rows, start=5) if slip}
    return BarrierList(file, len(rows) - len(slips), slips)


def photo(file: Path, place: tuple[float, float]) -> Path:
    """Take a picture with a phone held upright: stored sideways, with place, camera and time."""
    picture = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    exif = Image.Exif()
    exif[0x0110], exif[0x0112], exif[0x0132] = CAMERA, 6, "2026:05:04 12:00:00"
    lon, lat = place
    exif[0x8825] = {1: "N", 2: (lat, 0.0, 0.0), 3: "E", 4: (lon, 0.0, 0.0)}
    picture.save(file, "JPEG", exif=exif)
    assert CAMERA.encode() in file.read_bytes()
    return file


def records_of(content: bytes) -> dict[int, object]:
    """Return the hidden records of a picture."""
    with Image.open(io.BytesIO(content)) as picture:
        return dict(picture.getexif())


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of a picture."""
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size
