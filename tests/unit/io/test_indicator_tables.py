"""Two tables of indicators: what is read, and what is refused with file, row and column."""

import numpy as np
import pytest

from parvis.indicators.composite import Direction, Sphere
from parvis.indicators.composite.draws import CountErrors, SurveyErrors
from parvis.indicators.composite.errors import RowTwiceError, TreeParentError
from parvis.io.indicator_tables import (
    IndicatorCellError,
    IndicatorColumnsError,
    IndicatorRowsError,
    read_errors,
    read_indicators,
    read_replicates,
)
from parvis.io.vector import VectorMissingError

META = """iCode,iName,Type,Parent,Direction,Low,High,Target,Denominator,Core,Sphere,Weight
Index,All,Aggregate,,,,,,,,,
Safety,Safety,Aggregate,Index,,,,,,,,2
theft,Thefts,Indicator,Safety,-1,0,50,,people,1,,
safe,Feel safe,Indicator,Safety,1,0,100,,,,subjective,1
lux,Light,Indicator,Safety,target,0,50,20,,,,1
people,People,Denominator,,,,,,,,,
side,Side,Group,,,,,,,,,
"""
DATA = """uCode,uName,Time,side,people,theft,safe,lux
a,Old town,2024,north,1000,20,40.5,20
b,Harbour,2024,south,2000,:,NA,25
"""


@pytest.fixture
def files(tmp_path):
    def write(data=DATA, meta=META):
        (tmp_path / "data.csv").write_text(data, encoding="utf-8")
        (tmp_path / "meta.csv").write_text(meta, encoding="utf-8")
        return tmp_path / "data.csv", tmp_path / "meta.csv"

    return write


def test_values_tree_groups_and_denominators_are_read(files):
    found = read_indicators(*files())
    assert found.tree.overall == "Index"
    assert [node.key for node in found.tree.indicators] == ["theft", "safe", "lux"]
    theft, safe, lux = found.tree.indicators
    assert (theft.direction, theft.is_core, theft.denominator) == (Direction.LOWER, True, "people")
    assert safe.sphere is Sphere.SUBJECTIVE
    assert (lux.direction, lux.target) == (Direction.TARGET, 20)
    assert found.names == ("Old town", "Harbour")
    assert found.values[0].tolist() == [20, 40.5, 20]
    assert np.isnan(found.values[1, :2]).all()
    assert found.unavailable.tolist() == [[False] * 3, [True, False, False]]
    assert found.denominators["people"].tolist() == [1000, 2000]
    assert found.groups["side"] == ("north", "south")


def test_semicolons_and_decimal_commas_are_read(files):
    data, meta = files()
    data.write_text(DATA.replace(",", ";").replace("40.5", "40,5"), encoding="utf-8")
    assert read_indicators(data, meta).values[0, 1] == 40.5


@pytest.mark.parametrize(
    ("data", "error", "details"),
    [
        (
            DATA.replace("40.5", "many"),
            IndicatorCellError,
            {"row": 2, "column": "safe", "value": "many"},
        ),
        (DATA.replace("40.5", "inf"), IndicatorCellError, {"row": 2, "column": "safe"}),
        (DATA.replace("lux", "light"), IndicatorColumnsError, {"missing": "lux"}),
        (DATA.replace("side,", "lux,"), IndicatorColumnsError, {"missing": "one lux only"}),
        (DATA.replace(",20\n", "\n"), IndicatorCellError, {"row": 2, "value": "7 cells"}),
        (DATA.replace("b,", "a,"), RowTwiceError, {"unit": "a", "period": "2024"}),
        (DATA.replace("b,Harbour", ",Harbour"), IndicatorCellError, {"row": 3, "column": "uCode"}),
        (DATA.partition("\n")[0], IndicatorRowsError, {}),
        (
            DATA.replace(",", ";").replace("40.5", "40,5").replace("25", "25.5"),
            IndicatorCellError,
            {"row": 3},
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(files, data, error, details):
    with pytest.raises(error) as refused:
        read_indicators(*files(data))
    assert details.items() <= refused.value.details.items()


def test_a_file_that_is_not_there_and_a_parent_that_is_not_there(files, tmp_path):
    with pytest.raises(VectorMissingError):
        read_indicators(tmp_path / "no.csv", files()[1])
    with pytest.raises(TreeParentError):
        read_indicators(*files(meta=META.replace("Safety,-1", "Danger,-1")))


def errors_of(tmp_path, files, text):
    table = read_indicators(*files())
    path = tmp_path / "errors.csv"
    path.write_text(text, encoding="utf-8")
    values = table.values / [[1000, 1, 1], [2000, 1, 1]]
    return read_errors(path, table, values), values


def test_errors_of_counts_and_shares_are_read(tmp_path, files):
    (counts, shares), _ = errors_of(
        tmp_path,
        files,
        "uCode,iCode,Model,Count,StandardError,Factor\na,theft,count,20,,\na,safe,share,,3,100\n",
    )
    assert isinstance(counts, CountErrors)
    assert counts.factors.tolist() == [0.001]
    assert isinstance(shares, SurveyErrors)
    assert shares.estimates.tolist() == [0.405]
    assert shares.covariance.tolist() == [[pytest.approx(0.0009)]]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("c,theft,count,3,,", "uCode"),
        ("a,fights,count,3,,", "iCode"),
        ("a,theft,guess,3,,", "Model"),
        ("a,theft,count,-3,,", "Count"),
        ("a,theft,count,0,,", "Factor"),
        ("a,safe,share,,,", "StandardError"),
    ],
)
def test_errors_that_cannot_be_used_are_refused_with_their_column(tmp_path, files, line, column):
    with pytest.raises(IndicatorCellError) as refused:
        errors_of(tmp_path, files, f"uCode,iCode,Model,Count,StandardError,Factor\n{line}\n")
    assert refused.value.details["column"] == column
    assert refused.value.details["row"] == 2


def test_draws_made_elsewhere_are_read(tmp_path, files):
    table = read_indicators(*files())
    path = tmp_path / "draws.csv"
    path.write_text(
        "Draw,uCode,iCode,Value\n1,a,safe,40\n1,a,lux,20\n2,a,lux,22\n2,a,safe,44\n",
        encoding="utf-8",
    )
    found = read_replicates(path, table)
    assert found.columns.tolist() == [1, 2]
    assert found.draws.tolist() == [[40, 20], [44, 22]]
