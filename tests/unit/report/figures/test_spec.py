"""A figure is data: it goes out as JSON and comes back the same, and nonsense is refused."""

import dataclasses
import json
import subprocess
import sys
from importlib.resources import files

import jsonschema
import pytest
from figure_samples import SAMPLES, concentration, pair, profile, trend, waterfall

from parvis.indicators.estimates import Flag
from parvis.report.figures import Figure, FigureError, Kind, Mark, Series, figure_from_json
from parvis.report.figures.spec import schema


@pytest.mark.parametrize("kind", Kind)
def test_a_figure_comes_back_the_same(kind):
    figure = SAMPLES[kind]()
    text = json.dumps(figure.to_json(), allow_nan=False)
    assert figure_from_json(text) == figure
    jsonschema.validate(json.loads(text), schema())


def test_the_schema_that_ships_is_that_of_the_code():
    path = files("parvis.report") / "schemas" / "figure-1.json"
    assert json.loads(path.read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "pie"}, "kind"),
        ({"decimals": "one"}, "decimals"),
        ({"overall": 7}, "overall"),
        ({"schema": "urn:other"}, "schema"),
    ],
)
def test_a_document_of_another_kind_is_refused_by_name(changed, named):
    with pytest.raises(FigureError) as caught:
        figure_from_json(trend().to_json() | changed)
    assert named in caught.value.details["what"]


@pytest.mark.parametrize("text", ["", "[1]", "nothing", "null"])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(FigureError):
        figure_from_json(text)


def bare(kind: Kind, *marks: Mark, n: int = 1) -> Figure:
    return Figure("x", kind, "X", tuple(Series(f"s{i}", marks) for i in range(n)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: bare(Kind.TREND, n=0),
        lambda: bare(Kind.TREND, Mark("a"), Mark("a")),
        lambda: bare(Kind.TREND, Mark("a", float("nan"))),
        lambda: bare(Kind.TREND, Mark("a", 1.0, 2.0, 1.5)),
        lambda: bare(Kind.PAIR, Mark("a"), n=1),
        lambda: bare(Kind.WATERFALL, Mark("a", 1.0), Mark("b", 1.0)),
        lambda: bare(Kind.AREA_MAP, Mark("a", 1.0)),
        lambda: bare(Kind.PROFILE, Mark("a", 1.0)),
        lambda: bare(Kind.CONCENTRATION, Mark("a", 1.0)),
        lambda: dataclasses.replace(trend(), key='x" onload="'),
        lambda: dataclasses.replace(waterfall(), series=waterfall().series * 2),
        lambda: dataclasses.replace(pair(), series=pair().series[:1]),
        lambda: dataclasses.replace(profile(), series=profile().series[:6]),
        lambda: dataclasses.replace(concentration(), reference=Mark("a", float("inf"))),
    ],
)
def test_values_that_do_not_fit_the_kind_are_refused(make):
    with pytest.raises(FigureError):
        make()


def test_flags_are_named_once_in_order_and_the_usual_one_is_not():
    marks = (Mark("a", 1.0, flags=(Flag.PROVISIONAL, Flag.NORMAL)), Mark("b", flags=(Flag.BREAK,)))
    assert bare(Kind.TREND, *marks).flags == (Flag.BREAK, Flag.PROVISIONAL)


def test_importing_figures_loads_no_drawing_library():
    code = "import sys, parvis.report.figures; print({'matplotlib', 'pandas'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
