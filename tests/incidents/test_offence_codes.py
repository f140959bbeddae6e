"""National lists of offences say which class each code counts as, and which has none."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.io.incident_mapping import read_codes, shipped_codes
from parvis.packs.offences import offence_codes

runner = CliRunner()
SECTIONS = {f"{number:02d}" for number in range(1, 12)}


def test_every_class_lies_in_a_section_and_every_gap_has_a_reason() -> None:
    for known in offence_codes().entries:
        for code in known.codes:
            assert code.iccs is None or code.iccs[:2] in SECTIONS
            assert code.iccs or code.note


def test_no_class_claims_to_be_verified() -> None:
    pack = offence_codes()
    used = {code.evidence for known in pack.entries for code in known.codes if code.evidence}
    assert not any(pack.evidence[key].verified for key in used)


@pytest.mark.parametrize("word", ["burglary", "Burglary"])
def test_codes_are_known_by_their_key_and_their_name(word: str) -> None:
    assert shipped_codes("police-uk").iccs[word] == "0501"


def test_a_file_of_that_name_comes_before_the_shipped_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_codes(Path("fr-ssmsi")).iccs["Vols avec armes"] == "0401"
    Path("fr-ssmsi").write_text("source: mine\ncodes: {x: '0502'}\n")
    assert read_codes(Path("fr-ssmsi")).source == "mine"


def test_a_summary_counts_by_class_and_names_what_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "month,crime_type,longitude,latitude\n2025-01,Burglary,8.0,50.0\n"
        "2025-01,Shoplifting,8.0,50.0\n2025-02,Anti-social behaviour,8.0,50.0\n"
    )
    words = ["incidents", "summarise", str(path), "--codes", "police-uk"]
    said = json.loads(runner.invoke(app, [*words, "--json"], catch_exceptions=False).stdout)
    assert {kind["name"] for kind in said["kinds"]} >= {"0501", "0502"}
    assert said["codes_unmatched"] == {"Anti-social behaviour": 1}
    plain = runner.invoke(app, words, catch_exceptions=False).stdout
    assert "Mostly no offence." in plain
