"""A city says public page and council paper in its own words, from a spreadsheet."""

import gettext
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from parvis.report.wording import Wording, own_texts
from parvis_web.publishing.translation import Row, Status, TranslationError, rows_of, take
from parvis_web.publishing.translation_sheet import read_sheet, write_sheet
from parvis_web.ui import overrides

NOTHING = "Nothing is published yet."
PURPOSE = "council.sections.purpose.title"


@pytest.fixture(autouse=True)
def data(settings, tmp_path: Path) -> Path:
    settings.PARVIS_DATA = tmp_path
    overrides.drafts_of.cache_clear()
    yield tmp_path
    overrides.drafts_of.cache_clear()


def numbered(rows: list[Row]) -> list[tuple[int, Row]]:
    return list(enumerate(rows, start=2))


def said(language: str, english_or_key: str) -> Row:
    return next(row for row in rows_of(language) if english_or_key in {row.english, row.key})


def with_words(row: Row, words: str, status: Status = Status.REVIEWED) -> Row:
    return Row(row.part, row.key, row.english, words, status)


def refused(language: str, *rows: Row) -> list[str]:
    with pytest.raises(TranslationError) as refusal:
        take(language, numbered(list(rows)))
    assert own_texts(overrides.folder_of(language)) == {}
    return refusal.value.messages


def test_public_page_and_council_paper_are_offered():
    rows = rows_of("pl")
    assert {row.part for row in rows} == {"pages", "paper"}
    assert {said("pl", NOTHING).status, said("pl", PURPOSE).status} == {Status.SHIPPED}
    assert said("pl", PURPOSE).translation == "Cel"
    assert said("de", NOTHING).status == Status.MISSING
    assert len({(row.part, row.key) for row in rows}) == len(rows)


def test_what_is_written_is_read_back(tmp_path: Path):
    rows = rows_of("fr")
    write_sheet(rows, tmp_path / "texts.xlsx", language="fr")
    assert [row for _number, row in read_sheet(tmp_path / "texts.xlsx")] == rows


def test_words_of_the_city_reach_django_and_the_library():
    rows = [
        with_words(said("de", NOTHING), "Noch nichts veröffentlicht."),
        with_words(said("de", PURPOSE), "Zweck"),
        with_words(said("de", "council.sections.options.rows.0.0"), "Gehen"),
    ]
    assert take("de", numbered(rows)) == {"kept": 3, "drafts": 0}
    with (overrides.folder_of("de") / "LC_MESSAGES" / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext(NOTHING) == "Noch nichts veröffentlicht."
    wording = Wording("de", overrides.folder_of("de"))
    assert wording(PURPOSE) == "Zweck"
    english = Wording("en")
    assert wording("council.sections.decision.title") == english("council.sections.decision.title")
    assert [row[0] for row in wording.tree("council")["sections"]["options"]["rows"]][:2] == [
        "Gehen",
        english.node("council.sections.options.rows")[1][0],
    ]
    assert wording.number(1234.5, 1).endswith(",5")
    assert "de" in overrides.paper_languages()
    assert not overrides.has_drafts("de")


def test_next_table_holds_what_was_taken():
    take("fr", numbered([with_words(said("fr", PURPOSE), "But", Status.DRAFT)]))
    assert said("fr", PURPOSE) == with_words(said("fr", PURPOSE), "But", Status.DRAFT)
    assert take("fr", numbered(rows_of("fr"))) == {"kept": 1, "drafts": 1}


def test_machine_translations_are_owned_to():
    rows = [
        with_words(said("fr", NOTHING), "Rien encore.", Status.DRAFT),
        with_words(said("fr", PURPOSE), "But", Status.DRAFT),
    ]
    assert take("fr", numbered(rows)) == {"kept": 2, "drafts": 2}
    assert overrides.has_drafts("fr")
    assert Wording("fr", overrides.folder_of("fr")).has("unreviewed")
    take("fr", numbered([with_words(row, row.translation) for row in rows]))
    assert not overrides.has_drafts("fr")
    assert not Wording("fr", overrides.folder_of("fr")).has("unreviewed")


def test_fields_and_tags_of_a_text_stay():
    place = said("de", "council.title")
    assert "{space}" in place.english
    assert refused("de", with_words(place, "Ohne Ort")) == [
        "Row 2, column Translation: it must hold these fields and no others: {space}."
    ]
    script = with_words(said("de", NOTHING), "Nichts <script>x</script>")
    assert refused("de", script) == [
        "Row 2, column Translation: it must hold these fields and no others: –."
    ]
    assert len(refused("de", with_words(said("de", NOTHING), "Nichts <b"))) == 1


def test_every_mistake_names_row_and_column_and_nothing_is_kept():
    good, place = said("de", NOTHING), said("de", PURPOSE)
    assert refused(
        "de",
        with_words(good, "Nichts."),
        with_words(good, "Nichts."),
        Row("paper", "council.nowhere", "x", "y", Status.REVIEWED),
        Row(place.part, place.key, "Aim", "Zweck", Status.REVIEWED),
        with_words(said("de", "council.kind"), "", Status.DRAFT),
    ) == [
        f"Row 3, column Key: “{good.key}” stands in the table twice.",
        "Row 4, column Key: “council.nowhere” is not a text of this version.",
        "Row 5, column English: the English text is another in this version; "
        "export the table anew.",
        "Row 6, column Translation: it is empty: give a translation, or say missing.",
    ]


def test_changed_shipped_translation_says_how_far_it_is():
    changed = with_words(said("fr", PURPOSE), "But", Status.SHIPPED)
    assert refused("fr", changed) == [
        "Row 2, column Status: the translation was changed: say reviewed or draft-machine."
    ]


def test_cells_are_no_formulas(tmp_path: Path):
    path = tmp_path / "texts.xlsx"
    row = Row("pages", "k", "=1+1", "@SUM(A1)", Status.REVIEWED)
    write_sheet([row], path, language="de")
    cells = openpyxl.load_workbook(path).active[2]
    assert [cell.value for cell in cells][2:4] == ["'=1+1", "'@SUM(A1)"]
    assert read_sheet(path) == [(2, row)]


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("D", "=A1", "Row 2, column Translation holds a formula; write text."),
        ("E", "done", "Row 2, column Status: “done” is none of missing, shipped, draft-machine"),
    ],
)
def test_cells_that_cannot_be_used_are_named(tmp_path: Path, column, value, sentence):
    path = tmp_path / "texts.xlsx"
    write_sheet(rows_of("de")[:1], path, language="de")
    book = openpyxl.load_workbook(path)
    book.active[f"{column}2"] = value
    book.save(path)
    with pytest.raises(TranslationError, match=sentence):
        read_sheet(path)


def test_something_else_than_the_table_is_refused(tmp_path: Path):
    path = tmp_path / "texts.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(TranslationError, match=r"texts.xlsx cannot be read as an XLSX workbook"):
        read_sheet(path)
    openpyxl.Workbook().save(path)
    with pytest.raises(TranslationError, match=r"must begin with a row of these columns: Part"):
        read_sheet(path)


def test_command_writes_and_takes_the_table(tmp_path: Path, capsys):
    path = tmp_path / "texts.xlsx"
    call_command("translations", "export", "--language", "de", str(path))
    book = openpyxl.load_workbook(path)
    for cells in book.active.iter_rows(min_row=2):
        if cells[1].value == PURPOSE:
            cells[3].value, cells[4].value = "Zweck", "draft-machine"
    book.save(path)
    call_command("translations", "import", "--language", "de", str(path))
    assert "1 texts kept, 1 of them unreviewed" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"must end in .xlsx"):
        call_command("translations", "export", "--language", "de", str(tmp_path / "texts.csv"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("translations", "import", "--language", "de", str(tmp_path / "none.xlsx"))
