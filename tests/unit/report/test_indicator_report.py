"""The yearly report fills itself: the same figures and sentences in every language."""

import re

import pytest
from dashboards import CATALOGUE, board, counted, seen

from parvis.indicators.estimates import Flag
from parvis.report.dashboard_figures import DashboardFigures
from parvis.report.dashboard_words import DashboardWords
from parvis.report.indicator_report import ReportOf

ROWS = (
    counted("SEC-02", "2023", 900, 100_000, source="police"),
    counted("SEC-02", "2025", 600, 101_000, source="police"),
    seen("SEN-01", "2023", 40.0, n=900, standard_error=1.5, source="survey"),
    seen("SEN-01", "2025", 47.0, n=900, standard_error=1.5, source="survey"),
)


def report(language="en", rows=ROWS, **given):
    options = {"period": "2025", "base": "2023"} | given
    found = board(*rows, **options)
    return ReportOf(
        found,
        DashboardFigures(CATALOGUE, language),
        area="Tessenmark <b>",
        authority="Tessenmark",
        marking="TLP:GREEN",
        created="2026-03-01T10:00:00+00:00",
        is_synthetic=True,
    )


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_it_says_what_the_dashboard_says(language):
    made = report(language)
    text = made.html()
    assert len(made.titles()) == 9
    for said in ("2023", "2025", "TLP:GREEN", "data:image/svg+xml;base64,"):
        assert said in text
    assert "Tessenmark &lt;b&gt;" in text
    assert not re.search(r"<script|https?://|style=|<b>", text)


def test_synthetic_data_are_said_first_and_crime_with_what_is_not_reported():
    text = report().html()
    assert text.index("made up for a fictional town") < text.index("<h2>Quality of life")
    assert "it is not known how much is reported" in text
    assert "594.1" in text
    assert "fell, for the better (900.0 in 2023)" in text


def test_another_year_fills_it_with_that_years_values():
    text = report(period="2023", base=None).html()
    assert "900.0" in text
    assert "594.1" not in text


def test_it_is_set_as_pdf():
    assert report("pl").pdf().startswith(b"%PDF")


def test_a_block_in_one_sentence_counts_every_indicator_once():
    found = board(*ROWS, seen("SEC-04", "2025", None, flag=Flag.SUPPRESSED), base="2023")
    words = DashboardWords(CATALOGUE, "en")
    block = next(each for each in found.blocks if each.key == "SEC")
    cards = [*block.objective.cards, *block.perceived.cards]
    assert words.sentence(cards) == "1 fell, 14 without data."
    assert words.verdict(cards) == "Of what changed, 1 for the better and 0 for the worse."
    assert words.sentence([card for card in cards if card.is_missing]) == (
        "No data yet: 14 indicators wait for their data."
    )


def test_differences_of_percentages_are_points():
    card = board(*ROWS, base="2023").by_code["SEN-01"]
    words = DashboardWords(CATALOGUE, "en")
    assert words.value(card, 47.0) == "47.0%"
    assert words.difference(card, -7.0) == "−7.0 points"
    assert words.value(card, None) == "–"
