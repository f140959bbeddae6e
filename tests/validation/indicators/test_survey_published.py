"""
Survey estimates equal those of an established program.

Source
------
T. Lumley, R package survey 4.1-1 under R 4.2.2, run on the package's own data: `apistrat`,
`apiclus1`, `apiclus2` (schools of California, 2000), `yrbs` (Youth Risk Behavior Survey, 2015) and
`nhanes`. Its documentation prints the same figures (662.29, 9.4089; 644.17, 23.542).
Tolerance: 1e-6, relative where figures exceed 1. Two figures of the program rest on approximations
of its own; what they approximate is computed here beside them, see the tests on the likelihood
interval and on raking.
"""

import csv
import gzip
import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parvis.indicators.estimates import Estimate
from parvis.indicators.survey.association import independence, regression
from parvis.indicators.survey.design import Design, survey_design
from parvis.indicators.survey.estimate import (
    design_effect,
    mean,
    proportion,
    ratio,
    total,
)
from parvis.indicators.survey.intervals import student
from parvis.indicators.survey.quantiles import quantile
from parvis.indicators.survey.replicates import jackknife
from parvis.indicators.survey.weighting import Weighting, calibrate, post_stratify, rake

TOLERANCE = 1e-6
KINDS = {"E": 4421.0, "H": 755.0, "M": 1018.0}
WIDE = {"No": 1072.0, "Yes": 5122.0}
Columns = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    found = shared_data / "survey"
    if not found.is_dir():
        pytest.skip("no survey folder in the shared data")
    return found


@pytest.fixture(scope="module")
def said(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "survey_expected_R.json").read_text())["tests"]


@cache
def table(path: Path) -> Columns:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    rows = list(csv.DictReader(text.decode().splitlines()))
    return {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}


def numbers(column: np.ndarray) -> np.ndarray:
    return np.array([math.nan if each in ("", "NA") else float(each) for each in column])


@pytest.fixture(scope="module")
def stratified(folder: Path) -> tuple[Design, Columns]:
    schools = table(folder / "apistrat.csv")
    weights, populations = numbers(schools["pw"]), numbers(schools["fpc"])
    return survey_design(weights, strata=schools["stype"], populations=[populations]), schools


@pytest.fixture(scope="module")
def clustered(folder: Path) -> tuple[Design, Columns]:
    schools = table(folder / "apiclus1.csv")
    weights, populations = numbers(schools["pw"]), numbers(schools["fpc"])
    return survey_design(weights, clusters=[schools["dnum"]], populations=[populations]), schools


@pytest.fixture(scope="module")
def two_stages(folder: Path) -> tuple[Design, Columns]:
    schools = table(folder / "apiclus2.csv")
    design = survey_design(
        numbers(schools["pw"]),
        clusters=[schools["dnum"], schools["snum"]],
        populations=[numbers(schools["fpc1"]), numbers(schools["fpc2"])],
    )
    return design, schools


def one(value: Any) -> float:
    """The only figure of an entry, whether it stands alone, in a list or by name."""
    if isinstance(value, dict):
        (value,) = value.values()
    if isinstance(value, list):
        (value,) = value
    return float(value)


def same(found: float | None, expected: float) -> None:
    assert found == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


def same_figures(estimate: Any, entry: dict[str, Any], *, df: float = math.inf) -> None:
    """Value, error and the limits under `df`, where the entry has them."""
    same(estimate.value, one(entry["estimate"]))
    same(estimate.standard_error, one(entry["se"]))
    if entry["ci_low"]:
        half = student(df, 0.95) * estimate.standard_error
        same(estimate.value - half, one(entry["ci_low"]))
        same(estimate.value + half, one(entry["ci_high"]))


def test_mean_of_a_stratified_sample(stratified, said):
    design, schools = stratified
    found = mean(design, numbers(schools["api00"])).one
    same_figures(found, said["strat_mean_api00"])
    same_figures(found, said["strat_mean_api00_tdf"], df=found.df)
    same(found.low, one(said["strat_mean_api00_tdf"]["ci_low"]))
    same(found.high, one(said["strat_mean_api00_tdf"]["ci_high"]))


def test_mean_without_populations(stratified, said):
    _, schools = stratified
    design = survey_design(numbers(schools["pw"]), strata=schools["stype"])
    found = mean(design, numbers(schools["api00"])).one
    same_figures(found, said["strat_mean_api00_nofpc"])


def test_total_of_a_stratified_sample(stratified, said):
    design, schools = stratified
    found = total(design, numbers(schools["enroll"])).one
    same_figures(found, said["strat_total_enroll"])


def test_shares_fixed_by_the_design_have_no_error(stratified, said):
    design, schools = stratified
    for kind in KINDS:
        found = proportion(design, schools["stype"] == kind).one
        same(found.value, said["strat_mean_stype"]["estimate"][f"stype{kind}"])
        same(found.standard_error, said["strat_mean_stype"]["se"][f"stype{kind}"])
        assert found.low == pytest.approx(found.value)
        assert found.high == pytest.approx(found.value)


def test_mean_and_total_of_a_cluster_sample(clustered, said):
    design, schools = clustered
    same_figures(mean(design, numbers(schools["api00"])).one, said["clus1_mean_api00"])
    same_figures(total(design, numbers(schools["enroll"])).one, said["clus1_total_enroll"])


def test_mean_and_total_of_two_stages_with_missing_answers(two_stages, said):
    design, schools = two_stages
    same_figures(mean(design, numbers(schools["api00"])).one, said["clus2_mean_api00"])
    found = total(design, numbers(schools["enroll"])).one
    same_figures(found, said["clus2_total_enroll"])
    assert {note.code for note in found.notes} == {"survey_missing"}


def test_ratio(stratified, said):
    design, schools = stratified
    found = ratio(design, numbers(schools["api.stu"]), numbers(schools["enroll"])).one
    same_figures(found, said["strat_ratio"])


@pytest.mark.parametrize(("sample", "key"), [("clustered", "clus1"), ("stratified", "strat")])
def test_design_effect(sample, key, said, request):
    design, schools = request.getfixturevalue(sample)
    found = design_effect(design, numbers(schools["api00"]))
    same(found, said[f"{key}_deff"]["deff"])
    same_figures(mean(design, numbers(schools["api00"])).one, said[f"{key}_deff"])


@pytest.mark.parametrize(("sample", "key"), [("clustered", "clus1"), ("stratified", "strat")])
def test_means_of_groups(sample, key, said, request):
    design, schools = request.getfixturevalue(sample)
    entry = said[f"{key}_by_stype"]
    found = mean(design, numbers(schools["api00"]), by=schools["stype"])
    for kind in KINDS:
        same(found[kind].value, entry["estimate"][kind])
        same(found[kind].standard_error, entry["se"][kind])


@pytest.mark.parametrize(
    ("method", "key"),
    [
        ("logit", "logit"),
        ("arcsine", "asin"),
        ("beta", "beta"),
        ("wald", "mean"),
        ("xlogit", "xlogit"),
    ],
)
def test_intervals_of_a_share(clustered, said, method, key):
    design, schools = clustered
    entry = said[f"clus1_ciprop_{key}"]
    found = proportion(design, schools["sch.wide"] == "Yes", method=method).one
    same(found.value, entry["estimate"])
    same(found.standard_error, entry["se"])
    same(found.low, entry["ci_low"])
    same(found.high, entry["ci_high"])


def test_likelihood_interval_of_a_share(clustered, said):
    """
    The program reads its limits off a curve through few points; ours solve the equation.

    Its figures are found again by drawing that curve.
    """
    design, schools = clustered
    entry = said["clus1_ciprop_likelihood"]
    found = proportion(design, schools["sch.wide"] == "Yes", method="likelihood").one
    same(found.value, entry["estimate"])
    same(found.standard_error, entry["se"])
    low, high = read_off_a_curve(found)
    same(low, entry["ci_low"])
    same(high, entry["ci_high"])
    assert (found.low, found.high) == pytest.approx((low, high), abs=3e-6)
    for limit in (found.low, found.high):
        assert distance(found, limit) == pytest.approx(student(found.df, 0.95), abs=1e-9)
    assert distance(found, entry["ci_low"]) != pytest.approx(student(found.df, 0.95), abs=1e-5)


def distance(found: Estimate, other: float) -> float:
    """Root of the likelihood ratio of another share over dispersion and design effect."""
    share, n = found.value, found.n
    apart = share * math.log(share / other) + (1 - share) * math.log((1 - share) / (1 - other))
    effect = n * found.standard_error**2 / (share * (1 - share))
    return math.sqrt(2.0 * n * apart / (n / (n - 1)) / effect)


def read_off_a_curve(found: Estimate) -> tuple[float, float]:
    """Limits by a spline through steps of the log odds, read off between three times as many."""
    from scipy.interpolate import CubicSpline
    from scipy.stats import f, norm

    share, n = found.value, found.n
    effect = n * found.standard_error**2 / (share * (1 - share))
    wanted = student(found.df, 0.95) * math.sqrt(effect)
    farthest = math.sqrt(f.isf(norm.cdf(-wanted) / 2.0, 1, n - 1))
    middle = math.log(share / (1 - share))
    step = farthest / 5.0 * found.standard_error / (share * (1 - share))
    points = {middle: 0.0}
    for side in (-1.0, 1.0):
        for number in range(1, 11):
            at = middle + side * number * step
            points[at] = side * distance(found, 1 / (1 + math.exp(-at))) * math.sqrt(effect)
            if abs(points[at]) > farthest:
                break
    odds = np.array(sorted(points))
    curve = CubicSpline(odds, [points[at] for at in odds])
    fine = np.linspace(odds[0], odds[-1], 3 * odds.size)
    low, high = 1 / (1 + np.exp(-np.interp([-wanted, wanted], curve(fine), fine)))
    return float(low), float(high)


def test_quantiles(stratified, said):
    design, schools = stratified
    entry = said["strat_quantile"]
    for share in (0.25, 0.5, 0.75):
        key = f"q{share:.2f}".replace("0.", "")
        found = quantile(design, numbers(schools["api00"]), share).one
        same(found.value, entry["estimate"][key])
        same(found.standard_error, entry["se"][key])
        same(found.low, entry["ci_low"][key])
        same(found.high, entry["ci_high"][key])


def test_post_stratification(clustered, said):
    design, schools = clustered
    weighted = post_stratify(design, schools["stype"], KINDS).sample
    same_figures(mean(weighted, numbers(schools["api00"])).one, said["clus1_poststrat_mean"])
    same_figures(total(weighted, numbers(schools["enroll"])).one, said["clus1_poststrat_total"])


def raked(clustered: tuple[Design, Columns], tolerance: float) -> Weighting:
    design, schools = clustered
    margins = {"stype": schools["stype"], "wide": schools["sch.wide"]}
    totals = {"stype": KINDS, "wide": WIDE}
    return rake(design, margins, totals, trim=None, tolerance=tolerance)


def test_raked_weights_and_values(clustered, said, folder):
    """The program stops once no cell moves by a person any more; so do we here."""
    _, schools = clustered
    weighted = raked(clustered, 1.0 / 6194.0).sample
    expected = table(folder / "apiclus1_expected_rake_weights.csv")
    assert list(expected["snum"]) == list(schools["snum"])
    np.testing.assert_allclose(weighted.weights, numbers(expected["weight_rake"]), rtol=1e-12)
    same(
        mean(weighted, numbers(schools["api00"])).one.value,
        one(said["clus1_rake_mean"]["estimate"]),
    )
    found = total(weighted, numbers(schools["enroll"])).one
    same(found.value, one(said["clus1_rake_total"]["estimate"]))


@pytest.mark.parametrize(("column", "key"), [("api00", "mean"), ("enroll", "total")])
def test_errors_after_raking(clustered, said, column, key):
    """
    The program takes residuals with each margin's weights of its last round.

    Those differ from the final weights as long as the margins are not met. Its figure is found
    again by its formula; once the margins are met that formula and ours agree.
    """
    _, schools = clustered
    entry = said[f"clus1_rake_{key}"]
    values = numbers(schools[column])
    for tolerance, stopped_early in ((1.0 / 6194.0, True), (1e-14, False)):
        made = raked(clustered, tolerance)
        ours = (mean if key == "mean" else total)(made.sample, values).one
        theirs = error_in_turns(clustered, values, made, is_mean=key == "mean")
        if stopped_early:
            same(theirs, one(entry["se"]))
            assert ours.standard_error == pytest.approx(theirs, rel=2e-5)
        else:
            assert ours.standard_error == pytest.approx(theirs, rel=1e-9)


def error_in_turns(
    clustered: tuple[Design, Columns], values: np.ndarray, made: Weighting, *, is_mean: bool
) -> float:
    design, schools = clustered
    margins = [(schools["stype"], KINDS), (schools["sch.wide"], WIDE)]
    coded = [
        (np.searchsorted(sorted(totals), column.astype(str)), np.array([*totals.values()]))
        for column, totals in margins
    ]
    weights, after = design.weights, []
    for _ in range(made.n_rounds):
        after = []
        for codes, totals in coded:
            weights = weights * (totals / np.bincount(codes, weights))[codes]
            after.append(weights)
    if is_mean:
        values = (values - weights @ values / weights.sum()) / weights.sum()
    left = values * weights
    for _ in range(10):
        for (codes, _), at in zip(coded, after, strict=True):
            left = left - at * (np.bincount(codes, left / at) / np.bincount(codes))[codes]
    sums = np.bincount(design.unit, left)
    stage = design.stages[0]
    n = sums.size
    return math.sqrt((1 - stage.fraction[0]) * n / (n - 1) * ((sums - sums.mean()) ** 2).sum())


def test_calibration(clustered, said, folder):
    design, schools = clustered
    made = calibrate(
        design,
        {"api99": numbers(schools["api99"])},
        {"api99": 3_914_069.0},
        categories={"stype": schools["stype"]},
        category_totals={"stype": KINDS},
    )
    expected = table(folder / "apiclus1_expected_greg_weights.csv")
    np.testing.assert_allclose(made.sample.weights, numbers(expected["weight_greg"]), rtol=1e-9)
    same_figures(mean(made.sample, numbers(schools["api00"])).one, said["clus1_calib_mean"])


def test_independence(clustered, said):
    design, schools = clustered
    entry = said["clus1_chisq"]["estimate"]
    found = independence(design, schools["sch.wide"], schools["stype"])
    same(found.statistic, entry["F"])
    same(found.df_above, entry["ndf"])
    same(found.df_below, entry["ddf"])
    same(found.p_value, entry["p"])


def test_regression(stratified, said):
    design, schools = stratified
    entry = said["strat_glm"]
    names = ("ell", "meals", "mobility")
    explained_by = {name: numbers(schools[name]) for name in names}
    found = regression(design, numbers(schools["api00"]), explained_by)
    for at, name in enumerate(("(Intercept)", *names)):
        same(found.values[at], entry["estimate"][name])
        same(found.standard_errors[at], entry["se"][name])


def test_difference_of_two_groups(stratified, said):
    from scipy.stats import t

    design, schools = stratified
    entry = said["strat_ttest"]["estimate"]
    improved = (schools["comp.imp"] == "Yes").astype(float)
    found = regression(design, numbers(schools["api00"]), {"improved": improved})
    statistic = found.values[1] / found.standard_errors[1]
    same(found.values[1], entry["diff"])
    same(statistic, entry["t"])
    same(found.df, entry["df"])
    same(2.0 * t.sf(statistic, found.df), entry["p"])


def test_jackknife(clustered, said):
    design, schools = clustered
    same_figures(mean(jackknife(design), numbers(schools["api00"])).one, said["clus1_jk1_mean"])


def test_share_of_a_national_youth_survey(folder, said):
    """The program's degrees of freedom are those of all clusters, answers or none."""
    pupils = table(folder / "yrbs2015.csv.gz")
    design = survey_design(
        numbers(pupils["weight"]), strata=pupils["stratum"], clusters=[pupils["psu"]], nested=True
    )
    hits = np.where(pupils["qn8"] == "", math.nan, pupils["qn8"] == "1")
    entry = said["yrbs_qn8"]
    found = proportion(design, hits, df=design.df).one
    same(found.value, entry["estimate"])
    same(found.standard_error, entry["se"])
    same(found.low, entry["ci_low"])
    same(found.high, entry["ci_high"])
    assert proportion(design, hits).one.df < design.df


def test_groups_of_a_national_health_survey(folder, said):
    persons = table(folder / "nhanes.csv.gz")
    design = survey_design(
        numbers(persons["WTMEC2YR"]),
        strata=persons["SDMVSTRA"],
        clusters=[persons["SDMVPSU"]],
        nested=True,
    )
    entry = said["nhanes_hichol_by_race"]
    found = mean(design, numbers(persons["HI_CHOL"]), by=persons["race"])
    for race, value in entry["estimate"].items():
        same(found[race].value, value)
        same(found[race].standard_error, entry["se"][race])


def test_every_case_of_the_reference_is_tested(said):
    text = Path(__file__).read_text()
    text += "".join(f"clus1_ciprop_{key} " for key in re.findall(r'\("\w+", "(\w+)"\)', text))
    text += "".join(f"{key}_deff {key}_by_stype " for key in ("clus1", "strat"))
    text += "".join(f"clus1_rake_{key} " for key in ("mean", "total"))
    assert len(said) == 32
    assert [key for key in said if key not in text] == []
