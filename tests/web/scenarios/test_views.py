"""Pages of scenarios: without scripts, with a bench, without one, for strangers, in few queries."""

import io
import json
from uuid import uuid4

import pytest
from drawn_square import FURTHER_WEST, SQUARE, geojson, store_square
from openpyxl import load_workbook
from scenario_bench import running_bench

from parvis.io.store import load_city
from parvis_web.accounts.models import Authority
from parvis_web.accounts.vocabulary import Ability
from parvis_web.config.data import library_home
from parvis_web.scenarios import editor, services, views
from parvis_web.scenarios.bench import Reply, ask
from parvis_web.scenarios.models import Scenario, Signature
from parvis_web.scenarios.present import place_of
from parvis_web.spaces.models import Evidence

HERE = uuid4()
"""The authority of these tests keeps its id, so that its prepared place serves all of them."""
QUESTION = {
    "place": {"city": "tessenmark", "name": "Market Square", "store_id": "way/77"},
    "vehicles": ["N2B"],
    "design": "cautious",
    "people_line": None,
}


@pytest.fixture(scope="module")
def bench():
    with running_bench(size=1) as running:
        yield running


@pytest.fixture
def here(make_town, monkeypatch):
    town = make_town()
    pk = town.authority.pk
    Authority.objects.filter(pk=pk).delete()
    town.authority.pk = HERE
    town.authority.save(force_insert=True)
    if not library_home(HERE).exists():
        store_square(library_home(HERE))
    monkeypatch.setattr(
        "parvis_web.approach.questions.asked", lambda *_args, **_named: dict(QUESTION)
    )
    monkeypatch.setattr(views, "PATIENCE", 60.0)
    return town


@pytest.fixture
def space(here):
    state = load_city("tessenmark", home=library_home(HERE)).hash
    city = here.city(state_hash=state)
    space = here.space(city=city, store_id="way/77", is_drawn=False, area=geojson(SQUARE))
    ask(place_of(space, None), None, patience=60, deadline=60)
    return space


@pytest.fixture
def scenario(here, space):
    return services.create_scenario(here.actor("owner"), space, name="=Lane")


def url(scenario, name="editor", *more, slug="tessenmark"):
    from django.urls import reverse

    return reverse(f"scenarios:{name}", args=[slug, scenario.space_id, scenario.pk, *more])


def added(client, scenario, **fields):
    scenario.refresh_from_db()
    values = {
        "edit": scenario.edit, "type": "place_row", "family": "fixed-bollard-deep",
        "access_point": "1", "offset": "4",
    }  # fmt: skip
    return client.post(url(scenario, "add"), values | fields)


def test_row_is_added_by_form_alone_and_its_result_shown(bench, here, scenario):
    client = here.client("owner")
    response = added(client, scenario)
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert "1 of 2 access points is closed." in page
    assert "N2B" in page
    assert "plan-element" in page
    scenario.refresh_from_db()
    (change,) = scenario.changes
    assert change["type"] == "place_row"


def test_page_shows_what_the_library_answers(bench, here, scenario):
    client = here.client("owner")
    added(client, scenario)
    scenario.refresh_from_db()
    reply = ask(place_of(scenario.space, None), scenario.document(), patience=60, deadline=60)
    row = reply.answer["rows"][0]
    page = client.get(url(scenario)).content.decode()
    assert row["coverage"][0]["required"] in page
    assert row["sufficient_levels"] == ["extra-heavy"]
    assert "extra heavy" in page


def test_coordinates_serve_as_well_as_an_access_point(bench, here, scenario):
    places = geojson(FURTHER_WEST)["coordinates"]
    line = "; ".join(f"{x}, {y}" for x, y in places)
    assert added(here.client("owner"), scenario, access_point="", line=line).status_code == 302
    wrong = added(here.client("owner"), scenario, access_point="", line="here; there")
    assert wrong.status_code == 422
    assert "longitude, latitude" in wrong.content.decode()


def test_every_form_of_the_palette_adds_its_change(bench, here, scenario):
    client = here.client("owner")
    for fields in (
        {"type": "add_barrier", "thickness": "0.3"},
        {"type": "narrow_mouth", "clear_width": "3", "side": "middle"},
        {"type": "add_chicane", "shift": "1", "spacing": "10", "clear_width": "3", "offset": "30"},
    ):
        assert added(client, scenario, **fields).status_code == 302, fields
    scenario.refresh_from_db()
    kinds = [change["type"] for change in scenario.changes]
    assert kinds == ["add_barrier", "narrow_mouth", "add_chicane"]
    assert "Vehicles still arrive" in client.get(url(scenario)).content.decode()


def test_change_that_cannot_be_is_told_and_can_be_undone(bench, here, scenario):
    client = here.client("owner")
    added(client, scenario, access_point="", line="9.0, 51.0; 9.0001, 51.0", type="add_barrier",
          thickness="0.3")  # fmt: skip
    page = client.get(url(scenario)).content.decode()
    assert "Change 1 meets no ground" in page
    scenario.refresh_from_db()
    client.post(url(scenario, "undo"), {"edit": scenario.edit})
    assert "Vehicles still arrive" in client.get(url(scenario)).content.decode()


def test_plan_sends_the_whole_list_and_gets_a_part_of_the_page(bench, here, scenario):
    row = {"type": "place_row", "line": geojson(FURTHER_WEST), "family": "rated-wall"}
    client = here.client("owner")
    response = client.post(
        url(scenario, "edit"),
        {"edit": scenario.edit, "changes": json.dumps([row])},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 200
    assert response.content.decode().lstrip().startswith('<div id="work"')
    stale = client.post(
        url(scenario, "edit"),
        {"edit": scenario.edit, "changes": "[]"},
        headers={"HX-Request": "true"},
    )
    assert stale.status_code == 422
    assert "Somebody changed this scenario" in stale.content.decode()
    scenario.refresh_from_db()
    assert scenario.changes == [row]


def test_row_gets_another_product(bench, here, scenario):
    client = here.client("owner")
    added(client, scenario)
    scenario.refresh_from_db()
    chosen = {"edit": scenario.edit, "family": "fixed-bollard-deep", "level": "extra-heavy"}
    client.post(url(scenario, "change", 0), chosen)
    scenario.refresh_from_db()
    assert scenario.changes[0]["level"] == "extra-heavy"
    assert "holds against all classes" in client.get(url(scenario)).content.decode()
    wrong = {"edit": scenario.edit, "family": "none-such", "level": "light"}
    client.post(url(scenario, "change", 0), wrong)
    assert "no product none-such" in client.get(url(scenario)).content.decode()


@pytest.mark.parametrize("sent", ["no json", "{}", "[1]", "null"])
def test_list_that_is_none_is_refused(bench, here, scenario, sent):
    fields = {"edit": scenario.edit, "changes": sent}
    response = here.client("owner").post(url(scenario, "edit"), fields)
    assert response.status_code == 422


def test_change_is_moved_and_taken_out_by_form(bench, here, scenario):
    client = here.client("owner")
    added(client, scenario)
    scenario.refresh_from_db()
    before = scenario.changes[0]["line"]["coordinates"][0]
    client.post(url(scenario, "change", 0), {"edit": scenario.edit, "east": "-1", "north": "0"})
    scenario.refresh_from_db()
    assert scenario.changes[0]["line"]["coordinates"][0][0] < before[0]
    far = client.post(url(scenario, "change", 0), {"edit": scenario.edit, "east": "1e9"})
    assert far.status_code == 422
    client.post(url(scenario, "change", 0), {"edit": scenario.edit, "remove": "1"})
    scenario.refresh_from_db()
    assert scenario.changes == []


def test_saved_proposed_signed_compared_and_exported(bench, here, scenario):
    client = here.client("owner")
    added(client, scenario)
    scenario.refresh_from_db()
    client.post(url(scenario, "save"), {"edit": scenario.edit})
    client.post(url(scenario, "propose"))
    scenario.refresh_from_db()
    assert scenario.state == "proposed"
    sheet = client.get(url(scenario, "sheet"))
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    here.name_on("guest", scenario, Ability.READ, Ability.SIGN)
    version = services.newest_version(scenario)
    adviser = here.client("guest")
    assert "Sign this version" in adviser.get(url(scenario)).content.decode()
    adviser.post(
        url(scenario, "sign"), {"digest": version.digest, "function": "Adviser", "agrees": "on"}
    )
    assert Signature.objects.get().signer == here.person("guest")
    compare = url(scenario, "editor").rsplit("/", 2)[0] + "/compare/"
    page = client.get(compare).content.decode()
    assert "Long Street" in page
    csv = client.get(f"{compare}export?format=csv").content.decode("utf-8-sig")
    assert "'=Lane" in csv
    assert ",=Lane" not in csv
    book = load_workbook(io.BytesIO(client.get(f"{compare}export?format=xlsx").content))
    assert "'=Lane" in [cell.value for row in book.active for cell in row]
    assert client.get(url(scenario, "version", 1)).status_code == 200


def test_paper_sheet_needs_its_digest_and_a_scan(bench, here, scenario):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = here.client("owner")
    services.save_version(
        here.actor("owner"), scenario, edit=scenario.edit,
        answer={"points": [], "rows": [], "checks": [], "cost": None, "n_unpriced": 0},
    )  # fmt: skip
    services.propose_scenario(here.actor("owner"), scenario)
    digest = services.newest_version(scenario).digest
    fields = {"name": "Ada", "function": "Adviser", "signed_on": "2026-01-02"}

    def sent(typed):
        scan = SimpleUploadedFile("../sheet.pdf", b"%PDF-1.7 scan")
        return client.post(url(scenario, "paper"), fields | {"digest": typed, "scan": scan})

    sent("0" * 16)
    fields["name"] = here.person("owner").name
    sent(digest[:16])
    assert not Signature.objects.exists()
    assert not Evidence.objects.exists()
    fields["name"] = "Ada"
    sent(" ".join(digest[i : i + 4].upper() for i in range(0, 16, 4)))
    signature = Signature.objects.get()
    assert signature.scan.original_name == "sheet.pdf"
    scan = client.get(url(scenario, "scan", signature.pk))
    assert b"".join(scan.streaming_content) == b"%PDF-1.7 scan"
    assert "attachment" in scan["Content-Disposition"]


def test_without_a_bench_the_page_says_what_to_start(here, scenario, settings, tmp_path):
    from parvis_web.scenarios import bench as bench_module

    settings.PARVIS_DATA = tmp_path
    assert not bench_module.is_running()
    page = here.client("owner").get(url(scenario)).content.decode()
    assert "No what-if bench is running" in page
    assert "run_bench" in page


def test_until_the_place_is_prepared_the_page_shows_the_plan_and_reloads_by_itself(
    here, scenario, monkeypatch
):
    scenario.changes = [{"type": "place_row", "line": geojson(FURTHER_WEST), "family": "wall"}]
    scenario.save()
    monkeypatch.setattr(editor, "ask", lambda *_args, **_named: Reply("preparing", progress=0.4))
    page = here.client("owner").get(url(scenario)).content.decode()
    assert "40 %" in page
    assert 'class="plan-area"' in page and 'id="plan-change-0"' in page
    assert f'<meta http-equiv="refresh" content="4; url={url(scenario)}">' in page
    assert "reloads by itself" in page
    refused = added(here.client("owner"), scenario).content.decode()
    assert f"url={url(scenario)}" in refused
    services.save_version(
        here.actor("owner"), scenario, edit=scenario.edit,
        answer={"points": [], "rows": [], "checks": [], "cost": None, "n_unpriced": 0},
    )  # fmt: skip
    assert (
        url(scenario, "version", 1)
        in here.client("owner").get(url(scenario, "work")).content.decode()
    )
    monkeypatch.undo()


@pytest.mark.parametrize("name", ["editor", "work", "sheet"])
def test_strangers_and_other_authorities_get_404(bench, here, elsewhere, scenario, name):
    assert elsewhere.client("owner").get(url(scenario, name)).status_code == 404
    theirs = url(scenario, name, slug=elsewhere.slug)
    assert elsewhere.client("owner").get(theirs).status_code == 404
    assert here.client("stranger").get(url(scenario, name)).status_code == 404


@pytest.mark.parametrize(
    "name", ["edit", "add", "people", "undo", "redo", "save", "propose", "delete", "duplicate"]
)
def test_reader_changes_nothing(bench, here, elsewhere, scenario, name):
    before = Scenario.objects.values().get()
    fields = {"edit": 1, "changes": "[]", "name": "Mine", "people": "5"}
    assert elsewhere.client("owner").post(url(scenario, name), fields).status_code == 404
    response = here.client("reader").post(url(scenario, name), fields)
    assert response.status_code in (403, 422)
    assert Scenario.objects.values().get() == before


def test_editor_and_list_ask_the_database_little(
    bench, here, scenario, django_assert_max_num_queries
):
    client = here.client("owner")
    client.get(url(scenario))
    with django_assert_max_num_queries(24):
        client.get(url(scenario))
    for number in range(5):
        services.duplicate_scenario(here.actor("owner"), scenario, name=f"Copy {number}")
    with django_assert_max_num_queries(20):
        client.get(url(scenario).rsplit("/", 2)[0] + "/")
