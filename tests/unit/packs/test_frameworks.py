"""Frameworks are found, listed and kept as they were released."""

from pathlib import Path

import pytest

from parvis.packs import (
    FrameworkPlaceError,
    PackInvalidError,
    PackUnreadableError,
    UnknownFrameworkError,
    example_text,
    framework_digest,
    framework_names,
    framework_text,
    frameworks,
    load_framework,
    read_framework,
)
from parvis.packs.framework_references import Names, Operand
from parvis.packs.framework_versions import read_releases
from parvis.packs.frameworks import FOLDER, FORMER, RELEASED
from parvis.packs.loader import pack_directory
from parvis.report.messages import describe

EXAMPLE = example_text("framework")
PARK = read_framework(EXAMPLE, name="park-check.yaml")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    own = tmp_path / FOLDER
    own.mkdir()
    (own / "park-check.yaml").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", framework_names())
def test_every_framework_of_parvis_is_in_order(name: str) -> None:
    framework = load_framework(name)
    assert framework.short_id == name
    assert load_framework(framework.id) is framework
    assert framework.questions
    assert {"fr", "pl"} <= framework.translations.keys() or framework.texts == "template"


def test_own_frameworks_come_first_and_templates_only_when_asked(home: Path) -> None:
    listed = frameworks(home)
    assert (listed[0].short_id, listed[0].is_own) == ("park-check", True)
    assert not any(each.is_own for each in listed[1:])
    assert all(each.texts == "complete" for each in listed)
    everything = frameworks(home, with_templates=True)
    assert {each.short_id for each in everything} == set(framework_names(home))
    assert listed[0].n_questions == len(PARK.questions)
    assert "park-check" not in framework_names()


def test_an_own_framework_is_read_again_when_its_file_changes(home: Path) -> None:
    assert load_framework("park-check", home=home).name == "Park check"
    changed = EXAMPLE.replace("name: Park check", "name: Check of parks")
    (home / FOLDER / "park-check.yaml").write_text(changed, encoding="utf-8")
    assert load_framework("park-check", home=home).name == "Check of parks"
    assert framework_text("park-check", home=home) == changed


def test_an_unknown_framework_names_those_there_are(home: Path) -> None:
    with pytest.raises(UnknownFrameworkError) as caught:
        load_framework("nothing", home=home)
    assert "park-check" in describe(caught.value)
    with pytest.raises(UnknownFrameworkError, match="version 7"):
        load_framework("park-check", home=home, version=7)


def test_a_former_version_is_found_by_its_number(home: Path) -> None:
    former = home / FOLDER / FORMER
    former.mkdir()
    (former / "park-check-1.yaml").write_text(EXAMPLE, encoding="utf-8")
    following = EXAMPLE.replace("version: 1", "version: 2\nreplaces: {version: 1}", 1)
    (home / FOLDER / "park-check.yaml").write_text(following, encoding="utf-8")
    assert load_framework("park-check", home=home).version == 2
    assert load_framework("park-check", home=home, version=1).version == 1


def test_a_file_is_called_as_its_id_ends(home: Path) -> None:
    (home / FOLDER / "parks.yaml").write_text(EXAMPLE, encoding="utf-8")
    with pytest.raises(FrameworkPlaceError) as caught:
        load_framework("parks", home=home)
    assert "name it park-check.yaml" in describe(caught.value)


def test_an_own_file_may_fill_a_template_but_replace_nothing_else(home: Path) -> None:
    texts = {each.short_id: each.texts for each in frameworks(with_templates=True)}
    complete = next(name for name, state in texts.items() if state == "complete")
    own = EXAMPLE.replace("framework:park-check", f"framework:{complete}")
    (home / FOLDER / f"{complete}.yaml").write_text(own, encoding="utf-8")
    with pytest.raises(FrameworkPlaceError, match="belongs to a framework of Parvis"):
        load_framework(complete, home=home)
    template = next(name for name, state in texts.items() if state == "template")
    filled = EXAMPLE.replace("framework:park-check", f"framework:{template}")
    (home / FOLDER / f"{template}.yaml").write_text(filled, encoding="utf-8")
    assert load_framework(template, home=home).name == "Park check"


def test_a_file_that_is_no_text_is_refused(home: Path) -> None:
    (home / FOLDER / "park-check.yaml").write_bytes(b"pack: framework\n\xff")
    with pytest.raises(PackUnreadableError, match="line=2"):
        load_framework("park-check", home=home)


def test_the_digest_is_of_what_is_said_not_of_the_layout() -> None:
    commented = read_framework("# a remark\n" + EXAMPLE, name="x")
    assert framework_digest(commented) == framework_digest(PARK)
    current = read_framework(EXAMPLE.replace("status: draft", "status: current"), name="x")
    assert framework_digest(current) == framework_digest(PARK)
    changed = read_framework(EXAMPLE.replace("Trim the hedges", "Cut the hedges"), name="x")
    assert framework_digest(changed) != framework_digest(PARK)


def test_released_frameworks_of_parvis_are_as_they_were_released() -> None:
    listed = pack_directory() / FOLDER / RELEASED
    releases = read_releases(listed.read_text(encoding="utf-8"), name=RELEASED)
    for release in releases:
        framework = load_framework(release.id, version=release.version)
        assert framework_digest(framework) == release.sha256, (
            f"{release.id}, version {release.version}, is frozen: raise its version"
        )
    released = {(each.id, each.version) for each in releases}
    for summary in frameworks(with_templates=True):
        if summary.status == "current":
            assert (summary.id, summary.version) in released, "run `parvis packs release FILE`"


def test_a_list_of_releases_that_is_none_is_refused() -> None:
    with pytest.raises(PackInvalidError, match="id, version and sha256"):
        read_releases("- {id: x}", name="released.yaml")


@pytest.mark.parametrize(
    ("reference", "items", "valued"),
    [
        ("lit", ("lit",), ("lit",)),
        ("gates.width", ("gates.width",), ("gates.width",)),
        ("gates", ("gates.width", "gates.step_free", "gates.note"), None),
        ("section:keepers", ("skills.importance", "skills.competence", "records",
                             "names_recorded"), ("skills.importance", "skills.competence")),
        ("tag:seeing", ("overlooked", "lit"), ("overlooked", "lit")),
        ("score:seen", (), ()),
        ("nothing", (), ()),
    ],
)  # fmt: skip
def test_a_reference_means_items(
    reference: str, items: tuple[str, ...], valued: tuple[str, ...] | None
) -> None:
    names = Names(PARK)
    assert names.items_of(reference) == items
    assert names.valued(reference) == (items[:2] if valued is None else valued)


@pytest.mark.parametrize(
    ("name", "operand"),
    [
        ("fenced", Operand("choice", ("all", "partly", "none"))),
        ("users", Operand("multiple", ("children", "older", "commuters"))),
        ("lit", Operand("ordered", ("no", "partly", "yes"), ("period",))),
        ("gates.width", Operand("number", (), ("entrances",))),
        ("inspected", Operand("date")),
        ("remarks", Operand("text")),
        ("overview", Operand("state")),
        ("attribute.setting", Operand("choice", ("centre", "outskirts"))),
        ("attribute.capacity", Operand("number")),
        ("score.seen", Operand("number", (), ("period",))),
        ("score.may_open", Operand("choice", ("passed", "failed"))),
        ("score.grade", Operand("ordered", ("begun", "fair", "good"))),
        ("score.concern", Operand("ordered", ("low", "medium", "high"), ("period",))),
        ("score.privacy", Operand("state")),
        ("attribute.nothing", None),
        ("score.nothing", None),
        ("nothing", None),
    ],
)
def test_a_name_in_a_condition_stands_for_something(name: str, operand: Operand | None) -> None:
    assert Names(PARK).operand(name) == operand
