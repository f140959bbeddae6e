"""The sustainable-connectivity case of 51 countries and 49 indicators, and its published stages."""

import csv
from functools import cached_property
from pathlib import Path

import numpy as np

from parvis.indicators.composite import Imputation, denominate, impute, treat
from parvis.io.indicator_tables import read_indicators


class AsemCase:
    """Input and expected stages; rows in the order of the codes, as in the expected files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        table = read_indicators(folder / "asem_iData.csv", folder / "asem_iMeta.csv")
        order = [int(row) for row in np.argsort(np.array(table.rows.units))]
        self.tree = table.tree
        self.rows = table.rows.take(order)
        self.raw = table.values[order]
        self.groups = tuple(table.groups["EurAsia_group"][row] for row in order)
        self.denominators = {key: each[order] for key, each in table.denominators.items()}
        self.keys = [node.key for node in self.tree.indicators]

    def rows_of(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def expected(self, name: str, keys=None):
        """Return an expected stage, in the case's order of rows and columns."""
        by_unit = {row["uCode"]: row for row in self.rows_of(f"asem_expected_{name}.csv")}
        return np.array(
            [
                [float(by_unit[unit][key] or "nan") for key in keys or self.keys]
                for unit in self.rows.units
            ]
        )

    @cached_property
    def denominated(self):
        return denominate(self.raw, self.tree, self.denominators)[0]

    @cached_property
    def imputed(self):
        return impute(
            self.denominated,
            self.tree,
            self.rows,
            method=Imputation.GROUP_MEAN,
            groups=self.groups,
        )

    @cached_property
    def treated(self):
        return treat(self.imputed.values, most_winsorised=5)
