"""One run of every service of spaces, in a town drawn with one street and one square."""

import io
import json
import tempfile
from pathlib import Path

import openpyxl
import shapely
from drawn_city import Street, Thing, draw_city
from PIL import Image
from pyproj import Transformer
from web.service_examples import example

from parvis.io.store import save_city
from parvis.io.underlays import Underlay as Picture
from parvis_web.cities.models import City
from parvis_web.config.data import library_home
from parvis_web.spaces import (
    services,
    services_corrections,
    services_evidence,
    services_layouts,
    services_underlays,
)
from parvis_web.spaces.models import Space

EAST, NORTH = 500_000.0, 5_760_000.0


def at(x, y):
    """A place of the drawn town in its grid."""
    return EAST + x, NORTH + y


def degrees(x, y):
    """A place of the drawn town as longitude and latitude."""
    return Transformer.from_crs(25832, 4326, always_xy=True).transform(*at(x, y))


def drawn_town(town) -> City:
    """Store one street and one square for the authority."""
    square = Thing("square", shapely.box(*at(0, 0), *at(30, 30)), tags={"name": "Market"}, id=1)
    lane = Street([at(-90, 15), at(120, 15)], name="Mill Lane", width=7.0)
    road = Street([at(60, -90), at(60, 120)], name="North Street", width=7.0)
    bollard = Thing("bollard", shapely.Point(at(-2, 15)), id=51)
    city = draw_city([lane, road], points=[bollard], spaces=[square])
    home = library_home(town.authority.pk)
    home.mkdir(parents=True)
    stored = save_city(city, home=home)
    row = town.city(store=stored.name, imported="2026-01-01T00:00:00Z")
    services.sync_spaces(town.actor("coordinator"), row)
    return row


def square_of(town) -> Space:
    """The square of the drawn town."""
    return Space.objects.filter(city=drawn_town(town)).get()


def box(size=30.0):
    """An outline around the square's corner, in degrees."""
    corners = [degrees(*corner) for corner in ((0, 0), (size, 0), (size, size), (0, size))]
    return {"type": "Polygon", "coordinates": [[list(each) for each in (*corners, corners[0])]]}


def picture() -> Picture:
    """A grey picture as it comes back from the process that reads pictures."""
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(stream, "PNG")
    return Picture(stream.getvalue(), "image/png", 400, 300, 1)


def finding(space, **changes):
    """One measured gap at the bollard, looked at before it is entered."""
    lon, lat = degrees(-2, 15)
    cells = {"kind": "bollard", "there": "yes", "method": "tape", "date": "2026-01-02"}
    cells |= {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}", "value": "1.1"} | changes
    return services_corrections.preview(space, [cells], person="A. Surveyor").rows


def entered(town):
    """A correction in force."""
    space = square_of(town)
    rows = finding(space)
    return services_corrections.enter_corrections(town.actor("coordinator"), space, rows=rows)[0]


def laid(town):
    """A plan under the map, not placed yet."""
    return services_underlays.add_underlay(
        town.actor("coordinator"), square_of(town), picture(), original_name="plan.png"
    )


@example("space.sync")
def sync(town):
    drawn_town(town)


@example("space.draw")
def draw(town):
    city = drawn_town(town)
    services.draw_space(town.actor("coordinator"), city=city, name="Quay", geometry=box())


@example("space.change-area")
def change_area(town):
    services.change_area(town.actor("owner"), square_of(town), geometry=box(40), version=1)


@example("space.restore-area")
def restore_area(town):
    actor = town.actor("owner")
    space = services.change_area(actor, square_of(town), geometry=box(40), version=1)
    services.restore_area(actor, space, number=1, version=2)


@example("space.rename")
def rename(town):
    services.rename_space(town.actor("owner"), town.space(), name="Corn Market", version=1)


@example("space.set-state")
def set_state(town):
    services.set_state(town.actor("owner"), town.space(), state="analysed")


@example("space.advance-state")
def advance_state(town):
    services.advance_state(town.actor("owner"), town.space(), state="signed")


@example("space.assign")
def assign(town):
    people = [town.person("assessor")]
    services.assign_people(town.actor("owner"), town.space(), people=people)


@example("space.remove")
def remove(town):
    services.remove_space(town.actor("owner"), town.space())


@example("space.bring-back")
def bring_back(town):
    services.bring_back_space(town.actor("owner"), town.space())


@example("evidence.add")
def add_evidence(town):
    actor = town.actor("owner")
    services_evidence.add_picture(actor, town.space(), picture(), original_name="photo.jpg")


@example("evidence.remove")
def remove_evidence(town):
    actor = town.actor("owner")
    item = services_evidence.add_picture(actor, town.space(), picture(), original_name="p.jpg")
    services_evidence.remove_evidence(actor, item)


@example("evidence.bring-back")
def bring_back_evidence(town):
    actor = town.actor("owner")
    item = services_evidence.add_picture(actor, town.space(), picture(), original_name="p.jpg")
    services_evidence.remove_evidence(actor, item)
    services_evidence.bring_back_evidence(actor, item)


@example("correction.enter")
def enter(town):
    entered(town)


@example("correction.withdraw")
def withdraw(town):
    services_corrections.withdraw_correction(town.actor("coordinator"), entered(town))


@example("underlay.add")
def add_underlay(town):
    laid(town)


@example("underlay.fit")
def place_underlay(town):
    services_underlays.place_underlay(town.actor("owner"), laid(town), points=points(3))


@example("underlay.change")
def change_underlay(town):
    services_underlays.change_underlay(town.actor("owner"), laid(town), name="Plan", opacity=0.3)


@example("underlay.remove")
def remove_underlay(town):
    services_underlays.remove_underlay(town.actor("owner"), laid(town))


@example("underlay.bring-back")
def bring_back_underlay(town):
    services_underlays.bring_back_underlay(town.actor("owner"), laid(town))


def points(number, wrong=0.0):
    """Points of a plan with ten pixels to the metre; the last lies `wrong` metres off."""
    known = [(0, 0), (380, 0), (380, 280), (20, 280)][:number]
    given = []
    for at_which, (column, row) in enumerate(known, start=1):
        off = wrong if at_which == number else 0.0
        lon, lat = degrees(column / 10 + off, 30 - row / 10)
        given.append({"column": column, "row": row, "lon": lon, "lat": lat})
    return given


def market_files(folder, *, items=("S1",)):
    """Drawing and schedule of a market of one stall on the drawn town's square."""
    stall = shapely.box(*at(5, 10), *at(9, 12))
    feature = {
        "type": "Feature",
        "properties": {"id": "S1"},
        "geometry": json.loads(shapely.to_geojson(stall)),
    }
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    drawing = {"type": "FeatureCollection", "crs": named, "features": [feature]}
    files = {"geometry": folder / "plan.geojson", "schedule": folder / "schedule.xlsx"}
    files["geometry"].write_text(json.dumps(drawing))
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = {
        "phases": [
            ["phase", "kind", "starts", "ends", "people"],
            ["market", "open", "2026-12-01 11:00", "2026-12-01 21:00", 2000],
        ],
        "items": [["id", "kind", "phases"], *([item, "stall", "all"] for item in items)],
        "gates": [["gate", "phase", "open for"]],
    }
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(files["schedule"])
    return files


@example("layout.add")
def add_layout(town):
    space = square_of(town)
    with tempfile.TemporaryDirectory() as folder:
        services_layouts.add_layout(
            town.actor("coordinator"), space, name="xmas", files=market_files(Path(folder))
        )


def depot_list(file):
    """A list of the depot: three blocks that were given one place only, so they wait for a line."""
    book = openpyxl.Workbook()
    book.active.append(["Nr.", "Art", "Rechtswert", "Hochwert", "Länge (m)", "Anzahl", "epsg"])
    book.active.append(["P1", "Betonblock", *at(1, 15), 4.5, 3, 25832])
    book.save(file)
    return file


def market(town):
    """The square with a market whose blocks wait for a place."""
    space = square_of(town)
    with tempfile.TemporaryDirectory() as folder:
        files = market_files(Path(folder)) | {"barriers": depot_list(Path(folder) / "depot.xlsx")}
        services_layouts.add_layout(town.actor("coordinator"), space, name="xmas", files=files)
    return space


LINE = [degrees(0, 8), degrees(0, 14)]


@example("layout.place-barrier")
def place_barrier(town):
    space = market(town)
    services_layouts.place_barrier(
        town.actor("coordinator"), space, layout="xmas", barrier="P1", places=LINE, length=1.5
    )
    return space


@example("layout.take-off-plan")
def take_off_plan(town):
    space = place_barrier(town)
    services_layouts.take_off_plan(town.actor("coordinator"), space, layout="xmas", barrier="P1")


@example("layout.remove")
def remove_layout(town):
    space = market(town)
    services_layouts.remove_layout(town.actor("coordinator"), space, layout="xmas")
    return space


@example("layout.bring-back")
def bring_back_layout(town):
    space = remove_layout(town)
    services_layouts.bring_back_layout(town.actor("owner"), space, layout="xmas")
