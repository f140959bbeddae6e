"""A small stored city with one square, and analyses of it as a worker leaves them."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import shapely
from django.urls import reverse
from django.utils import timezone
from drawn_city import Street, Thing, draw_city
from pyproj import Transformer

from parvis.io.store import load_city, save_city
from parvis_web.approach import questions
from parvis_web.approach.models import Analysis, AssumptionKind
from parvis_web.approach.services import request_analysis, state_assumption
from parvis_web.cities.models import City
from parvis_web.config.data import library_home, run_folder
from parvis_web.runs.execution import execute
from parvis_web.spaces.models import Space

EAST, NORTH = 500_000.0, 5_760_000.0
CLASSES = ["M1", "N2B"]


def at(x, y):
    return EAST + x, NORTH + y


def drawn_square():
    """Two streets that lead to a square between four blocks of houses."""
    houses = [
        Thing("building", shapely.box(*at(x0, y0), *at(x1, y1)), id=20 + number)
        for number, (x0, x1, y0, y1) in enumerate(
            (x0, x1, y0, y1)
            for x0, x1 in ((-70, -4), (34, 100))
            for y0, y1 in ((-70, -4), (34, 100))
        )
    ]
    walls = [
        Thing("building", shapely.box(*at(-4, 34), *at(10, 60)), id=30),
        Thing("building", shapely.box(*at(-4, -40), *at(34, -4)), id=31),
    ]
    square = Thing(
        "square", shapely.box(*at(0, 0), *at(30, 30)), tags={"name": "Corn Market"}, id=1
    )
    paved = Thing("pedestrian", shapely.box(*at(-4, -4), *at(34, 34)), id=40)
    city = draw_city(
        [
            Street([at(-90, 15), at(0, 15), at(34, 15)], name="Mill Lane", width=7.0),
            Street([at(34, 15), at(120, 15)], name="Mill Lane", width=7.0),
            Street([at(22, 120), at(22, 15)], name="North Street", width=6.0),
            Street([at(22, 15), at(34, 15)], name="Mill Lane", width=7.0),
        ],
        areas=[*houses, *walls, paved],
        points=[Thing("bollard", shapely.Point(at(22, 40)), id=51)],
        spaces=[square],
    )
    return replace(city, name="tessenmark", manifest={"counts": {}, "source": {}})


def outline_in_degrees():
    to_degrees = Transformer.from_crs(25832, 4326, always_xy=True)
    corners = shapely.get_coordinates(shapely.box(*at(0, 0), *at(30, 30)))
    return {
        "type": "Polygon",
        "coordinates": [[list(to_degrees.transform(*corner)) for corner in corners]],
    }


@dataclass
class Place:
    """A square of an authority whose city is stored in its home."""

    town: object
    space: Space

    @property
    def city(self) -> City:
        return self.space.city

    def url(self, name, *args):
        return reverse(f"approach:{name}", args=[self.town.slug, self.space.pk, *args])

    def ask(self, role="coordinator", **asked):
        return request_analysis(self.town.actor(role), self.space, **asked)

    def state(self, kind=AssumptionKind.PLANNING, vehicles=CLASSES, **given):
        values = {
            "author": "Office for Public Space",
            "reason": "Deliveries",
            "date": timezone.localdate(),
        } | given
        return state_assumption(
            self.town.actor("coordinator"), self.space, kind=kind, vehicles=vehicles, **values
        )

    def analysed(self, role="coordinator", **asked):
        """A finished analysis of two classes, its files copied from one that was really made."""
        analysis = self.ask(role, **({"vehicles": CLASSES} | asked))
        return finish(analysis)


KEPT: dict[str, Path] = {}


def finish(analysis):
    """Carry out the run of an analysis, from kept files where an equal one was made before."""
    question = questions.place(analysis.space) | {"asked": analysis.question}
    key = str(sorted(question["asked"].items(), key=str)).replace(str(analysis.space.pk), "")
    if key not in KEPT:
        run = execute(analysis.run)
        assert run.state == "done", (run.error_code, run.error_details)
        KEPT[key] = (run_folder(run.authority_id, run.pk), run.result)
    else:
        folder, summary = KEPT[key]
        shutil.copytree(
            folder, run_folder(analysis.authority_id, analysis.run_id), dirs_exist_ok=True
        )
        run = analysis.run
        run.state, run.result, run.ended = "done", summary, timezone.now()
        run.save()
        analysis.summary = summary
        analysis.city_state = analysis.space.city.state_hash
        analysis.save()
    return Analysis.objects.select_related("run", "space__city", "authority").get(pk=analysis.pk)


@pytest.fixture(scope="session")
def ground():
    """The city of the square, without a store."""
    return drawn_square()


@pytest.fixture
def place(here):
    return make_place(here)


def make_place(town, **fields):
    home = library_home(town.authority.pk)
    save_city(drawn_square(), home=home)
    city = town.city(state_hash=load_city("tessenmark", home=home).hash)
    return Place(town, square_of(town, city, **fields))


def square_of(town, city, **fields):
    area = outline_in_degrees()
    across = [corner[0] for corner in area["coordinates"][0]]
    up = [corner[1] for corner in area["coordinates"][0]]
    values = {
        "name": "Corn Market",
        "store_id": "way/1",
        "is_drawn": False,
        "area": area,
        "west": min(across),
        "east": max(across),
        "south": min(up),
        "north": max(up),
    }
    return town.space(city=city, **(values | fields))
