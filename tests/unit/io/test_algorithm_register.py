"""One entry about a technology serves three registers; what a form lacks is named."""

import csv
import io
import json

import jsonschema
import pytest
from register_entry import assessment

from parvis.assessment import Answer, Assessment, Subject
from parvis.io.algorithm_register import (
    RegisterFieldError,
    RegisterFrameworkError,
    RegisterIncompleteError,
    RegisterLengthError,
    annex_viii_text,
    dutch_csv,
    transparency_json,
    transparency_schema,
)
from parvis.io.algorithm_register_fields import (
    ANNEX_FIELDS,
    DUTCH_FIELDS,
    TRANSPARENCY_FIELDS,
)
from parvis.packs.frameworks import load_framework
from parvis.report.messages import describe


def test_json_of_the_transparency_standard_keeps_to_the_schema():
    entry = json.loads(transparency_json(assessment()))

    schema = transparency_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(entry, schema, format_checker=jsonschema.FormatChecker())
    assert entry["standard_version"] == "0.3.1"
    assert entry["domain"] == "public safety"
    assert entry["algorithm_type"] == "self-learning"
    assert entry["risk_category"] == "minimal risk"
    assert entry["publication_date"] == "2026-08-20"
    assert "website" not in entry


@pytest.mark.parametrize("field", [f.name for f in TRANSPARENCY_FIELDS if f.required])
def test_schema_refuses_an_entry_without_a_required_field(field):
    entry = json.loads(transparency_json(assessment()))
    del entry[field]

    with pytest.raises(jsonschema.ValidationError, match=f"'{field}' is a required property"):
        jsonschema.validate(entry, transparency_schema())


def test_every_question_of_a_form_is_asked_and_every_option_has_its_published_value():
    framework = load_framework("ai-technology")
    for field in (*TRANSPARENCY_FIELDS, *DUTCH_FIELDS, *ANNEX_FIELDS):
        for key in field.questions:
            question = framework.question(key)
            if field.values is not None:
                assert {option.key for option in question.options} == set(field.values)
            else:
                assert question.kind == ("date" if field.kind in ("date", "month") else "text")


def test_missing_fields_are_named_all_at_once():
    with pytest.raises(RegisterIncompleteError) as caught:
        transparency_json(assessment(without=("r_goal", "r_status", "r_lang")))

    assert caught.value.details["missing"] == "r_lang, r_status, r_goal"
    assert "r_lang, r_status, r_goal" in describe(caught.value)


def test_identifier_stays_the_same_and_follows_the_subjects_own():
    own = "3f0e4e2c-6d1c-4f5d-9a6b-0d7c1f6f2a11"

    first, again = transparency_json(assessment()), transparency_json(assessment())

    assert first == again
    assert json.loads(transparency_json(assessment(ref=own)))["uuid"] == own


@pytest.mark.parametrize(
    ("key", "text"),
    [("r_website", "www.tessenmark.example"), ("r_contact_email", "the office"), ("r_lang", "NL")],
)
def test_what_the_form_does_not_take_is_told_with_what_it_would(key, text):
    with pytest.raises(RegisterFieldError) as caught:
        transparency_json(assessment(**{key: text}))

    assert caught.value.details["question"] == key
    assert text in describe(caught.value)


@pytest.mark.parametrize(
    ("key", "text"), [("r_description_short", "x" * 151), ("r_description", "Too short.")]
)
def test_texts_keep_to_the_length_of_the_standard(key, text):
    with pytest.raises(RegisterLengthError) as caught:
        transparency_json(assessment(**{key: text}))

    assert caught.value.details["length"] == len(text)


def test_dutch_csv_has_every_column_and_no_line_breaks():
    header, row = csv.reader(io.StringIO(dutch_csv(assessment())))

    entry = dict(zip(header, row, strict=True))
    assert header == [field.name for field in DUTCH_FIELDS]
    assert entry["status"] == "In gebruik"
    assert entry["publicatiecategorie"] == "Impactvolle algoritmes"
    assert entry["begindatum"] == "2026-09"
    assert entry["einddatum"] == ""
    assert entry["taal"] == "nld"
    assert entry["schema"] == "1.0.0"
    assert entry["doel_en_impact"] == "No dangerous crowding. Entrances may be closed for a while."
    assert entry["afwegingen"] == "Nobody is identified. Pictures are thrown away at once."


def test_dutch_register_takes_dutch_only():
    with pytest.raises(RegisterFieldError) as caught:
        dutch_csv(assessment(r_lang="en"))

    assert caught.value.details["question"] == "r_lang"


def test_no_cell_of_the_dutch_csv_is_a_formula():
    with pytest.raises(RegisterFieldError) as caught:
        dutch_csv(assessment(r_name="=1+1"))

    assert caught.value.details["question"] == "r_name"


def test_annex_viii_text_has_its_five_parts_and_says_what_was_not_checked():
    text = annex_viii_text(assessment())

    assert "City of Tessenmark Events" in text
    assert "https://register.example/1" in text
    assert "5 Summary of the data protection impact assessment\nnot given" in text
    assert "not checked against the Official Journal" in text


def test_annex_viii_needs_the_providers_entry():
    with pytest.raises(RegisterIncompleteError) as caught:
        annex_viii_text(assessment(without=("r_provider_entry",)))

    assert caught.value.details["missing"] == "r_provider_entry"


def test_other_frameworks_have_no_register_entry():
    other = Assessment(load_framework("preparedness"), Subject("partnership", "Valley"))

    with pytest.raises(RegisterFrameworkError) as caught:
        dutch_csv(other)

    assert "ai-technology" in describe(caught.value)


def test_answers_on_which_assessors_differ_count_as_missing():
    base = assessment(without=("r_goal",))
    two = base.with_answers(
        Answer("r_goal", value=text, assessor=person)
        for person, text in (("first", "No crowding."), ("second", "More visitors."))
    )

    with pytest.raises(RegisterIncompleteError, match="r_goal"):
        transparency_json(two)
