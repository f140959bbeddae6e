"""What a figure says in words and as a table: in three languages, and not more than is known."""

import dataclasses
import re

import pytest
from figure_samples import SAMPLES, area_map, interval_dots, pair, profile, trend, waterfall

from parvis.indicators.estimates import Flag
from parvis.report.figures import Kind, Mark, Reporting, Words, full_table, summary, table
from parvis.report.wording import LANGUAGES

SAID = {
    "en": (
        "Tessenmark: 58.0 per 100,000 residents (54.0 to 62.0) in 2023. "
        "In the base period 2021 it was 52.0 per 100,000 residents. "
        "No demonstrable change since the base period. "
        "The series breaks in 2022: values before and after cannot be compared. "
        "The target is 45.0 per 100,000 residents. One value is missing."
    ),
    "fr": (
        "Tessenmark : 58,0 per 100,000 residents (54,0 à 62,0) en 2023. "
        "Pendant la période de référence, 2021, la valeur était de 52,0 per 100,000 residents. "
        "Sans évolution démontrable depuis la période de référence. "
        "Rupture de série en 2022 : les valeurs d'avant et d'après ne sont pas comparables. "
        "La cible est de 45,0 per 100,000 residents. Une valeur manque."
    ),
    "pl": (
        "Tessenmark: 58,0 per 100,000 residents (od 54,0 do 62,0), okres 2023. "
        "W okresie bazowym 2021 wartość wynosiła 52,0 per 100,000 residents. "
        "Od okresu bazowego nie ma wykazanej zmiany. "
        "Przerwa w szeregu, okres 2022: wartości sprzed niej i po niej nie są porównywalne. "
        "Cel to 45,0 per 100,000 residents. Brakuje jednej wartości."
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trend_says_its_last_value_its_base_its_change_its_breaks_and_its_target(language):
    assert summary(trend(language)) == SAID[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_whole_sentences_in_every_language(kind, language):
    said = summary(SAMPLES[kind](language))
    assert said.endswith(".")
    assert not re.search(r"[{}]|None|\bnan\b|  ", said)
    assert (said == summary(SAMPLES[kind]("en"))) is (language == "en")


def test_change_is_worded_rose_fell_or_no_demonstrable_change():
    for change, said in (
        ("rose", "It rose since the base period."),
        ("fell", "It fell since the base period."),
        ("no_demonstrable_change", "No demonstrable change since the base period."),
    ):
        assert said in summary(dataclasses.replace(trend(), change=change))
    assert "change" not in summary(dataclasses.replace(trend(), change=""))


def test_no_area_is_named_as_highest_or_lowest():
    said = summary(area_map())
    for mark in area_map().marks:
        assert mark.label not in said
    assert (
        "Higher than the value compared with: 1; lower: 1; no demonstrable difference: 2." in said
    )
    assert "One value is not shown. One value is missing. One value is unreliable." in said


def test_a_pair_says_both_halves_of_every_theme():
    assert summary(pair()) == (
        "Violence: objective 62.0 (55.0 to 69.0), perceived 48.0 (41.0 to 55.0). "
        "Mobility: objective 71.0 (66.0 to 76.0), perceived nothing is scored here. "
        "Trust: objective not enough data, perceived 51.0 (45.0 to 57.0)."
    )


def test_a_waterfall_names_what_moved_the_score_most_first():
    assert summary(waterfall()) == (
        "The score went from 100.0 to 102.2 (+2.2). "
        "What moved it most: Trust (+3.5) and Theft (−1.2)."
    )


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (interval_dots(), ("Intervals: 95% confidence.",)),
        (
            trend(),
            (
                "Everything was counted: intervals show the range of chance variation (95%), "
                "not sampling error.",
                "What is recorded is not what happens: 42% is reported (survey 2024).",
            ),
        ),
        (
            profile(),
            (
                "Everything was counted: intervals show the range of chance variation (95%), "
                "not sampling error.",
                "What is recorded is not what happens: it is not known how much is reported.",
            ),
        ),
    ],
)
def test_caveats_say_what_intervals_are_and_how_much_is_reported(figure, said):
    assert Words(figure).caveats() == said


@pytest.mark.parametrize("kind", Kind)
def test_recorded_crime_is_never_without_its_reporting_rate(kind):
    figure = dataclasses.replace(SAMPLES[kind](), recorded=Reporting())
    assert any("how much is reported" in each for each in Words(figure).caveats())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flag_has_its_explanation(language):
    flags = tuple(flag for flag in Flag if flag is not Flag.NORMAL)
    marked = Mark("2025", 1.0, flags=flags)
    series = (dataclasses.replace(trend().series[0], marks=(marked,)),)
    figure = dataclasses.replace(trend(language), series=series)
    assert [said[0] for said in Words(figure).flags()] == sorted(flag.value for flag in flags)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "54.0%"), ("fr", "54,0\N{NO-BREAK SPACE}%"), ("pl", "54,0 %")]
)
def test_percentages_are_written_as_the_language_does(language, said):
    found = Words(interval_dots(language)).quantity(54.0)
    assert found.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}").replace(
        "\N{NO-BREAK SPACE}", " "
    ) == said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("kind", Kind)
def test_the_table_has_the_same_values_in_the_same_order(kind):
    figure = SAMPLES[kind]()
    for found in (table(figure), full_table(figure)):
        place = [column.key for column in found.columns].index("value")
        beside = [figure.reference.value] if figure.reference else []
        beside += [figure.target] if figure.target is not None else []
        assert [row[place] for row in found.rows] == [m.value for m in figure.marks] + beside
        assert all(len(row) == len(found.columns) for row in (*found.rows, *found.texts))


def test_the_table_says_why_a_value_is_not_there():
    found = table(interval_dots())
    keys = [column.key for column in found.columns]
    rows = {row[0]: dict(zip(keys, row, strict=True)) for row in found.texts}
    assert rows["Mill Hill"]["value"] == "no value"
    assert rows["Mill Hill"]["note"] == "Nobody was asked here."
    assert rows["East Fields"]["value"] == "not shown"
    assert rows["Riverside"]["flags"] == "u"
    assert rows["Harbour"]["against"] == "lower"
    assert rows["target"]["value"] == "65.0%"
