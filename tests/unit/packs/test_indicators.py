"""The catalogue of indicators is complete, honest about its sources, and a city's own to change."""

from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.io.indicator_files import (
    catalogue_of,
    next_catalogue,
    read_indicator_file,
    release_catalogue,
)
from parvis.packs import (
    PackInvalidError,
    catalogue,
    framework_digest,
    pack_text,
    read_indicator_pack,
    shipped_catalogue,
)
from parvis.packs.framework_versions import read_releases
from parvis.packs.loader import pack_directory
from parvis.packs.themes import shipped_themes

OWN = """\
pack: indicators
id: urn:parvis:indicators:tessenmark
version: 1
status: draft
source: {title: Indicators of Tessenmark, publisher: Tessenmark, licence: CC0-1.0}
language: en
extends: urn:parvis:indicators:catalogue
evidence:
  council: {source: Decision of the council, confidence: high, verified: true}
without: [LIV-10]
overrides:
  - {key: SEC-14, reason: Two stations only, evidence: council, core: true}
entries:
  - key: LIV-20
    name: Drinking fountains in order
    description: Share of public fountains that run in summer.
    valid_from: 2026-01-01
    block: LIV
    core: false
    sphere: objective
    unit: percent
    numerator: fountains that run
    denominator: fountains
    multiplier: 100
    formula: numerator / denominator * 100
    direction: 1
    bounds: {low: 0, high: 100}
    error_model: complete
    sources: [administration]
    evidence: council
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "indicators.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_there_are_seventy_indicators_in_six_blocks_and_twenty_eight_are_core() -> None:
    entries = shipped_catalogue().entries
    by_block = {"QOL": 9, "SOC": 11, "LIV": 13, "SEN": 11, "SEC": 15, "BCK": 11}
    assert Counter(entry.block for entry in entries) == by_block
    core = {"QOL": 3, "SOC": 4, "LIV": 5, "SEN": 6, "SEC": 7, "BCK": 3}
    assert Counter(entry.block for entry in entries if entry.core) == core


def test_the_survey_module_gives_twenty_three_indicators() -> None:
    assert sum(bool(entry.question_ids) for entry in shipped_catalogue().entries) == 23


def test_background_has_no_direction_and_no_weight() -> None:
    pack = shipped_catalogue()
    assert {entry.direction for entry in pack.entries if entry.block == "BCK"} == {0}
    assert [block.key for block in pack.blocks if not block.in_composite] == ["BCK"]


def test_every_definition_says_that_it_is_a_proposal() -> None:
    known = catalogue()
    assert not any(known.is_verified(code) for code in known.indicators)


@pytest.mark.parametrize("code", ["SEC-07", "SEC-08"])
def test_sensitive_counts_need_ten(code: str) -> None:
    assert catalogue().indicators[code].min_n == 10


def test_what_is_released_is_frozen() -> None:
    text = (pack_directory() / "released.yaml").read_text(encoding="utf-8")
    released = {each.id: each for each in read_releases(text, name="released.yaml")}
    for pack in (shipped_catalogue(), shipped_themes()):
        release = released[pack.id]
        assert release.version == pack.version
        assert release.sha256 == framework_digest(pack)


def test_a_city_switches_off_overrides_and_adds(home: Path) -> None:
    held = catalogue_of(home)
    assert len(held.indicators) == 70
    assert "LIV-10" not in held.indicators
    assert held.indicators["SEC-14"].core
    assert held.reasons["SEC-14"] == "Two stations only"
    assert held.is_verified("LIV-20")
    codes = list(held.indicators)
    assert codes.index("LIV-20") < codes.index("SEN-01")


def test_without_an_own_file_the_shipped_ones_hold(tmp_path: Path) -> None:
    assert catalogue_of(tmp_path) == catalogue()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "without: [LIV-10]",
            "without: [LIV-99]",
            "line 10, without.0: 'LIV-99' is not in the catalogue",
        ),
        ("core: true}", "formula: mean}", "overrides.0.version: must be given and above"),
        ("without: [LIV-10]", "without: [SEC-14]", "SEC-14 is switched off as well"),
        ("key: LIV-20", "key: LIV-02", "LIV-02 is in the catalogue of Parvis"),
        ("unit: percent", "unit: buckets", "line 21, entries.0.unit: 'buckets' is not listed"),
        ("low: 0, high: 100", "low: 9, high: 1", "low 9 is not below high 1"),
        ("direction: 1", "direction: target", "entries.0.target: is missing"),
        ("direction: 1", "direction: 2", "entries.0.direction"),
        ("denominator: fountains\n", "denominator: ' '\n", "there is a multiplier"),
        ("[administration]", "[administration, administration]", "is given twice"),
        ("    evidence: council\n", "    evidence: hearsay\n", "'hearsay' is not listed"),
        ("extends: urn:parvis:indicators:catalogue\n", "", "a catalogue of your own extends"),
        ("[administration]", "[gossip]", "line 29, entries.0.sources.0: 'gossip' is not"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(old: str, new: str, said: str) -> None:
    assert old in OWN
    with pytest.raises(PackInvalidError) as caught:
        read_indicator_pack(OWN.replace(old, new), name="own.yaml")
    assert said in caught.value.details["problems"]


def test_a_changed_definition_is_a_new_version_of_it(tmp_path: Path) -> None:
    path = tmp_path / "indicators.yaml"
    path.write_text(OWN.replace("status: draft", "status: current"), encoding="utf-8")
    release_catalogue(path)
    path.write_text(path.read_text().replace("LIV-20", "LIV-21"), encoding="utf-8")
    with pytest.raises(PackInvalidError, match="released and frozen"):
        read_indicator_file(path)
    path.write_text(path.read_text().replace("LIV-21", "LIV-20"), encoding="utf-8")
    assert next_catalogue(path).name == "indicators-1.yaml"
    path.write_text(path.read_text().replace("multiplier: 100", "multiplier: 1"), encoding="utf-8")
    with pytest.raises(PackInvalidError, match="breaks the series"):
        read_indicator_file(path)


def test_the_command_line_lists_shows_and_checks(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(home))
    run = CliRunner()
    assert "Indicators of Tessenmark" in run.invoke(app, ["packs", "list"]).stdout
    shown = run.invoke(app, ["packs", "show", "urn:parvis:indicators:tessenmark"])
    assert shown.stdout == OWN
    assert run.invoke(app, ["packs", "show", "indicators"]).stdout == pack_text("indicators")
    checked = run.invoke(app, ["packs", "check", str(home / "indicators.yaml")])
    assert checked.stdout.endswith("indicators, in order\n")
