"""What the public reads was chosen, checked, approved by a second person, and stays as it was."""

import json
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone
from web.releases.service_examples import (
    ANSWERED,
    AREAS,
    CITY,
    GROUPS,
    STATES,
    TITLE,
    approved,
    check,
    checked,
    drafted,
    figures_there,
    fresh,
    released,
    under_embargo,
)

from parvis_web.accounts.rights import NotAllowed
from parvis_web.releases import queries, rules, services
from parvis_web.releases.content import FIELDS, ITEM_FIELDS, VALUE_FIELDS, read_content
from parvis_web.releases.models import PublicFigures, ReleaseState
from parvis_web.releases.rules import MOVES, Action
from parvis_web.releases.stigma import QUESTIONS, unanswered
from parvis_web.ui.refusals import RefusedError


def public(here, suffix="", **options):
    return Client().get(f"/public/{here.slug}/figures/{suffix}", **options)


def page_of(release):
    return PublicFigures.objects.get(release=release.pk)


def test_what_is_chosen_at_first_is_the_city_with_its_own_trend(here):
    release = drafted(here)
    assert release.items.get().periods == ["2023", "2024", "2025"]


def test_the_check_tells_the_change_in_one_of_three_phrases(here):
    item = checked(here).content["items"][0]
    assert (item["change"], item["base"], item["latest"]) == ("rose", "2023", "2025")
    assert item["is_complete"]


def test_too_few_are_hidden_and_cannot_be_computed_from_the_others(here):
    release = checked(here, keys=[CITY, AREAS])
    why = {each["key"][2]: each["reason"] for each in release.findings["hidden"]}
    assert why["mars"] == "few"
    assert "secondary" in why.values()
    assert not release.findings["unprotected"]
    areas = next(item for item in release.content["items"] if item["scope"] == "areas")
    told = {value["area"]: value["value"] for value in areas["values"]}
    assert told["mars"] is None
    assert sum(value is not None for value in told.values()) == 1


def test_areas_stand_by_name_without_ranks(here):
    release = checked(here, keys=[AREAS])
    names = [value["area"] for value in release.content["items"][0]["values"]]
    assert names == sorted(names)


def test_areas_need_a_reason_and_every_answer(here):
    release = drafted(here, keys=[CITY])
    actor = here.actor("coordinator")
    services.choose_items(actor, release, keys=[CITY, AREAS])
    with pytest.raises(RefusedError, match="why the city is shown in parts"):
        services.start_check(actor, release)
    services.justify_areas(actor, release, reason="Residents vote.", answers={})
    with pytest.raises(RefusedError, match="stigma check"):
        services.start_check(actor, release)
    services.justify_areas(actor, release, reason="Residents vote.", answers=ANSWERED)
    services.start_check(actor, release)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_an_unwanted_answer_needs_an_explanation_and_sometimes_none_will_do(question):
    other = {"yes": "no", "no": "yes"}[question.wanted]

    def left(answer, why=""):
        return unanswered(ANSWERED | {question.key: {"answer": answer, "why": why}})

    assert left(question.wanted) == []
    assert left("") == left(other) == left(other, "because") == [question]
    assert left(other, "It has been talked about at length.") == (
        [question] if question.is_needed else []
    )


def test_earlier_releases_bind_the_next(here):
    released(here, keys=[CITY])
    release = checked(here, keys=[AREAS])
    assert release.findings["n_earlier"] == 1
    released(here, keys=[AREAS])
    stale = fresh(release)
    with pytest.raises(RefusedError, match="changed since the check"):
        services.approve_release(here.actor("owner"), stale, digest=stale.digest)
    assert check(here, stale).findings["n_earlier"] == 2


def test_an_indicator_told_too_much_of_has_to_be_left_out(here):
    told = approved(here, keys=[AREAS])
    row = {**told.told}
    row["figures"] = [{**row["figures"][0], "area": "mars", "count": 3, "flags": ["a"]}]
    told.told = row
    told.save()
    assert check(here, drafted(here, keys=[CITY])).findings["n_lost"] == 1
    release = check(here, drafted(here, keys=[AREAS]))
    assert [each["indicator"] for each in release.findings["left_out"]] == ["SEC-02"]
    assert release.state == ReleaseState.DRAFT
    with pytest.raises(RefusedError):
        services.approve_release(here.actor("owner"), release, digest="")


def test_what_the_judge_finds_unprotected_cannot_be_approved(here, monkeypatch):
    import dataclasses

    from parvis.indicators import disclosure

    honest = disclosure.audit

    def doubtful(*given, **options):
        return tuple(
            dataclasses.replace(each, is_protected=False) for each in honest(*given, **options)
        )

    monkeypatch.setattr(disclosure, "audit", doubtful)
    release = checked(here, keys=[CITY, AREAS])
    assert release.findings["unprotected"]
    assert release.state == ReleaseState.DRAFT
    assert not release.digest


def test_counts_are_rounded_where_it_is_chosen(here):
    item = checked(here, base=10).content["items"][0]
    assert [value["count"] for value in item["values"]] == [410, 410, 520]


def test_a_change_of_the_draft_needs_another_check(here):
    release = checked(here)
    services.change_head(
        here.actor("coordinator"), release, said=services.Head(title="Something else")
    )
    assert fresh(release).state == ReleaseState.DRAFT
    assert not fresh(release).content


def test_data_that_came_meanwhile_need_another_check(here):
    release = checked(here)
    figures_there(here, [("2025", "city", "", 530, 101000)])
    with pytest.raises(RefusedError, match="changed since the check"):
        services.approve_release(here.actor("owner"), release, digest=release.digest)


def test_who_had_a_hand_in_it_does_not_approve_it(here):
    release = drafted(here)
    services.change_head(here.actor("owner"), release, said=services.Head(title="Changed"))
    release = check(here, release)
    for role in ("owner", "coordinator"):
        with pytest.raises(NotAllowed, match="second person"):
            services.approve_release(here.actor(role), release, digest=release.digest)


def test_what_was_approved_is_what_was_read(here):
    release = checked(here)
    with pytest.raises(RefusedError, match="changed since you read it"):
        services.approve_release(here.actor("owner"), release, digest="0" * 64)


WHO = {
    Action.EDIT: {"owner", "coordinator", "analyst"},
    Action.CHECK: {"owner", "coordinator", "analyst"},
    Action.APPROVE: {"owner", "coordinator"},
    Action.PUBLISH: {"owner", "coordinator"},
    Action.NAME_EARLY: {"owner", "coordinator"},
    Action.TAKE_BACK: {"owner", "coordinator"},
    Action.WITHDRAW: {"owner", "coordinator"},
    Action.CORRECT: {"owner", "coordinator", "analyst"},
    Action.DELETE: {"owner", "coordinator", "analyst"},
}
FOLLOWS = {
    "draft": {Action.EDIT, Action.CHECK, Action.DELETE},
    "checked": {Action.EDIT, Action.CHECK, Action.DELETE, Action.APPROVE},
    "approved": {Action.PUBLISH, Action.NAME_EARLY, Action.TAKE_BACK},
    "embargo": {Action.NAME_EARLY, Action.TAKE_BACK},
    "released": {Action.WITHDRAW, Action.CORRECT},
}


@pytest.mark.parametrize("state", STATES)
def test_every_action_by_state_and_role(here, state):
    release = STATES[state](here, role="analyst")
    assert release.state == state
    for role in ("owner", "coordinator", "analyst", "assessor", "reader", "guest"):
        for action in Action:
            expected = action in FOLLOWS[state] and role in WHO[action]
            found = rules.can_action(here.actor(role), action, release)
            assert found == expected, (state, role, action)


def test_the_table_names_every_action_and_state():
    assert set(MOVES) == set(Action)
    named = {state for move in MOVES.values() for state in (*move.states, *move.becomes)}
    assert named == set(ReleaseState)


def test_another_analysts_draft_is_read_and_not_changed(here, elsewhere):
    release = drafted(here, role="coordinator")
    assert here.client("analyst").get(f"/a/{here.slug}/releases/{release.pk}/").status_code == 200
    assert not rules.can_action(here.actor("analyst"), Action.EDIT, release)
    assert not rules.can_action(elsewhere.actor("owner"), Action.EDIT, release)


@pytest.mark.parametrize("state", STATES)
def test_readers_know_only_what_the_public_has_read(here, state):
    release = STATES[state](here)
    is_told = state == ReleaseState.RELEASED
    for role in ("reader", "assessor"):
        answer = here.client(role).get(f"/a/{here.slug}/releases/{release.pk}/")
        assert answer.status_code == (200 if is_told else 404)
        page = here.client(role).get(f"/a/{here.slug}/releases/").content.decode()
        assert (TITLE in page) == is_told
        assert set(queries.releases_of(here.actor(role))) == ({release} if is_told else set())


def test_an_embargo_ends_at_its_second_for_everybody_and_not_before(here, monkeypatch):
    release = under_embargo(here)
    row = page_of(release)
    key = release.content["items"][0]["key"]
    places = ["", f"{row.pk}/", f"{row.pk}/{key}/embed/", f"{row.pk}/{key}.csv"]
    member_page = f"/a/{here.slug}/releases/{release.pk}/"
    end = release.embargo
    for moment, status in ((end - timedelta(microseconds=1), 404), (end, 200)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert [public(here, place).status_code for place in places] == [status] * 4
        assert here.client("reader").get(member_page).status_code == status
        register = here.client("owner").get(f"/a/{here.slug}/releases/register.json").json()
        assert len(register["releases"]) == (1 if status == 200 else 0)
        assert services.publish_due() == (1 if status == 200 else 0)
    assert fresh(release).state == ReleaseState.RELEASED
    assert fresh(release).released == end


def test_before_it_is_released_the_public_finds_nothing_of_it(here):
    for make in (drafted, checked, approved):
        make(here)
        answer = public(here)
        assert answer.status_code == 404
        assert TITLE not in answer.content.decode()


def test_early_readers_read_it_in_their_time_and_it_is_recorded(here, monkeypatch):
    from parvis_web.audit.models import AuditEvent

    release = under_embargo(here, hours=30)
    opens = release.embargo - timedelta(hours=24)
    services.name_early_reader(
        here.actor("owner"), release, user=here.person("reader"), function="Mayor", opens=opens
    )
    page = f"/a/{here.slug}/releases/{release.pk}/"
    client = here.client("reader")
    assert client.get(page).status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: opens)
    rules.check_see(here.actor("reader"), release)
    assert set(queries.releases_of(here.actor("reader"))) == {release}
    with pytest.raises(Http404):
        rules.check_see(here.actor("assessor"), release)
    assert not AuditEvent.objects.filter(action="read").exists()


@pytest.mark.django_db(transaction=True)
def test_each_early_reading_leaves_its_event(make_town):
    from parvis_web.audit.models import AuditEvent

    here = make_town()
    release = under_embargo(here, hours=2)
    services.name_early_reader(
        here.actor("owner"),
        release,
        user=here.person("reader"),
        function="Mayor's office",
        opens=release.embargo - timedelta(hours=24),
    )
    page = here.client("reader").get(f"/a/{here.slug}/releases/{release.pk}/")
    assert page.status_code == 200
    assert "before the public" in page.content.decode()
    event = AuditEvent.objects.get(action="read")
    assert event.object_id == str(release.pk)


@pytest.mark.parametrize(("hours", "fits"), [(0, False), (1, True), (48, True), (49, False)])
def test_early_readers_come_at_most_two_days_before(here, hours, fits):
    release = under_embargo(here)

    def name():
        services.name_early_reader(
            here.actor("owner"),
            release,
            user=here.person("reader"),
            function="Mayor",
            opens=release.embargo - timedelta(hours=hours),
        )

    if fits:
        name()
    else:
        with pytest.raises(RefusedError, match="48 hours"):
            name()


def test_an_embargo_that_has_ended_before_anybody_approved_is_not_approved(here, monkeypatch):
    release = checked(here, embargo=timezone.now() + timedelta(hours=1))
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(RefusedError, match="embargo has ended"):
        services.approve_release(here.actor("owner"), release, digest=release.digest)


def test_what_is_taken_back_is_never_public(here, monkeypatch):
    release = under_embargo(here)
    end = release.embargo
    services.take_back(here.actor("owner"), release, reason="A wrong column.")
    monkeypatch.setattr(timezone, "now", lambda: end + timedelta(days=1))
    assert public(here).status_code == 404
    assert services.publish_due() == 0


def test_the_public_reads_the_snapshot_alone(here, django_assert_num_queries):
    release = released(here)
    row = page_of(release)
    for place in ("", f"{row.pk}/"):
        with django_assert_num_queries(1) as seen:
            assert public(here, place).status_code == 200
        assert PublicFigures._meta.db_table in seen.captured_queries[0]["sql"]
    release.title = "Nobody approved this"
    release.save()
    assert b"Nobody approved" not in public(here, f"{row.pk}/").content


def test_only_fields_on_the_list_are_public(here):
    facts = released(here, keys=[CITY, AREAS, GROUPS]).content
    assert set(facts) == set(FIELDS)
    assert {name for item in facts["items"] for name in item} == set(ITEM_FIELDS)
    values = [value for item in facts["items"] for value in item["values"]]
    assert {name for value in values for name in value} == set(VALUE_FIELDS)
    with pytest.raises(TypeError):
        read_content(facts | {"findings": {}})
    assert not {"few", "secondary", "coordinator"} & set(json.dumps(facts).split('"'))


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet", "svg", "png"])
def test_every_figure_is_a_file_in_every_format(here, ending):
    row = page_of(released(here))
    key = row.content["items"][0]["key"]
    answer = public(here, f"{row.pk}/{key}.{ending}?language=fr")
    assert answer.status_code == 200
    assert len(answer.content) > 200
    assert answer["Content-Disposition"].endswith(f'-fr.{ending}"')
    if ending in {"csv", "json", "svg"}:
        assert "520" in answer.content.decode() or "514" in answer.content.decode()


def test_files_of_other_items_and_formats_are_not_there(here):
    row = page_of(released(here))
    assert public(here, f"{row.pk}/sec-99-city.csv").status_code == 404
    assert public(here, f"{row.pk}/{row.content['items'][0]['key']}.exe").status_code == 404


def test_only_the_embed_may_stand_in_other_sites_and_it_carries_its_caveats(here):
    row = page_of(released(here))
    key = row.content["items"][0]["key"]
    answer = public(here, f"{row.pk}/{key}/embed/")
    page = answer.content.decode()
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src 'none'" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    assert "range of chance variation" in page
    assert "not known how much is reported" in page
    assert f"/figures/{row.pk}/" in page
    assert "<script" not in page
    for place in ("", f"{row.pk}/"):
        other = public(here, place)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_a_withdrawn_release_says_so_and_why_and_shows_no_figure(here):
    release = released(here)
    row = page_of(release)
    key = row.content["items"][0]["key"]
    services.withdraw_release(here.actor("owner"), release, reason="A column was doubled.")
    answer = public(here, f"{row.pk}/")
    assert answer.status_code == 410
    assert "A column was doubled." in answer.content.decode()
    assert '<svg class="figure' not in answer.content.decode()
    assert public(here, f"{row.pk}/{key}.csv").status_code == 404
    assert "not to be used" in public(here, f"{row.pk}/{key}/embed/").content.decode()
    assert queries.earlier_releases(here.actor("owner"))


def test_a_correction_replaces_what_it_corrects_and_both_stay(here):
    first = released(here)
    actor = here.actor("coordinator")
    made = services.draft_release(actor, said=services.Head(title="Corrected"), replaces=first)
    assert [item.key for item in made.items.all()] == [CITY]
    made = check(here, made)
    services.approve_release(here.actor("owner"), made, digest=made.digest)
    services.publish_release(here.actor("owner"), made)
    assert fresh(first).state == ReleaseState.SUPERSEDED
    page = public(here, f"{page_of(first).pk}/").content.decode()
    assert "replaces this release" in page
    assert "Corrected" in public(here).content.decode()


def test_the_register_holds_what_was_told_exactly(here):
    from parvis.io.releases import releases
    from parvis_web.config.data import library_home

    release = released(here, keys=[CITY, AREAS])
    kept = releases(library_home(here.authority.pk))
    assert [each.id for each in kept] == [release.register_id]
    said = here.client("reader").get(f"/a/{here.slug}/releases/register.json").json()
    entry = said["releases"][0]
    assert entry["digest"] == release.digest
    assert len(entry["figures"]) == release.findings["n_shown"]
    assert len(entry["hidden"]) == len(release.findings["hidden"])
    sheet = here.client("reader").get(f"/a/{here.slug}/releases/register.csv").content.decode()
    assert len(sheet.splitlines()) == 1 + len(entry["figures"]) + len(entry["hidden"])


def test_readers_are_not_told_why_a_figure_is_hidden(here):
    release = released(here, keys=[CITY, AREAS])
    page = f"/a/{here.slug}/releases/{release.pk}/"
    assert "too few" in here.client("owner").get(page).content.decode()
    assert "too few" not in here.client("reader").get(page).content.decode()
    register = here.client("reader").get(f"/a/{here.slug}/releases/register.json").content
    assert b"secondary" not in register


def test_releases_of_another_authority_are_nobodys(here, elsewhere):
    release = released(here)
    row = page_of(release)
    client = elsewhere.client("owner")
    assert client.get(f"/a/{elsewhere.slug}/releases/{release.pk}/").status_code == 404
    assert client.get(f"/a/{here.slug}/releases/{release.pk}/").status_code == 404
    assert Client().get(f"/public/{elsewhere.slug}/figures/{row.pk}/").status_code == 404


def test_the_public_page_speaks_three_languages(here):
    row = page_of(released(here))
    for language, word in (("en", "Violent crime"), ("fr", "Violences"), ("pl", "Przestępstwa")):
        answer = public(here, f"{row.pk}/?language={language}")
        assert word in answer.content.decode()
        assert answer["Content-Language"] == language


def test_a_person_drafts_checks_and_approves_by_the_pages_alone(here):
    from parvis_web.releases.models import FigureRelease
    from parvis_web.runs.execution import execute
    from parvis_web.runs.models import AnalysisRun

    figures_there(here)
    start = f"/a/{here.slug}/releases/"
    client = here.client("analyst")
    head = {
        "title": "By hand",
        "corrections": "At once.",
        "city": "city",
        "base": "",
        "embargo": "",
    }
    answer = client.post(f"{start}new/", head)
    release = FigureRelease.objects.get()
    assert answer["Location"] == f"{start}{release.pk}/items/"
    assert CITY in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"], {"item": [CITY]})
    item = release.items.get()
    assert client.get(f"{start}{release.pk}/items/{item.pk}/").status_code == 200
    client.post(f"{start}{release.pk}/items/{item.pk}/", {"period": ["2024", "2025"]})
    client.post(f"{start}{release.pk}/check/")
    execute(AnalysisRun.objects.get(kind="release-check"))
    page = client.get(f"{start}{release.pk}/").content.decode()
    assert "As the public will read it" in page
    owner = here.client("owner")
    owner.post(f"{start}{release.pk}/approve/", {"digest": fresh(release).digest})
    owner.post(f"{start}{release.pk}/publish/")
    assert public(here).status_code == 200


def test_pages_ask_few_questions(here, django_assert_max_num_queries):
    release = released(here, keys=[CITY, AREAS, GROUPS])
    drafted(here, keys=[CITY, GROUPS])
    client = here.client("owner")
    with django_assert_max_num_queries(14):
        client.get(f"/a/{here.slug}/releases/")
    with django_assert_max_num_queries(40):
        client.get(f"/a/{here.slug}/releases/{release.pk}/")
