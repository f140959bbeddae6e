"""Columns of foreign tables are recognised by names, codes and periods."""

import pytest

from parvis.io.observation_guess import guessed_columns

CODES = {"SEC-02", "QOL-01"}


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (["TIME_PERIOD", "REF_AREA", "INDICATOR", "OBS_VALUE"], ["2025", "A", "SEC-02", "4"],
         {"indicator": "INDICATOR", "period": "TIME_PERIOD", "area": "REF_AREA",
          "value": "OBS_VALUE"}),
        (["Quand", "Quoi", "Commune", "Valeur"], ["2025-Q1", "SEC-02", "A", "4"],
         {"indicator": "Quoi", "period": "Quand", "area": "Commune", "value": "Valeur"}),
        (["Rok", "Dzielnica", "Wartość", "Płeć"], ["2025", "A", "4", "K"],
         {"period": "Rok", "area": "Dzielnica", "value": "Wartość", "split:sex": "Płeć"}),
        (["Count", "Year", "Ward"], ["2012", "2025", "A"],
         {"period": "Year", "area": "Ward", "numerator": "Count"}),
        (["a", "b"], ["x", "y"], {}),
    ],
)  # fmt: skip
def test_columns_are_recognised(header, row, expected):
    assert guessed_columns(header, [row], CODES) == expected
