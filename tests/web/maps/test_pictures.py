"""Pictures of the map: what is drawn, kept and refused."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image

from parvis.report.palette import DARK, LIGHT
from parvis_web.accounts.vocabulary import Marking
from parvis_web.config.data import authority_folder
from parvis_web.maps import pictures

SMALL = {"bbox": "8.9990,49.9900,9.0050,50.0150", "width": 300, "height": 200}


@pytest.fixture(autouse=True)
def _no_earlier_requests():
    cache.clear()


@pytest.fixture
def ask(here, city):
    address = reverse("maps:picture", args=[here.slug, city.pk])
    client = here.client("reader")
    return lambda headers=None, **asked: client.get(address, SMALL | asked, headers=headers)


def _image(answer) -> Image.Image:
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    return Image.open(BytesIO(answer.content)).convert("RGB")


def test_a_picture_has_its_size_and_the_colours_of_its_theme(ask) -> None:
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        image = _image(ask(theme=theme))
        assert image.size == (300, 200)
        wanted = tuple(bytes.fromhex(palette.ground[1:]))
        shares = {colour: count for count, colour in image.getcolors(300 * 200)}
        assert shares[wanted] > 0.3 * 300 * 200


def test_a_picture_is_drawn_once(ask, here, monkeypatch) -> None:
    first = ask()
    monkeypatch.setattr(pictures, "_drawn", lambda *_: pytest.fail("drawn again"))
    assert ask().content == first.content
    assert ask(headers={"if-none-match": first["ETag"]}).status_code == 304
    kept = authority_folder(here.authority.pk) / "pictures"
    assert len(list(kept.iterdir())) == 1


def test_old_pictures_make_room(ask, here, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MOST_KEPT", 2)
    monkeypatch.setattr(pictures, "_drawn", lambda _, shot: str(shot.width).encode())
    for width in (301, 302, 303):
        ask(width=width)
    kept = authority_folder(here.authority.pk) / "pictures"
    assert {path.read_bytes() for path in kept.iterdir()} == {b"302", b"303"}


@pytest.mark.parametrize(
    "asked",
    [
        {"bbox": "1,2,3"},
        {"bbox": "9,50,8,51"},
        {"bbox": "nan,1,2,3"},
        {"bbox": "1e999,1,2,3"},
        {"theme": "pink"},
        {"width": 99999},
        {"height": 3},
        {"space": "x"},
    ],
)
def test_what_cannot_be_drawn_is_said(ask, asked: dict[str, object]) -> None:
    answer = ask(**asked)
    assert answer.status_code == 400 and answer.content


def test_a_person_is_drawn_a_limited_number(ask, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MOST_DRAWN", 2)
    monkeypatch.setattr(pictures, "_drawn", lambda *_: b"drawn")
    answers = [ask(width=width).status_code for width in (301, 302, 303, 302)]
    assert answers == [200, 200, 503, 200]


def test_a_space_is_outlined_for_those_who_may_read_it(here, city, ask) -> None:
    space = here.space(city=city, marking=Marking.AMBER)
    address = reverse("maps:picture", args=[here.slug, city.pk])
    bbox = "9.999,49.999,10.002,50.002"
    plain = ask(bbox=bbox)
    shown = ask(space=str(space.pk), bbox=bbox)
    assert shown["Cache-Control"] == "private, no-store"
    assert shown.content != plain.content
    space.marking = Marking.RED
    space.save()
    assert ask(space=str(space.pk)).status_code == 404
    assert here.client("stranger").get(address).status_code == 404


def test_the_still_map_has_the_colours_of_the_moving_one() -> None:
    style = Path(__file__).parents[3] / "frontend/src/map/style.js"
    text = style.read_text(encoding="utf-8")
    named = {
        "ground": "ground", "area": "paved", "green": "green", "water": "water",
        "building": "building", "buildingEdge": "building_edge", "street": "street",
        "casing": "street_edge", "rail": "rail", "name": "ink", "halo": "halo", "accent": "accent",
    }  # fmt: skip
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        part = re.search(rf"^  {theme}: {{(.*?)^  }},", text, re.MULTILINE | re.DOTALL)
        assert part
        colours = dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', part[1]))
        assert {key: colours[key] for key in named} == {
            key: getattr(palette, name) for key, name in named.items()
        }
