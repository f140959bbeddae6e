"""The panel on its pages: read, written, answered, with and without scripts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from web.comments.service_examples import WORDS, said
from web.privacy.service_examples import values

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.comments import services
from parvis_web.comments.models import MOST_SIGNS, Comment
from parvis_web.documents.models import Document, DocumentKind
from parvis_web.privacy.services import delete_due, enter_dataset
from parvis_web.scenarios.models import Scenario
from parvis_web.spaces.history import history_of

HTMX = {"HX-Request": "true", "HX-Target": "comments"}


@pytest.fixture
def space(here):
    return here.space()


def on(town, item):
    return f"/a/{town.slug}/comments/on/{item.kind()}/{item.pk}/"


def act(town, comment, action):
    return f"/a/{town.slug}/comments/{comment.pk}/{action}/"


def detail(town, space):
    return f"/a/{town.slug}/spaces/{space.pk}/"


def test_a_comment_is_written_on_the_page_of_a_space_without_scripts(here, space):
    client = here.client("coordinator")
    page = client.get(detail(here, space)).content.decode()
    assert on(here, space) in page and "Nobody has said anything yet" in page
    answer = client.post(on(here, space), {"text": "  First.\r\n\r\nSecond. "})
    assert answer.status_code == 302
    assert answer["Location"] == detail(here, space) + "#comments"
    assert Comment.objects.get().text == "First.\n\nSecond."
    page = client.get(detail(here, space)).content.decode()
    assert "<p>First.</p>" in page and "coordinator of Tessenmark" in page


def test_with_scripts_only_the_panel_comes_back(here, space):
    answer = here.client("coordinator").post(on(here, space), {"text": WORDS}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200 and WORDS in text
    assert text.lstrip().startswith('<section class="panel comments" id="comments"')


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("text", ["", "x" * (MOST_SIGNS + 1)])
def test_what_cannot_be_kept_comes_back_with_its_reason(here, space, headers, text):
    answer = here.client("coordinator").post(on(here, space), {"text": text}, headers=headers)
    assert answer.status_code == 422
    assert "error-text" in answer.content.decode()
    assert not Comment.objects.exists()


def test_line_ends_count_as_the_browser_counts_them(here, space):
    text = "a\r\n" * (MOST_SIGNS // 2)
    answer = here.client("coordinator").post(on(here, space), {"text": text})
    assert answer.status_code == 302


def test_an_answer_with_an_error_opens_its_own_form(here, space):
    first = said(here, item=space)
    answer = here.client("owner").post(
        on(here, space), {"text": "", "reply_to": str(first.pk)}, headers=HTMX
    )
    page = answer.content.decode()
    assert f'id="reply_{first.pk}_text"' in page
    assert re.search(r"<details open><summary>Answer", page)


def test_what_people_write_is_text_and_never_markup(here, space):
    said(here, item=space, text="<script>alert(1)</script>\n<b>x</b>")
    page = here.client("owner").get(detail(here, space)).content.decode()
    assert "<script>alert(1)" not in page and "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_removed_comment_is_gone_and_comes_back_by_undo(here, space):
    comment, client = said(here, item=space), here.client("coordinator")
    page = client.post(act(here, comment, "remove"), follow=True).content.decode()
    assert WORDS not in page and act(here, comment, "bring-back") in page
    page = client.post(act(here, comment, "bring-back"), follow=True).content.decode()
    assert WORDS in page


def test_answers_keep_the_place_of_a_removed_comment(here, space):
    first = said(here, item=space)
    services.write_comment(here.actor("owner"), space, text="An answer", reply_to=first)
    services.remove_comment(here.actor("owner"), first)
    page = here.client("coordinator").get(detail(here, space)).content.decode()
    assert WORDS not in page
    assert "This comment was removed." in page and "An answer" in page


def test_a_thread_is_resolved_and_opened_again(here, space):
    comment, client = said(here, item=space), here.client("owner")
    page = client.post(act(here, comment, "resolve"), headers=HTMX).content.decode()
    assert "1 resolved thread" in page and "Open again" in page
    page = client.post(act(here, comment, "reopen"), headers=HTMX).content.decode()
    assert "resolved thread" not in page


def test_an_author_changes_their_words_for_a_while(here, space):
    comment, client = said(here, item=space), here.client("coordinator")
    page = client.post(act(here, comment, "edit"), {"text": "Better"}, headers=HTMX)
    assert "Better" in page.content.decode() and "changed" in page.content.decode()
    assert client.post(act(here, comment, "edit"), {"text": ""}, headers=HTMX).status_code == 422
    Comment.objects.filter(pk=comment.pk).update(created=timezone.now() - timedelta(hours=1))
    assert client.post(act(here, comment, "edit"), {"text": "Late"}).status_code == 403
    assert act(here, comment, "edit") not in client.get(detail(here, space)).content.decode()


def test_a_reader_reads_and_finds_no_form(here, space):
    said(here, item=space)
    client = here.client("reader")
    page = client.get(detail(here, space)).content.decode()
    assert WORDS in page and on(here, space) not in page
    assert client.post(on(here, space), {"text": "x"}).status_code == 403


def test_a_guest_named_to_comment_does_so_and_sees_nothing_elsewhere(here, space):
    here.name_on("guest", space, Ability.COMMENT)
    other = said(here, item=here.space(name="Quay"), text="About the quay")
    client = here.client("guest")
    page = client.post(on(here, space), {"text": "From outside"}, follow=True).content.decode()
    assert "From outside" in page and "guest of Tessenmark" in page
    assert client.get(on(here, other.space)).status_code == 404
    assert client.post(act(here, other, "remove")).status_code == 404


def test_strangers_and_other_authorities_find_nothing(here, elsewhere, space):
    comment = said(here, item=space)
    own = elsewhere.client("owner")
    for slug in (here.slug, elsewhere.slug):
        place = f"/a/{slug}/comments/"
        assert own.get(f"{place}on/{space.kind()}/{space.pk}/").status_code == 404
        assert own.post(f"{place}{comment.pk}/resolve/").status_code == 404
    said_there = said(elsewhere, item=elsewhere.space())
    answer = here.client("owner").post(
        on(here, space), {"text": "x", "reply_to": str(said_there.pk)}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", ["cities.city", "comments.comment", "accounts.user", "no.thing"])
def test_nothing_else_can_be_commented_on(here, kind):
    comment = said(here)
    address = f"/a/{here.slug}/comments/on/{kind}/{comment.pk}/"
    assert here.client("owner").get(address).status_code == 404


def test_an_unknown_action_is_nothing_and_a_broken_id_too(here, space):
    comment, client = said(here, item=space), here.client("owner")
    assert client.post(act(here, comment, "shout")).status_code == 404
    assert client.post(on(here, space), {"text": "x", "reply_to": "no-id"}).status_code == 404
    assert client.get(act(here, comment, "resolve")).status_code == 405


def test_scenarios_and_documents_carry_comments(here, space):
    scenario = Scenario.objects.create(authority=here.authority, space=space, name="Bollards")
    document = Document.objects.create(
        authority=here.authority,
        space=space,
        document_kind=DocumentKind.COUNCIL_PAPER,
        file_name="paper.pdf",
        media_type="application/pdf",
    )
    client = here.client("coordinator")
    for item, page in (
        (scenario, f"{detail(here, space)}scenarios/{scenario.pk}/#comments"),
        (document, f"/a/{here.slug}/documents/{document.pk}/#comments"),
    ):
        assert client.post(on(here, item), {"text": WORDS})["Location"] == page
    assert WORDS in client.get(f"/a/{here.slug}/documents/{document.pk}/").content.decode()


def test_reading_comments_on_what_is_restricted_leaves_its_event(here):
    from parvis_web.audit.models import AuditEvent

    space = here.space(marking=Marking.STRICT)
    said(here, item=space)
    assert here.client("owner").get(on(here, space)).status_code == 200
    assert AuditEvent.objects.filter(action="read", object_id=str(space.pk)).exists()


def test_many_comments_take_as_many_queries_as_one(here, space, django_assert_max_num_queries):
    for number in range(12):
        first = said(here, item=space, text=f"No. {number}")
        said(here, item=space, reply_to=first)
    client = here.client("owner")
    client.get(on(here, space))
    with django_assert_max_num_queries(14):
        client.get(on(here, space))


def test_the_history_of_a_space_tells_of_comments_in_words(here, space):
    said(here, item=space)
    told = [entry.what for entry in history_of(here.actor("owner"), space)]
    assert "Comment written" in told


def test_a_comment_is_deleted_on_its_day_with_what_answers_it(here, space):
    first = said(here, item=space)
    said(here, item=space, reply_to=first)
    dataset = enter_dataset(here.actor("coordinator"), values=values(), about=first)
    assert delete_due(dataset.delete_on) == 1
    assert not Comment.objects.exists()
