"""``parvis report`` writes what it says and refuses what it cannot write before it starts."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.errors import InputError

runner = CliRunner()


@pytest.fixture
def analysed(monkeypatch, city, result_with):
    calls = []

    def analyse(name, space, **options):
        calls.append((name, space, options))
        return city, result_with(speed_maps=())

    monkeypatch.setattr("parvis.io.analyses.analyse_space", analyse)
    return calls


def run(*words: str):
    return runner.invoke(app, ["report", *words], catch_exceptions=False)


def test_report_writes_documents_and_data_and_names_them(analysed, tmp_path):
    files = {kind: tmp_path / f"r.{kind}" for kind in ("json", "geojson", "gpkg", "dxf")}
    options = [word for kind, path in files.items() for word in (f"--{kind}", str(path))]
    outcome = run(
        "town", "Corn Market", "--out", str(tmp_path), "--lang", "fr",
        "--recipient", "A", "--recipient", "B", "--vehicles", "M1, N2B", *options,
    )  # fmt: skip
    assert outcome.exit_code == 0
    name, space, asked = analysed[0]
    assert (name, space) == ("town", "Corn Market")
    assert asked["vehicles"] == ["M1", "N2B"]
    lines = outcome.stdout.splitlines()
    assert len(lines) == 7
    assert "open this first" in lines[0]
    assert all(Path(line.split("  ")[0]).is_file() for line in lines)
    assert sum("TLP:AMBER" in line for line in lines) == 6


@pytest.mark.parametrize(
    "words",
    [("--lang", "de"), ("--crs", "mars"), ("--crs", "4326", "--dxf", "x.dxf")],
)
def test_what_cannot_be_written_is_refused_before_the_analysis(analysed, tmp_path, words):
    with pytest.raises(InputError):
        run("town", "Corn Market", "--out", str(tmp_path / "out"), *words)
    assert analysed == []
    assert not (tmp_path / "out").exists()
