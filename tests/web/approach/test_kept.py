"""A kept result is read in the reader's language; in English where it was kept without it."""

import pytest
from django.utils import translation

from parvis.io.kept_results import KeptResultError
from parvis_web.approach import kept
from parvis_web.approach.models import Analysis


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "folder_of", lambda _item: tmp_path)
    (tmp_path / "document.en.json").write_text('{"said": "in English"}')
    return tmp_path


def test_a_result_kept_before_a_language_came_shows_in_english(folder):
    with translation.override("pl"):
        assert kept.document(Analysis()) == {"said": "in English"}


def test_a_result_shows_in_the_reader_s_language(folder):
    (folder / "document.pl.json").write_text('{"said": "po polsku"}')
    with translation.override("pl"):
        assert kept.document(Analysis()) == {"said": "po polsku"}
    with translation.override("en"):
        assert kept.document(Analysis()) == {"said": "in English"}


def test_a_missing_result_is_refused(folder):
    with translation.override("pl"), pytest.raises(KeptResultError):
        kept.texts(Analysis())
