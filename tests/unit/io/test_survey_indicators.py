"""A survey's file becomes indicators; every row that cannot be used says why."""

import datetime as dt
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert
from survey_samples import AREAS, MODULE, sheets, write_sheets
from typer.testing import CliRunner

from parvis.cli import app
from parvis.errors import InputError
from parvis.indicators.estimates import Flag
from parvis.indicators.joint import joint_replicates
from parvis.indicators.survey.errors import LonelyClusterError
from parvis.io.observation_import import ObservationsRejectedError
from parvis.io.observations import deliveries, joint_errors, load_delivery
from parvis.io.submissions import SubmissionsFormError
from parvis.io.survey_form import survey_form, survey_layout
from parvis.io.survey_indicators import SurveyPreview, preview_survey, write_survey
from parvis.io.survey_map import (
    SurveyMapError,
    draft_survey_map,
    read_survey_map,
    survey_map_of,
)
from parvis.io.survey_submissions import read_survey_submissions
from parvis.io.survey_table import SurveyColumnError, SurveyDecimalsError, read_survey
from parvis.packs import catalogue
from parvis.report.messages import describe, fill

DAY = dt.date(2026, 3, 1)
PLAIN = {"period": "2025", "id": "id", "date": "day", "design": {"weights": "w"}}
DESIGNED = PLAIN | {"design": {"weights": "w", "strata": "D4"}, "areas": list(AREAS)}
runner = CliRunner()


def previewed(path: Path, said: dict) -> SurveyPreview:
    return preview_survey(path, survey_map_of(said, MODULE), catalogue(), received=DAY)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sheets(tmp_path_factory.mktemp("survey") / "answers.csv", sheets())


@pytest.fixture(scope="module")
def found(answers: Path) -> SurveyPreview:
    return previewed(answers, DESIGNED)


def value(found: SurveyPreview, code: str, split: str = "", area: str = "city"):
    (hit,) = [
        figure.estimate
        for figure in found.found.figures
        if (figure.indicator, figure.split, figure.area) == (code, split, area)
    ]
    return hit


def test_all_indicators_of_the_module_come_out(found: SurveyPreview) -> None:
    assert not found.rejected
    assert not found.found.not_asked
    assert {rule.indicator for rule in MODULE.rules} == {f.indicator for f in found.found.figures}


def test_shares_are_weighted_and_count_everybody_who_answered(tmp_path: Path) -> None:
    felt = ["very_safe", "safe", "unsafe", "never_goes_out", "dont_know", ""] * 20
    rows = [{"w": "2" if each == "safe" else "1", "Q9": each} for each in felt]
    said = {"period": "2025", "design": {"weights": "w"}, "rule": "none"}
    made = previewed(write_sheets(tmp_path / "a.csv", rows), said)
    estimate = value(made, "SEN-01")
    assert estimate.value == pytest.approx(100 * 3 / 6)
    assert estimate.n == 100
    going_out, staying = made.found.asides
    assert going_out.estimate.value == pytest.approx(100 * 3 / 5)
    assert staying.estimate.value == pytest.approx(100 * 1 / 6)


def test_gaps_are_differences_of_their_shares_with_less_error_than_apart(
    found: SurveyPreview,
) -> None:
    gap = value(found, "SEN-03")
    day, night = value(found, "SEN-02"), value(found, "SEN-01")
    assert gap.value == pytest.approx(day.value - night.value)
    men, women = value(found, "SEN-01", "sex=m"), value(found, "SEN-01", "sex=f")
    between = value(found, "SEN-04")
    assert between.value == pytest.approx(men.value - women.value)
    apart = np.hypot(men.standard_error, women.standard_error)
    assert between.standard_error == pytest.approx(apart, rel=0.05)
    assert gap.standard_error < 1.1 * np.hypot(day.standard_error, night.standard_error)


def test_means_leave_out_who_answered_too_few_items(tmp_path: Path) -> None:
    items = [f"Q12{letter}" for letter in "abcde"]
    rows = [{"w": "1"} | dict.fromkeys(items, "very") for _ in range(60)]
    rows += [{"w": "1"} | dict.fromkeys(items, "not_at_all") for _ in range(60)]
    rows += [{"w": "1"} | dict.fromkeys(items[:2], "very") for _ in range(60)]
    made = previewed(
        write_sheets(tmp_path / "a.csv", rows), {"period": "2025", "design": {"weights": "w"}}
    )
    worry = value(made, "SEN-07")
    assert (worry.value, worry.n) == (pytest.approx(50.0), 120)


def test_reversed_items_count_the_other_way(tmp_path: Path) -> None:
    agree = [f"Q4{letter}" for letter in "abcde"]
    rows = [{"w": "1"} | dict.fromkeys(agree, "strongly_agree") for _ in range(60)]
    for row in rows:
        row |= dict.fromkeys([f"Q4{letter}" for letter in "fghij"], "very_likely")
    made = previewed(
        write_sheets(tmp_path / "a.csv", rows), {"period": "2025", "design": {"weights": "w"}}
    )
    assert value(made, "SOC-03").value == pytest.approx((8 * 5 + 2 * 1) / 10)


def test_harassment_counts_the_last_twelve_months_of_either_kind(tmp_path: Path) -> None:
    told = [
        ({"Q15": "remarks", "Q17": "within_12_months", "Q19": "none"}, 1),
        ({"Q15": "none", "Q19": "physical", "Q20": "physical", "Q21": "within_12_months"}, 1),
        ({"Q15": "none", "Q19": "insults", "Q20": "insults", "Q21": "within_12_months"}, 1),
        ({"Q15": "remarks touching", "Q17": "earlier", "Q19": "none"}, 0),
        ({"Q15": "none", "Q19": "none"}, 0),
        ({"Q15": "prefer_not", "Q19": "none"}, None),
    ]
    blank = dict.fromkeys(["Q15", "Q17", "Q19", "Q20", "Q21"], "")
    rows = [{"w": "1"} | blank | each for each, _ in told for _ in range(30)]
    path = write_sheets(tmp_path / "a.csv", rows)
    said = {"period": "2025", "design": {"weights": "w"}, "rule": "none"}
    assert value(previewed(path, said), "SEC-11").value == pytest.approx(100 * 3 / 5)
    former = previewed(path, said | {"edition": "physical_or_sexual"})
    assert value(former, "SEC-11").value == pytest.approx(100 * 2 / 5)
    (row,) = former.observations.select(indicator="SEC-11", split="", area="city")
    assert former.observations[int(row)].flag is Flag.DEFINITION


def test_reporting_is_a_share_of_those_who_lived_through_violence(tmp_path: Path) -> None:
    rows = [{"w": "1", "Q23": "violence;theft", "Q24": "yes"} for _ in range(40)]
    rows += [{"w": "1", "Q23": "violence", "Q24": "no"} for _ in range(60)]
    rows += [{"w": "1", "Q23": "theft", "Q24": ""} for _ in range(100)]
    made = previewed(
        write_sheets(tmp_path / "a.csv", rows), {"period": "2025", "design": {"weights": "w"}}
    )
    assert value(made, "SEC-12").value == pytest.approx(40.0)
    assert value(made, "SEC-10").value == pytest.approx(50.0)
    assert value(made, "SEC-09").value == pytest.approx(100.0)


def test_small_groups_are_withheld_and_flagged(tmp_path: Path) -> None:
    rows = sheets(60)
    made = previewed(write_sheets(tmp_path / "a.csv", rows), PLAIN)
    areas = [made.observations[int(row)] for row in made.observations.select(area="D1")]
    assert areas
    assert all(each.value is None and each.flag is Flag.SUPPRESSED for each in areas)


def test_covariance_is_that_of_the_values_and_is_kept(
    answers: Path, found: SurveyPreview, tmp_path: Path
) -> None:
    kept = write_survey(found, received=DAY, home=tmp_path)
    table = load_delivery(kept.id, home=tmp_path)
    known = {table[row].key: table[row] for row in range(len(table))}
    joint = joint_errors(home=tmp_path)
    assert joint[0].keys[0] == ("QOL-01", "2025", "city", "")
    for each in joint:
        for at, key in enumerate(each.keys):
            assert each.values[at] == pytest.approx(known[key].value)
            error = np.sqrt(each.covariance[at, at])
            assert error == pytest.approx(known[key].standard_error)
        assert np.linalg.eigvalsh(each.covariance).min() > -1e-9
    gap, day, night = (("SEN-0" + n, "2025", "city", "") for n in "321")
    block = joint[0]
    spread = {
        (one, other): block.covariance[block.keys.index(one), block.keys.index(other)]
        for one in (gap, day, night)
        for other in (gap, day, night)
    }
    assert spread[gap, gap] == pytest.approx(
        spread[day, day] + spread[night, night] - 2 * spread[day, night]
    )
    (drawn,) = joint_replicates(joint, {day: (0, 0), night: (0, 1)}, n=4000, seed=1)
    assert np.cov(drawn.draws.T)[0, 1] == pytest.approx(spread[day, night], abs=0.5)
    assert 0 < drawn.draws.min() < drawn.draws.max() < 100


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"w": ""}, "survey_row_weight"),
        ({"w": "0"}, "survey_row_weight"),
        ({"w": "-1"}, "survey_row_weight"),
        ({"id": "p0"}, "survey_row_twice"),
        ({"day": "2025-02-30"}, "survey_row_date"),
        ({"day": "2024-05-12"}, "survey_row_date"),
        ({"D4": ""}, "survey_row_design"),
        ({"D4": "D9"}, "survey_row_area"),
        ({"D2": "190"}, "survey_row_age"),
        ({"Q9": "fairly"}, "survey_row_answer"),
        ({"Q23": "theft arson"}, "survey_row_answer"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(
    tmp_path: Path, change: dict[str, str], code: str
) -> None:
    rows = sheets(60)
    rows[40] |= change
    made = previewed(write_sheets(tmp_path / "a.csv", rows), DESIGNED)
    (rejected,) = made.rejected
    assert (rejected.code, rejected.row) == (code, 42)
    assert fill(rejected.code, rejected.details).startswith("Row 42: ")
    with pytest.raises(ObservationsRejectedError):
        write_survey(made, received=DAY, home=tmp_path)
    assert not deliveries(tmp_path)
    assert write_survey(made, received=DAY, without_rejected=True, home=tmp_path).n


def test_broken_files_say_one_sentence(tmp_path: Path) -> None:
    wrong = write_sheets(tmp_path / "a.csv", sheets(30), delimiter="~")
    with pytest.raises(SurveyColumnError):
        previewed(wrong, PLAIN)
    rows = sheets(30)
    rows[3]["w"], rows[4]["w"] = '"1,5"', "1.5"
    with pytest.raises(SurveyDecimalsError):
        previewed(write_sheets(tmp_path / "b.csv", rows), PLAIN)
    rows = sheets(30)
    for at, row in enumerate(rows):
        row["block"] = "lone" if row["D4"] == "D1" else f"b{at}"
    design = {"weights": "w", "strata": "D4", "clusters": "block"}
    lonely = PLAIN | {"design": design}
    path = write_sheets(tmp_path / "c.csv", rows)
    with pytest.raises(LonelyClusterError):
        previewed(path, lonely)
    assert previewed(path, lonely | {"lonely": "adjust"}).found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), head=st.sampled_from(["w,Q9,D4,day,id\n", "Q9;w\n", ""]))
def test_any_text_is_read_or_refused_in_a_sentence(tmp_path: Path, text: str, head: str) -> None:
    path = tmp_path / "any.csv"
    path.write_text(head + text, encoding="utf-8", errors="replace")
    try:
        made = previewed(path, PLAIN)
    except InputError as error:
        assert describe(error)
    else:
        assert all(fill(each.code, each.details) for each in made.rejected)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"period": "soon"}, "period"),
        ({"period": "2025", "design": {"strata": "x"}}, "design"),
        ({"period": "2025", "questions": {"Q99": "x"}}, "questions.Q99"),
        (
            {"period": "2025", "questions": {"Q9": {"column": "a", "answers": {"1": "?"}}}},
            "questions.Q9.answers",
        ),
        ({"period": "2025", "splits": {"shoe": "x"}}, "splits.shoe"),
        ({"period": "2025", "rule": "mine"}, "rule"),
        ({"period": "2025", "splits": {"age": {"column": "a", "bands": [30, 20]}}}, "splits.age"),
        ({"period": "2025", "cake": 1}, "cake"),
        ([], ""),
    ],
)
def test_a_map_that_cannot_be_used_names_the_key(said: object, key: str) -> None:
    with pytest.raises(SurveyMapError) as caught:
        survey_map_of(said, MODULE)
    assert str(caught.value.details["key"]).startswith(key)


def test_a_map_survives_being_written(tmp_path: Path) -> None:
    said = DESIGNED | {
        "questions": {"Q9": {"column": "dark", "answers": {"1": "safe", "9": ""}}},
        "splits": {"age": {"column": "age", "bands": [16, 40]}},
        "indicators": {"QOL-06": {"column": "health", "hits": ["good"]}},
    }
    first = survey_map_of(said, MODULE)
    place = tmp_path / "map.json"
    place.write_text(json.dumps(first.to_json()), encoding="utf-8")
    assert read_survey_map(place, MODULE) == first


def test_known_totals_weigh_answers_without_weights(tmp_path: Path) -> None:
    rows = [{"D4": "D1", "Q9": "safe"} for _ in range(60)]
    rows += [{"D4": "D2", "Q9": "unsafe"} for _ in range(60)]
    said = {"period": "2025", "margins": {"D4": {"D1": 9_000, "D2": 1_000}}, "rule": "none"}
    made = previewed(write_sheets(tmp_path / "a.csv", rows), said)
    assert value(made, "SEN-01").value == pytest.approx(90.0)


def test_other_words_columns_of_yes_and_own_indicators(tmp_path: Path) -> None:
    rows = [
        {"g": "1", "dark": "2", "stolen": "1", "hit": "0", "health": "good"} for _ in range(60)
    ] + [{"g": "2", "dark": "4", "stolen": "0", "hit": "1", "health": "bad"} for _ in range(60)]
    said = {
        "period": "2025",
        "questions": {
            "Q9": {"column": "dark", "answers": {"2": "safe", "4": "very_unsafe"}},
            "Q23": {"columns": {"theft": "stolen", "violence": "hit"}},
        },
        "splits": {"sex": {"column": "g", "words": {"1": "m", "2": "f"}}},
        "indicators": {"QOL-06": {"column": "health", "hits": ["good"]}},
        "rule": "none",
    }
    made = previewed(write_sheets(tmp_path / "a.csv", rows), said)
    assert value(made, "SEN-01").value == pytest.approx(50.0)
    assert value(made, "SEN-04").value == pytest.approx(100.0)
    assert value(made, "SEC-10", "sex=f").value == pytest.approx(100.0)
    assert value(made, "QOL-06").value == pytest.approx(50.0)


def test_answers_of_an_open_link_have_no_interval_and_the_lowest_grade(answers: Path) -> None:
    made = previewed(answers, PLAIN | {"sample": "open_link"})
    estimate = value(made, "SEN-01")
    assert estimate.low is None
    assert not made.found.joint
    assert {each.grade.value for each in made.observations} == {"E"}


def test_labels_of_spss_files_stand_for_codes(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"Q9": [1.0, 2.0, 3.0] * 30, "weight": [1.0] * 90})
    labels = {"Q9": {1.0: "Very safe", 2.0: "Unsafe", 3.0: "Rather unsure"}}
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)
    draft = draft_survey_map(read_survey(path), MODULE)
    assert draft["design"] == {"weights": "weight"}
    assert draft["questions"]["Q9"]["answers"] == {"Rather unsure": "?"}
    draft["questions"]["Q9"]["answers"] = {"Rather unsure": "dont_know"}
    made = previewed(path, draft | {"period": "2025"})
    assert value(made, "SEN-01").value == pytest.approx(100 / 3)


def test_pyxform_takes_the_form_in_three_languages() -> None:
    book = survey_form(MODULE, areas=[("D1", "Market"), ("D2", "Quay")], help_line="0800")
    made = convert(BytesIO(book), validate=False, pretty_print=False, file_type=".xlsx")
    assert not made.warnings
    assert all(f"({code})" in made.xform for code in ("en", "fr", "pl"))
    assert "0800" in made.xform


def test_ids_of_questions_and_answers_are_the_fields_of_the_form() -> None:
    layout = survey_layout(MODULE)
    assert set(MODULE.questions) < set(layout.fields)
    named = {row["name"] for row in layout.choices}
    assert {choice.key for known in MODULE.lists for choice in known.choices} <= named
    assert "D5" not in survey_layout(MODULE, without=["D5"]).fields


def test_submissions_come_back_as_rows(tmp_path: Path) -> None:
    odk = tmp_path / "odk.csv"
    odk.write_text(
        "SubmissionDate,start,parvis_form,safety-Q9,crime-Q23,about-D4,KEY\n"
        "2025-05-02,2025-05-01T10:00:00,parvis-perception 1,safe,theft violence,D1,uuid:a\n"
        "2025-05-02,2025-05-01T10:00:00,parvis-perception 1,safe,theft violence,D1,uuid:a\n"
        "2025-05-02,2025-05-01T11:00:00,parvis-perception 1,unsafe,none,D2,uuid:b\n"
    )
    table = read_survey_submissions(odk, MODULE)
    assert table.columns["Q9"] == ["safe", "unsafe"]
    assert table.columns["day"] == ["2025-05-01", "2025-05-01"]
    kobo = tmp_path / "kobo.json"
    kobo.write_text(
        json.dumps(
            [{"_uuid": "c", "start": "2025-05-03", "safety/Q9": "safe", "crime/Q23": "none"}]
        )
    )
    assert read_survey_submissions(kobo, MODULE).columns["Q23"] == ["none"]
    odk.write_text("parvis_form,safety-Q9,KEY\nother 3,safe,uuid:a\n")
    with pytest.raises(SubmissionsFormError):
        read_survey_submissions(odk, MODULE)


def test_commands_draft_look_and_keep(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path))
    place = tmp_path / "map.json"
    words = ["survey", "indicators", str(answers)]
    drafted = runner.invoke(app, [*words, "--draft", str(place)], catch_exceptions=False)
    assert drafted.exit_code == 0
    said = json.loads(place.read_text()) | {"period": "2025"}
    place.write_text(json.dumps(said))
    look = [*words, "--mapping", str(place)]
    plain = runner.invoke(app, look, catch_exceptions=False)
    assert "400 rows used, 0 rejected" in plain.stdout
    assert "SEN-01, only those who go out" in plain.stdout
    assert not deliveries(tmp_path)
    kept = runner.invoke(app, [*look, "--write", "--json"], catch_exceptions=False)
    assert json.loads(kept.stdout)["delivery"] == deliveries(tmp_path)[0].id
    out = tmp_path / "form.xlsx"
    made = runner.invoke(
        app, ["survey", "form", str(out), "--area", "D1=Market"], catch_exceptions=False
    )
    assert made.exit_code == 0
    assert out.stat().st_size > 5000
