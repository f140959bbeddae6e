"""
Figures of indicators: said once, drawn for screen and print, told as text, table and data.

A `Figure` holds the values; everything else is made from it. `screen_svg` is for a page, `to_svg`
and `to_png` for files and paper, `summary` says it in sentences, `table` in rows.

What the series of each kind are:

- ``interval_dots``: lists of values, each list under its name;
- ``trend``: lines over time, marks by period with the period as `code`;
- ``pair``: two series, the objective and the perceived half, marks by theme with equal codes;
- ``small_multiples``: one series a way of splitting (time of day, sex, age, disability);
- ``waterfall``: one series, score before, steps, score after;
- ``area_map``: one series, marks by area, `shapes` by the marks' code;
- ``share``: percentages from 0 to 100, each with what is missing;
- ``profile``: seven days of 24 hours, Monday first, and optionally all days together;
- ``concentration``: curves of percentages along shares of places.
"""

from parvis.report.figures.embedded import Embedded, embedded
from parvis.report.figures.exports import (
    csv_metadata,
    to_csv,
    to_json_stat,
    to_parquet,
    to_xlsx,
)
from parvis.report.figures.incident_makers import of_concentration, of_week
from parvis.report.figures.picture import Layout, screen_svg, to_png, to_svg
from parvis.report.figures.spec import (
    Against,
    Figure,
    FigureError,
    Kind,
    Mark,
    Reporting,
    Role,
    Series,
    figure_from_json,
)
from parvis.report.figures.summary import summary
from parvis.report.figures.table import Column, Table, full_table, table
from parvis.report.figures.words import Words

__all__ = [
    "Against",
    "Column",
    "Embedded",
    "Figure",
    "FigureError",
    "Kind",
    "Layout",
    "Mark",
    "Reporting",
    "Role",
    "Series",
    "Table",
    "Words",
    "csv_metadata",
    "embedded",
    "figure_from_json",
    "full_table",
    "of_concentration",
    "of_week",
    "screen_svg",
    "summary",
    "table",
    "to_csv",
    "to_json_stat",
    "to_parquet",
    "to_png",
    "to_svg",
    "to_xlsx",
]
