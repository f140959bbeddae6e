"""The drawn square and its market."""

import pytest
from drawn_event import draw_market, draw_square


@pytest.fixture(scope="session")
def city():
    return draw_square()


@pytest.fixture
def market():
    return draw_market()
