"""The register of releases only grows, and notices what was changed in it."""

import datetime as dt
import json

import pytest

from parvis.errors import ParvisError
from parvis.indicators.disclosure.release import Figure, Hidden, Release
from parvis.indicators.estimates import Flag
from parvis.io.published_areas import read_areas
from parvis.io.releases import head_digest, releases, save_release, withdraw_release
from parvis.report.messages import describe

DAY = dt.date(2026, 1, 1)


def made(previous: str = "", value: float = 12.5) -> Release:
    figure = Figure("SEC-02", "2025", "city", "", value, count=43, flags=(Flag.PROVISIONAL,))
    hidden = Hidden(("SEC-02", "2025", "D1", ""), Flag.CONFIDENTIAL)
    return Release("", DAY, "Yearly figures", (figure,), (hidden,), previous=previous)


def refusal(function, *args, **options) -> str:
    with pytest.raises(ParvisError) as caught:
        function(*args, **options)
    return describe(caught.value)


def test_a_release_is_read_back_as_it_was_told(tmp_path):
    first = save_release(made(), home=tmp_path)
    second = save_release(made(first.digest), home=tmp_path)
    assert [each.id for each in (first, second)] == ["2026-01-01-1", "2026-01-01-2"]
    assert releases(tmp_path) == (first, second)
    assert head_digest(tmp_path) == second.digest


def test_no_register_is_an_empty_one(tmp_path):
    assert releases(tmp_path) == ()
    assert head_digest(tmp_path) == ""


def test_a_release_checked_against_an_older_register_is_refused(tmp_path):
    save_release(made(), home=tmp_path)
    assert "check it again" in refusal(save_release, made(), home=tmp_path)
    assert len(releases(tmp_path)) == 1


def test_a_withdrawn_release_stays_known(tmp_path):
    first = save_release(made(), home=tmp_path)
    withdraw_release(first.id, day=DAY, reason="A count was wrong", home=tmp_path)
    (kept,) = releases(tmp_path)
    assert kept.withdrawn == DAY
    assert kept.figures == first.figures
    second = save_release(made(kept.digest), home=tmp_path)
    assert releases(tmp_path)[-1].digest == second.digest


def test_a_withdrawal_names_a_release_that_holds_and_says_why(tmp_path):
    first = save_release(made(), home=tmp_path)
    assert "no release 2020-01-01-1" in refusal(
        withdraw_release, "2020-01-01-1", day=DAY, reason="x", home=tmp_path
    )
    assert "written reason" in refusal(
        withdraw_release, first.id, day=DAY, reason=" ", home=tmp_path
    )
    withdraw_release(first.id, day=DAY, reason="Wrong", home=tmp_path)
    assert "no release" in refusal(
        withdraw_release, first.id, day=DAY, reason="Again", home=tmp_path
    )


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / "0001.json").write_text("{"), "0001.json cannot be read"),
        (lambda folder: (folder / "0001.json").write_text("[]"), "0001.json cannot be read"),
        (lambda folder: (folder / "0001.json").unlink(), "0002.json follows a gap"),
        (
            lambda folder: (folder / "0001.json").write_text(
                (folder / "0001.json").read_text().replace("12.5", "12.4")
            ),
            "0001.json has been changed",
        ),
    ],
)
def test_damage_is_told_in_one_sentence(tmp_path, damage, problem):
    first = save_release(made(), home=tmp_path)
    save_release(made(first.digest), home=tmp_path)
    damage(tmp_path / "releases")
    said = refusal(releases, tmp_path)
    assert problem in said
    assert said.endswith("Restore it from a backup.")
    assert "register" in refusal(save_release, made("x"), home=tmp_path)


def test_a_document_swapped_for_one_of_another_register_is_noticed(tmp_path):
    for name, value in (("one", 12.5), ("other", 13.5)):
        first = save_release(made(value=value), home=tmp_path / name)
        save_release(made(first.digest), home=tmp_path / name)
    taken = (tmp_path / "other" / "releases" / "0002.json").read_text()
    (tmp_path / "one" / "releases" / "0002.json").write_text(taken)
    assert "does not follow" in refusal(releases, tmp_path / "one")


def test_nothing_half_written_is_left(tmp_path):
    save_release(made(), home=tmp_path)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["0001.json"]
    said = json.loads((tmp_path / "releases" / "0001.json").read_text())
    assert said["document"]["hidden"] == [{"key": ["SEC-02", "2025", "D1", ""], "flag": "c"}]


def test_a_list_of_areas_says_what_is_a_part_of_what(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("area,parent\ncity,\nNorth,\nD1,North\n", encoding="utf-8")
    assert read_areas(path, city="city") == {"North": "city", "D1": "North"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no column named area"),
        ("code\nD1\n", "no column named area"),
        ("area\n", "lists no area"),
        ("area\nD1\nD1\n", "row 3"),
        ("area,parent\nD1,D2\nD2,D1\n", "do not lead to city"),
        ("area,parent\nD1,East\n", "do not lead to city"),
    ],
)
def test_a_list_of_areas_that_cannot_be_used_is_told(tmp_path, text, problem):
    path = tmp_path / "areas.csv"
    path.write_text(text, encoding="utf-8")
    assert problem in refusal(read_areas, path, city="city")


def test_a_list_of_areas_that_is_missing_or_no_text_is_told(tmp_path):
    assert "not there" in refusal(read_areas, tmp_path / "none.csv", city="city")
    path = tmp_path / "areas.csv"
    path.write_bytes(b"area\n\xff\xfe\n")
    assert "UTF-8" in refusal(read_areas, path, city="city")
