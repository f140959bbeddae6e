"""Makes the dirty inputs of a Christmas market: no CRS, merged headers, addresses."""

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from openpyxl import Workbook
from pyproj import Transformer

from parvis.city.model import City
from parvis.events.mouths import find_mouths

TURN = math.radians(12.0)
"""The draughtsman turned the sheet by this much."""
RATING = "V/7200[N2B]/96/90:3.0"


@dataclass(frozen=True)
class MarketInputs:
    """Files of a market: what a coordinator gets from other offices."""

    drawing: Path
    control_points: Path
    schedule: Path
    barrier_list: Path
    stock: Path


def make_market_inputs(folder: Path, city: City, space: shapely.Geometry) -> MarketInputs:
    """Write the files of a market on `space` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    things = _things(city, space)
    origin = shapely.get_coordinates(space.centroid)[0] - 60.0
    drawing = folder / "Weihnachtsmarkt_V3_final.dxf"
    drawing.write_text(_dxf(things, origin), encoding="ascii")
    points = folder / "passpunkte.csv"
    points.write_text(_control_points(city, space, origin), encoding="utf-8")
    schedule = folder / "Ablauf Weihnachtsmarkt.xlsx"
    _schedule(things).save(schedule)
    barriers, stock = folder / "sperren.xlsx", folder / "lager.xlsx"
    _barrier_list(city, space).save(barriers)
    _stock().save(stock)
    return MarketInputs(drawing, points, schedule, barriers, stock)


@dataclass(frozen=True)
class _Thing:
    layer: str
    id: str
    shape: shapely.Geometry


def _things(city: City, space: shapely.Geometry) -> list[_Thing]:
    """Blocks across every mouth with gates in the two widest, stalls and the rest inside."""
    mouths = sorted(find_mouths(city, space), key=lambda mouth: -mouth.width)
    found: list[_Thing] = []
    for number, mouth in enumerate(mouths, start=1):
        ends = shapely.get_coordinates(mouth.line)[[0, -1]]
        line = shapely.LineString(ends)
        gates = {1: ((0.3, 4.5, "T1"), (0.7, 6.0, "T2")), 2: ((0.5, 4.0, "T3"),)}.get(number, ())
        start = 1.0
        for share, width, name in gates:
            at = share * line.length - width / 2
            found.append(_Thing("TORE", name, _part(line, at, at + width)))
            found.append(_Thing("SPERREN", f"B{number}{name}", _part(line, start, at - 0.6)))
            start = at + width + 0.6
        found.append(_Thing("SPERREN", f"B{number}", _part(line, start, line.length - 1.0)))
    x, y = shapely.get_coordinates(space.representative_point())[0]
    for row in range(2):
        for column in range(7):
            west, south = x - 26 + 7 * column, y - 9 + 9 * row
            box = shapely.box(west, south, west + 4, south + 2.5)
            found.append(_Thing("BUDEN", f"S{7 * row + column + 1:02d}", box))
    found += [
        _Thing("BUEHNE", "Bühne", shapely.box(x - 30, y + 9, x - 22, y + 15)),
        _Thing("ZELTE", "Z1", shapely.box(x + 2, y + 10, x + 12, y + 16)),
        _Thing("WARTESCHLANGE", "Q1", shapely.box(x - 20, y + 10, x - 14, y + 11.5)),
        _Thing("BAUZAUN", "F1", shapely.LineString([(x - 31, y + 16), (x - 21, y + 16)])),
        _Thing("RAHMEN", "", shapely.box(x - 45, y - 35, x + 45, y + 40).exterior),
    ]
    return found


def _part(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    return shapely.LineString([line.interpolate(start), line.interpolate(end)])


def _to_sheet(xy: np.ndarray, origin: np.ndarray) -> np.ndarray:
    c, s = math.cos(TURN), math.sin(TURN)
    return (xy - origin) @ np.array([[c, s], [-s, c]])


def _dxf(things: list[_Thing], origin: np.ndarray) -> str:
    """Return a drawing of release 12 with polylines and texts, in metres of its own."""
    groups: list[tuple[int, object]] = [(0, "SECTION"), (2, "ENTITIES")]
    for thing in things:
        xy = _to_sheet(shapely.get_coordinates(thing.shape), origin)
        is_closed = thing.shape.geom_type == "Polygon"
        groups += [(0, "POLYLINE"), (8, thing.layer), (66, 1), (70, int(is_closed))]
        for x, y in xy[:-1] if is_closed else xy:
            groups += [(0, "VERTEX"), (8, thing.layer), (10, f"{x:.4f}"), (20, f"{y:.4f}")]
        groups += [(0, "SEQEND"), (8, thing.layer)]
        if thing.id:
            at = _to_sheet(shapely.get_coordinates(thing.shape.centroid), origin)[0]
            said = thing.id.replace("ü", "\\U+00FC")
            groups += [(0, "TEXT"), (8, "TEXT"), (10, f"{at[0]:.3f}"), (20, f"{at[1]:.3f}")]
            groups += [(40, 0.5), (1, said)]
    groups += [(0, "ENDSEC"), (0, "EOF")]
    return "".join(f"{code:>3}\n{value}\n" for code, value in groups)


def _control_points(city: City, space: shapely.Geometry, origin: np.ndarray) -> str:
    west, south, east, north = space.bounds
    ground = np.array([(west, south), (east, south), (west, north), (east, north)])
    sheet = _to_sheet(ground, origin)
    lon, lat = Transformer.from_crs(city.epsg, 4326, always_xy=True).transform(*ground.T)
    lines = ["x;y;lon;lat"]
    lines += [
        f"{a:.3f};{b:.3f};{c:.9f};{d:.9f}" for (a, b), c, d in zip(sheet, lon, lat, strict=True)
    ]
    return "\n".join(lines) + "\n"


def _schedule(things: list[_Thing]) -> Workbook:
    book = Workbook()
    phases = book.active
    phases.title = "Phasen"
    phases["A1"] = "Weihnachtsmarkt – Ablauf (Stand: Fassung 3, vorläufig)"
    phases.merge_cells("A1:I1")
    phases["A2"] = "Alle Zeiten: Zeitzone Europe/Berlin"
    for cell, said in {
        "A4": "Phase", "B4": "Art", "C4": "Beginn", "E4": "Ende", "G4": "täglich bis",
        "H4": "Besucher (höchstens)", "I4": "Räumungszeit (min)", "J4": "Bemerkung",
        "C5": "Datum", "D5": "Uhrzeit", "E5": "Datum", "F5": "Uhrzeit",
    }.items():  # fmt: skip
        phases[cell] = said
    for block in ("A4:A5", "B4:B5", "C4:D4", "E4:F4", "G4:G5", "H4:H5", "I4:I5", "J4:J5"):
        phases.merge_cells(block)
    for line in (
        ("Aufbau", "Aufbau", "23.11.2026", "7:00 Uhr", "26.11.2026", dt.time(18, 0), None, None),
        ("Morgen", "Anlieferung", dt.date(2026, 11, 27), dt.time(6), None, "10h00", "23.12.2026"),
        ("Markt", "geöffnet", "2026-11-27", "11:00", None, 21 / 24, dt.date(2026, 12, 23), "4 000",
         "8 min"),
        ("Abbau", "Abbau", "23.12.2026", "21:30", "24.12.2026", "16:00"),
    ):  # fmt: skip
        phases.append(line)
    items = book.create_sheet("Aufbauten")
    items.append(["Was steht wo – Nummern wie im Plan"])
    items.append([])
    items.append(["Nr.", "Was", "Maße (m)", None, "Phasen", "Klasse", "Lagertyp"])
    items.append([None, None, "Länge", "Breite", None, None, None])
    items.merge_cells("C3:D3")
    for letter in "ABEFG":
        items.merge_cells(f"{letter}3:{letter}4")
    barriers = [thing for thing in things if thing.layer == "SPERREN"]
    for thing in barriers:
        items.append([thing.id, "Betonblock", "2,4", "0,8", "Markt; Morgen", RATING, "Block 2,4 m"])
    for thing in things:
        if thing.layer == "BUDEN":
            items.append([thing.id, "Bude", 4, "2,5", "alle", None, None])
    items.append(["BÜHNE", "Bühne", 8, 6, "Markt, Aufbau", None, None])
    items.append(["Z1", "Zelt", None, None, "Markt", "ungeprüft", None])
    items.append(["Q1", "Warteschlange", None, None, "Markt", None, None])
    items.append(["F1", "Bauzaun", None, None, "alle", "-", "Bauzaun 3,5 m"])
    gates = book.create_sheet("Tore")
    gates.append(["Torliste"])
    gates.append(
        ["Tor", "Phase", "offen für", "lichte Breite", "Klasse", "besetzt durch",
         "beim Verlassen"]
    )  # fmt: skip
    for line in (
        ("T1", "Aufbau", "Lieferverkehr", "4,0 m", RATING, "Ordnungsdienst", "schließen"),
        (None, "Morgen", "Lieferverkehr, Anwohner, Feuerwehr", None, None, "Ordnungsdienst",
         "schließen und Leitstelle melden"),
        (None, "Markt", "Rettungsdienst", None, None, "Feuerwehr", "geschlossen halten"),
        ("T2", "Markt", "Fußgänger", 5.4, None, "Sicherheitsdienst", "offen lassen"),
        ("T3", "Markt", "Besucher + Rettungsdienst", 3.6, RATING, None, None),
    ):  # fmt: skip
        gates.append(line)
    gates.merge_cells("A3:A5")
    return book


def _barrier_list(city: City, space: shapely.Geometry) -> Workbook:
    """Return a register whose places are addresses, below merged headers."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sperren"
    sheet["A1"] = "Verzeichnis der mobilen Sperren"
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["Nr.", "Standort", None, "Sperre", None, None])
    sheet.append([None, "Straße", "Hausnummer", "Art", "Länge (m)", "Prüfklasse"])
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("D3:F3")
    sheet.merge_cells("A3:A4")
    streets = [mouth.street for mouth in find_mouths(city, space) if mouth.street]
    for number, street in enumerate(dict.fromkeys(streets), start=1):
        sheet.append([f"V{number}", street, None, "Betonblock", "2,4", RATING])
    return book


def _stock() -> Workbook:
    """Return a stock list with three types, one of them unrated."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Lager"
    sheet.append(["Lagerbestand Bauhof"])
    sheet.append(
        ["Typ", "Anzahl", "Länge (m)", "Prüfklasse", "Zertifikat", "Lagerort", "Lieferzeit (Tage)"]
    )
    sheet.append(["Block 2,4 m", 40, "2,4", RATING, "P-17", "Bauhof Ost", 2])
    sheet.append(["Mobile Sperre 1,2 m", 12, 1.2, "V/2500[N1G]/48/90:6.0", "P-21", "Bauhof Ost", 5])
    sheet.append(["Betonklotz alt", 25, 1.0, "unrated", None, "Bauhof West", 1])
    return book
