"""``parvis rating`` as it is used."""

import json

import pytest
from typer.testing import CliRunner

from parvis.cli.rating import app
from parvis.errors import ParvisError

run = CliRunner()


def test_parse_says_one_sentence() -> None:
    result = run.invoke(app, ["parse", "V/7200[N3C]/80/90:1.1"])
    assert result.stdout.startswith("A test vehicle of 7200 kg (class N3C) hit the barrier at 80")
    assert result.stdout.count("\n") == 1


def test_parse_speaks_french() -> None:
    result = run.invoke(app, ["parse", "M50/P1", "--lang", "fr"])
    assert "80,47 km/h" in result.stdout


def test_parse_gives_units_in_its_keys() -> None:
    document = json.loads(run.invoke(app, ["parse", "M50", "--json"]).stdout)
    rating = document["rating"]
    assert (rating["mass_kg"], rating["speed_kmh"], rating["angle_deg"]) == (6800.0, 80.47, 90.0)
    assert rating["penetration_m"] is None


def test_parse_refuses_what_is_no_rating() -> None:
    assert isinstance(run.invoke(app, ["parse", "hello"]).exception, ParvisError)


def test_match_gives_verdict_reason_conditions_and_checks() -> None:
    result = run.invoke(app, ["match", "V/7200[N2B]/64/90", "M50/P1", "--within", "3"])
    assert result.stdout.startswith("KE_INDICATIVE: ")
    document = json.loads(
        run.invoke(
            app,
            ["match", "V/7200[N2B]/64/90", "V/7200[N3C]/80/90:1.1", "--accept", "n3c", "--json"],
        ).stdout
    )
    assert (document["verdict"], document["is_acceptable"]) == ("DOMINATES", True)
    assert document["reason"]["code"] == "heavier_vehicle"
    assert len(document["checks"]) == 4


def test_match_takes_a_certificate_by_its_figures() -> None:
    arguments = ["--mass", "7500", "--speed-kmh", "50", "--penetration", "4.2"]
    arguments += ["--scheme", "DIN SPEC 91414-1", "--entered-by", "A. Assessor"]
    result = run.invoke(app, ["match", "V/7200[N2B]/48/90", *arguments])
    assert "entered by A. Assessor" in result.stdout


def test_match_without_an_offer_says_what_is_missing() -> None:
    result = run.invoke(app, ["match", "V/7200[N2B]/48/90"])
    assert result.exit_code == 2
    assert "--mass" in result.stderr


@pytest.mark.parametrize("command", ["parse", "match"])
def test_help_has_an_example(command: str) -> None:
    assert "Example" in run.invoke(app, [command, "--help"]).stdout
