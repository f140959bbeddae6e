"""Typed coordinates become an outline, however the numbers are separated."""

import pytest

from parvis.io.outline_text import (
    OutlineTextError,
    OutlineTextShortError,
    outline_as_text,
    outline_from_text,
)

SQUARE = [[10.0, 50.0], [10.5, 50.0], [10.5, 50.5], [10.0, 50.0]]


@pytest.mark.parametrize(
    "text",
    [
        "10.0, 50.0\n10.5, 50.0\n10.5, 50.5",
        "10.0,50.0\n10.5,50.0\n10.5,50.5\n",
        "10,0; 50,0\n10,5; 50,0\n10,5; 50,5",
        "10,0\t50,0\n10,5\t50,0\n10,5\t50,5",
        "  [10.0, 50.0],\n  [10.5, 50.0],\n  [10.5, 50.5]",
        "POLYGON((10 50, 10.5 50, 10.5 50.5, 10 50))",
    ],
)
def test_separators_do_not_matter(text):
    assert outline_from_text(text) == {"type": "Polygon", "coordinates": [SQUARE]}


def test_an_empty_line_begins_a_further_part():
    ring = "10.0, 50.0\n10.5, 50.0\n10.5, 50.5"
    other = "11.0, 50.0\n11.5, 50.0\n11.5, 50.5"
    assert outline_from_text(f"{ring}\n\n{other}")["type"] == "MultiPolygon"


def test_grid_coordinates_become_degrees():
    text = "500000 5760000\n500100 5760000\n500100 5760100"
    first = outline_from_text(text, epsg=25832)["coordinates"][0][0]
    assert first == pytest.approx([9.0, 51.99], abs=0.01)


def test_what_is_written_is_read_again():
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    assert outline_from_text(outline_as_text(shape)) == shape


@pytest.mark.parametrize("text", ["10.0, 50.0\nten, fifty", "POLYGON((", "1,2,3\n4,5,6"])
def test_a_slip_names_its_line(text):
    with pytest.raises(OutlineTextError) as slip:
        outline_from_text(text)
    assert slip.value.details["line"] in {1, 2}


@pytest.mark.parametrize("text", ["", "1, 2\n3, 4", "1, 2\n1, 2\n3, 4"])
def test_fewer_than_three_corners_are_told(text):
    with pytest.raises(OutlineTextShortError):
        outline_from_text(text)
