"""What can be had is chosen among the lines of a plan; barriers of the register bound its rooms."""

import datetime as dt

import numpy as np
import openpyxl
import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.approach.analysis import Question
from parvis.approach.vehicles import load_vehicle_classes
from parvis.city.register import register_row, with_register
from parvis.closure.plan import plan_closure
from parvis.closure.stock import StockItem
from parvis.closure.supply import supply_plan
from parvis.io.barrier_register import read_barrier_register
from parvis.packs import load_barrier_products
from parvis.packs.content import load_ground_rules, load_parameter_draws

EAST, NORTH, MOUTH = 400_000.0, 5_800_000.0, 7.0
RATING = "V/7200[N2B]/112/90:1.0"


def box(*bounds):
    return shapely.transform(shapely.box(*bounds), lambda xy: xy + np.array([EAST, NORTH]))


def places(*pairs):
    return [(EAST + x, NORTH + y) for x, y in pairs]


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A square with two streets; a rated row of the register stands across the eastern one."""
    square = box(0, 0, 40, 40)
    roads = shapely.union(box(16.5, -60, 23.5, 5), box(35, 16.5, 140, 23.5))
    block = box(-60, -90, 170, 100)
    city = draw_city(
        [
            Street(places((20, -60), (20, -10), (20, 20)), width=MOUTH, name="South Street"),
            Street(places((140, 20), (45, 20), (20, 20)), width=MOUTH, name="East Street"),
        ],
        areas=[
            Thing("building", block.difference(square).difference(roads)),
            Thing("square", square),
        ],
        spaces=[Thing("square", square)],
    )
    book = openpyxl.Workbook()
    book.active.append(["type", "rating", "state", "x", "y", "EPSG", "length"])
    book.active.append(["block", RATING, "closed", EAST + 45, NORTH + 20, 25832, 8])
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    book.save(path)
    city = with_register(city, read_barrier_register(path, city).barriers)
    question = Question("way/1", "Square", "square", square, load_vehicle_classes(["N2B"]))
    rules = load_ground_rules()
    products = load_barrier_products()
    result = plan_closure(
        city, question, rules=rules, draws=load_parameter_draws(), products=products
    )
    return city, question, result


def supplied(closed, **limits):
    city, question, result = closed
    return supply_plan(
        city, question, result, rules=load_ground_rules(), products=limits.pop("products", None),
        today=dt.date(2026, 11, 21), **limits,
    )  # fmt: skip


def test_a_barrier_of_the_register_that_holds_bounds_the_plan(closed):
    _, _, result = closed
    assert [register_row(feature) for feature in result.holding] == [2]
    assert [item.line.street for item in result.plans[0].lines] == ["South Street"]


def test_the_stock_closes_what_the_register_leaves(closed):
    stock = [StockItem("block", 5, 1.0, (RATING,), cost=10_000)]
    found = supplied(closed, stock=stock)
    assert found.is_full
    assert [item.street for item in found.assignments] == ["South Street"]
    assert found.cost == 10_000 * found.assignments[0].offer.n_elements


def test_money_below_any_plan_names_the_least_sum(closed):
    products = load_barrier_products()
    found = supplied(closed, products=products, budget=100)
    assert [item.reason for item in found.staying_open] == ["budget"]
    enough = supplied(closed, products=products, budget=found.least_cost_to_close)
    assert enough.is_full
    assert enough.cost == found.least_cost_to_close
