"""
The example of the cell suppression literature comes out as published.

Investment of enterprises by activity and region, M. Fischetti and J. J. Salazar, "Solving the cell
suppression problem on tabular data with linear constraints", Management Science 47 (2001): with
four cells hidden, an attacker finds the sensitive 22 to lie between 5 and 30.
"""

import pytest
from disclosure_tables import CITY, crossed, key

from parvis.indicators.disclosure import Reason, audit, protect

INVESTMENT = ((20, 50, 10), (8, 19, 22), (17, 32, 12))
SENSITIVE = key("D1", "sex=2")


def test_the_attacker_s_interval_is_the_published_one():
    cells, relations = crossed(INVESTMENT)
    assert {cell.key: cell.count for cell in cells}[key(CITY)] == 190
    hidden = {key(area, split) for area in ("D1", "D2") for split in ("sex=0", "sex=2")}
    found = audit(cells, relations, dict.fromkeys(hidden, Reason.SECONDARY))
    limits = {each.key: (each.low, each.high) for each in found}
    assert limits[SENSITIVE] == pytest.approx((5.0, 30.0))
    assert limits[key("D1", "sex=0")] == pytest.approx((0.0, 25.0))
    assert limits[key("D2", "sex=2")] == pytest.approx((4.0, 29.0))


def test_four_cells_are_enough_to_protect_it():
    cells, relations = crossed(INVESTMENT)
    plan = protect(cells, relations, hidden={SENSITIVE: Reason.CONTRIBUTORS})
    assert plan.primary == (SENSITIVE,)
    assert len(plan.hidden) == 4
