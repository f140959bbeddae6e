"""``parvis closure``: what a hurried user types wrong is told before anything is computed."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.errors import InputError
from parvis.report.messages import describe


@pytest.fixture(autouse=True)
def computes_nothing(monkeypatch):
    def close(*words, **options):
        pytest.fail("computed before the input was checked")

    monkeypatch.setattr("parvis.io.closures.close_space", close)


def refused(*words):
    done = CliRunner().invoke(app, ["closure", "town", "Corn Market", *map(str, words)])
    assert isinstance(done.exception, InputError), done.exception
    assert done.stdout == ""
    return describe(done.exception)


@pytest.mark.parametrize("text", ["²=gate", "1=", "=gate", "-1=gate", "x"])
def test_family_without_a_line_number_or_key(text):
    assert "write the line's number and the family's key" in refused("--family", text)


def test_class_of_an_accepted_front_that_is_not_known():
    said = refused("--accept-front", "XX")
    assert "XX" in said
    assert "N2B" in said


@pytest.mark.parametrize("option", ["--out", "--tender"])
def test_file_where_a_folder_stands(option, tmp_path):
    path = tmp_path / ("plan.gpkg" if option == "--out" else "tender.xlsx")
    path.mkdir()
    assert f"{path} cannot be written: it is a folder" in refused(option, path)


@pytest.mark.parametrize("option", ["--out", "--tender"])
def test_file_in_what_is_no_folder(option, tmp_path):
    (tmp_path / "note").write_text("")
    path = tmp_path / "note" / ("plan.gpkg" if option == "--out" else "tender.xlsx")
    assert "is a file, and a folder is needed" in refused(option, path)


def test_tender_is_a_workbook():
    assert "tender.pdf" in (said := refused("--tender", "tender.pdf"))
    assert ".xlsx" in said


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "1e300"])
@pytest.mark.parametrize("option", ["--budget", "--people"])
def test_numbers_that_nothing_can_have(option, value):
    done = CliRunner().invoke(app, ["closure", "town", "Corn Market", option, value])
    assert done.exit_code == 2
    assert option in done.stderr


def test_wrong_options_are_said_as_json_too():
    words = ["closure", "town", "Corn Market", "--people", "-1", "--json"]
    script = "import sys; from parvis.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    document = json.loads(done.stderr)
    assert document["family"] == "input"
    assert "--people" in document["detail"]
