"""What the library refuses is said in the reader's language."""

import pytest
from django.utils import translation

from parvis.io.kept_results import KeptResultError
from parvis_web.ui.errors import sentence_for, sentence_of


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There is no file plan.dxf."),
        ("en-gb", "There is no file plan.dxf."),
        ("fr", "Le fichier plan.dxf n'existe pas."),
        ("pl", "Nie ma pliku plan.dxf."),
        ("de", "There is no file plan.dxf."),
    ],
)
def test_a_kept_code_is_said_in_the_active_language_and_else_in_english(language, said):
    with translation.override(language):
        assert sentence_for("vector_missing", {"file": "plan.dxf"}) == said


def test_an_error_is_said_in_the_active_language():
    with translation.override("fr"):
        assert sentence_of(KeptResultError(file="r")).startswith("Le résultat conservé r manque")


def test_without_an_active_language_english_is_said():
    with translation.override(None):
        assert sentence_for("vector_missing", {"file": "a"}) == "There is no file a."
