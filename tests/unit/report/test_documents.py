"""Two documents from one result: the public one gives nothing away, the other tells all."""

import io
import re

import pypdf
import pytest
import shapely
from report_reading import flat, text_of

from parvis.errors import InputError, InternalError
from parvis.report.annex import annex_data
from parvis.report.council import council_data
from parvis.report.documents import (
    annex_pictures,
    compile_document,
    council_paper,
    restricted_annex,
    write_report,
)
from parvis.report.maps import overview_map
from parvis.terms import Grade

WORDS_OF_WEAKNESS = {
    "en": ("access point", "km/h", "rating", " gap", "bollard", "run-up", "stand-off", "kJ",
           "speed", "penetration", "AMBER "),
    "fr": ("point d'accès", "points d'accès", "km/h", "classe de performance", "brèche", "borne",
           "élan", "distance de sécurité", "kJ", "vitesse", "pénétration"),
    "pl": ("punkt wjazdu", "punkty wjazdu", "km/h", "odporności", "prześwit", "słupek",
           "rozpędzani", "odległość ochronna", "kJ", "prędkoś", "penetracj"),
}  # fmt: skip


@pytest.fixture(scope="module")
def paper(result, city) -> bytes:
    return council_paper(result, city, "en")


@pytest.fixture(scope="module")
def pictures(result, city) -> dict[str, bytes]:
    return annex_pictures(result, city)


@pytest.fixture(scope="module")
def annex(result, pictures) -> bytes:
    return restricted_annex(result, pictures, recipients=("A. Mayor", "B. Chief"), copy=2, copies=3)


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_council_paper_says_nothing_about_weaknesses(result, city, language):
    text = text_of(council_paper(result, city, language))
    for word in WORDS_OF_WEAKNESS[language]:
        assert word.lower() not in text.lower(), word
    assert not re.search(r"\d+\s*(km|m/s|kJ|mph|t\b)", text)
    assert not re.search(r"[MN]\d[A-G]?\b", text)
    assert "V/" not in text


def test_council_paper_is_the_same_whatever_was_found(result, result_with, city, paper):
    cleared = result_with(
        access_points=(), inputs=(), profiles=(), speed_maps=(), notices=(), grade=Grade.A,
        vehicles=result.vehicles[:1], design="limit",
        threat_statement={"reference": "T-1", "authority": "Police", "date": "2026-01-01"},
    )  # fmt: skip
    assert council_paper(cleared, city) == paper


def test_the_only_picture_of_the_council_paper_is_the_overview(result, city, monkeypatch):
    seen = {}

    def note(template, data, pictures):
        seen.update(pictures)
        return b""

    monkeypatch.setattr("parvis.report.documents.compile_document", note)
    council_paper(result, city)
    area = shapely.from_wkb(result.protected_area)
    assert seen == {"overview.svg": overview_map(city, area)}


def test_the_overview_shows_no_barriers(result, city):
    from dataclasses import replace

    area = shapely.from_wkb(result.protected_area)
    bare = replace(city, lines=city.furniture, points=city.furniture)
    assert overview_map(city, area) == overview_map(bare, area)


def test_no_picture_file_is_embedded_in_the_council_paper(paper):
    for page in pypdf.PdfReader(io.BytesIO(paper)).pages:
        assert len(page.images) == 0


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_documents_are_tagged_titled_and_in_their_language(result, city, language):
    pdf = council_paper(result, city, language)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).startswith(language)
    assert reader.metadata is not None
    assert "Corn Market" in str(reader.metadata.title)
    assert str(reader.metadata.author).startswith("Parvis")


def test_annex_is_marked_and_numbered_on_every_page(annex):
    for page in pypdf.PdfReader(io.BytesIO(annex)).pages:
        text = page.extract_text()
        assert "TLP:AMBER" in text
        assert "Copy 2 of 3" in text
        assert "not a forecast and not a likelihood" in flat(text)


def test_annex_first_page_names_recipients_and_unsourced_parameters(annex):
    first = flat(pypdf.PdfReader(io.BytesIO(annex)).pages[0].extract_text())
    assert "A. Mayor" in first
    assert "This copy is for: B. Chief" in first
    assert "Parameters without a published source" in first
    for name in ("acceleration from rest", "width", "test mass", "power over mass"):
        assert name in first
    assert "no threat statement: all classes shown" in first


def test_first_page_still_names_parameters_with_many_recipients(result, pictures):
    names = tuple(f"Recipient with a long name {n}, department of works" for n in range(1, 25))
    pdf = restricted_annex(result, pictures, recipients=names, copies=24)
    first = flat(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text())
    assert "power over mass" in first
    assert "Recipient with a long name 24" in first


def test_annex_shows_first_the_cautious_speed_rounded_up(result):
    data = annex_data(result)
    for row, point in zip(data["access"]["rows"], result.access_points, strict=True):
        told = int(row[5][0].removesuffix(" km/h"))
        highest = max(entry.speed.cautious for entry in point.classes) * 3.6
        assert told % 5 == 0
        assert highest <= told < highest + 5


def test_annex_says_screening_only_with_its_reason_per_access_point(result):
    rows = annex_data(result)["access"]["rows"]
    assert rows[0][7] == ["C – screening only: clear width not verified"]
    assert rows[4][7] == ["B – municipal data"]
    assert "steps" in rows[3][7][0]


def test_classes_chosen_without_a_statement_are_not_called_all(result_with, result):
    chosen = result_with(vehicles=result.vehicles[:2], access_points=())
    assert annex_data(chosen)["qualifications"][0] == (
        "no threat statement: only M1 and N1G shown, as chosen for this run"
    )


def test_a_threat_statement_is_named(result_with):
    statement = {"reference": "T-1", "authority": "Police", "date": "2026-01-01"}
    named = annex_data(result_with(threat_statement=statement))["qualifications"][0]
    assert named == "Threat statement T-1 of Police, 2026-01-01"


def test_annex_says_reduce_the_speed_above_the_tested_speeds(result_with, result):
    from dataclasses import replace

    point = result.access_points[0]
    classes = tuple(
        replace(c, required_rating="", rating_reason="above_tested_speeds") for c in point.classes
    )
    changed = result_with(access_points=(replace(point, classes=classes),))
    cell = annex_data(changed)["access"]["rows"][0][6]
    assert cell[0] == "no tested rating: reduce the speed first"
    assert not any("penetration" in line for line in cell)


def test_sensitivity_shows_the_rating_of_each_speed(result):
    rows = annex_data(result)["sensitivity"]
    assert rows[2][2:5] == [
        "49 km/h\nV/30000[N3G]/64/90",
        "53 km/h\nV/30000[N3G]/64/90",
        "61 km/h\nV/30000[N3G]/64/90",
    ]


def test_annex_lists_eight_inputs_and_counts_the_others(result_with, result):
    from dataclasses import replace

    many = tuple(replace(result.inputs[n % 8], key=f"obstacle:node/{n}") for n in range(50))
    keys = tuple(item.key for item in many)
    point = result.access_points[0]
    classes = tuple(replace(entry, measures=keys) for entry in point.classes)
    crowded = result_with(inputs=many, access_points=(replace(point, classes=classes),))
    data = annex_data(crowded)
    assert [row[0] for row in data["measure"]["rows"]] == [f"M{n}" for n in range(1, 9)]
    assert data["measure"]["more"].startswith("42 more inputs")
    assert data["sensitivity"][0][-1] == "M1, M2, M3, M4, M5, M6, M7, M8, 42 more"


def test_annex_holds_the_sign_off_residual_risks_and_hashes(annex, result):
    text = flat(text_of(annex))
    for words in ("Slow encroachment", "blast", "Tailgating", "Signature", "9f9f9f", "a1a1a1"):
        assert words in text
    assert result.provenance["run_id"] in text.replace(" ", "")


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_without_access_points_nothing_reads_safe(result_with, city, language):
    result = result_with(access_points=(), inputs=(), speed_maps=())
    pdf = restricted_annex(result, annex_pictures(result, city, language), language)
    text = flat(text_of(pdf))
    for word in (" safe", "sûr ", "sans danger", "sécurisé"):
        assert word not in text.lower()
    expected = {
        "en": "The data cannot know",
        "fr": "Les données ne peuvent pas savoir",
        "pl": "Dane nie mówią",
    }
    assert expected[language] in text


def test_two_hundred_access_points_are_set(result_with, result, city):
    from dataclasses import replace

    many = tuple(
        replace(result.access_points[n % 5], id=n, street=f"Street {n}") for n in range(1, 201)
    )
    crowded = result_with(access_points=many)
    assert len(annex_data(crowded)["details"]) == 200
    pdf = restricted_annex(crowded, annex_pictures(crowded, city))
    assert 40 <= len(pypdf.PdfReader(io.BytesIO(pdf)).pages) <= 120


@pytest.mark.parametrize(
    "name",
    ["Πλατεία Ελευθερίου", "Площадь", "Ø " * 90, "", "A“#[]{}$*_`<\\@~", "a\x00b\x1f"],
)
def test_any_name_of_a_place_is_set(result_with, city, name):
    result = result_with(space_name=name, speed_maps=(), access_points=())
    text = text_of(council_paper(result, city))
    shown = "".join(sign for sign in name if sign.isprintable())
    assert flat(shown)[:12] in flat(text)


def test_a_name_in_a_script_no_font_has_is_set_with_boxes(result_with, city):
    assert council_paper(result_with(space_name="広場 🎪"), city)


def test_a_picture_without_alternative_text_is_refused(result, city):
    data = council_data(result) | {"alt": None}
    area = shapely.from_wkb(result.protected_area)
    with pytest.raises(InternalError, match="document_not_made"):
        compile_document("council.typ", data, {"overview.svg": overview_map(city, area)})


def test_documents_are_the_same_bytes_every_time(result, city, paper, annex, pictures):
    assert council_paper(result, city) == paper
    again = annex_pictures(result, city)
    assert again == pictures
    assert (
        restricted_annex(result, again, recipients=("A. Mayor", "B. Chief"), copy=2, copies=3)
        == annex
    )


def test_page_counts_stay_readable(paper, annex):
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) <= 4
    assert len(pypdf.PdfReader(io.BytesIO(annex)).pages) <= 16


def test_each_recipient_gets_a_numbered_copy(result_with, city, tmp_path):
    result = result_with(speed_maps=())
    report = write_report(result, city, tmp_path, recipients=("A", "B"), copies=1)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [
        "council-paper.en.pdf",
        "restricted-annex.en.copy-1-of-2.pdf",
        "restricted-annex.en.copy-2-of-2.pdf",
    ]
    assert report.council_paper.name in names


def test_nothing_is_left_when_a_document_fails(result, city, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("parvis.report.documents.restricted_annex", refuse)
    with pytest.raises(InputError, match="output_not_writable"):
        write_report(result, city, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_language_is_refused_before_anything_is_written(result, city, tmp_path):
    with pytest.raises(InputError, match="unknown_language"):
        write_report(result, city, tmp_path / "out", language="de")
    assert not (tmp_path / "out").exists()


def test_council_paper_in_a_citys_own_words_owns_to_machine_translation(result, city, tmp_path):
    own = tmp_path / "council.yaml"
    own.write_text("council: {sections: {purpose: {title: Zweck}}}\nunreviewed: 1\n")
    text = flat(text_of(council_paper(result, city, "de", overrides=tmp_path)))
    assert "Zweck" in text
    assert "Machine translation, not reviewed" in text
    own.write_text("council: {sections: {purpose: {title: Zweck}}}\n")
    assert "not reviewed" not in text_of(council_paper(result, city, "de", overrides=tmp_path))
    own.unlink()
    with pytest.raises(InputError, match="de"):
        council_data(result, "de", overrides=tmp_path)
