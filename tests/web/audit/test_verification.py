"""Whatever somebody does to the rows of a chain, or to its anchors, is found and located."""

from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from parvis_web.accounts.rights import InstanceActor
from parvis_web.audit.anchors import anchor_line, anchors_file, read_lines, write_anchors
from parvis_web.audit.chain import append, chain_name, digest_of_event
from parvis_web.audit.models import AuditEvent, AuditHead, AuditPerson
from parvis_web.audit.services import erase_person
from parvis_web.audit.verification import Broken, verify, verify_everything, verify_line

OPERATOR = InstanceActor(None, via="test")


@pytest.fixture
def folder(settings, tmp_path):
    settings.PARVIS_DATA = tmp_path
    return tmp_path


@pytest.fixture
def chain(here, folder):
    for number in range(1, 9):
        append(
            here.authority,
            user=here.person("owner"),
            via="test",
            action="space.rename",
            object_kind="spaces.space",
            object_id=str(number),
            before={"size": number / 3, "flag": True, "none": None},
            after={"size": 1e22, "name": "Großer Markt ∎ \x00"},
            details={
                "shares": [1.0, 1e22, 1e-7, -0.0],
                "text": "é\u2028\x00\ud800",
                "deep": {"b": 1},
            },
        )
    return chain_name(here.authority)


def found(chain):
    return [(finding.kind, finding.seq) for finding in verify(chain)]


def event(chain, seq):
    return AuditEvent.objects.filter(chain=chain, seq=seq)


def test_a_chain_that_nobody_touched_is_whole(chain):
    assert verify(chain) == []


def test_what_is_read_again_has_the_digest_of_what_was_written(chain):
    for link in AuditEvent.objects.filter(chain=chain):
        assert link.digest == digest_of_event(link)
        assert link.details["shares"] == [1.0, 1e22, 1e-7, -0.0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "space.delete"),
        ("object_id", "99"),
        ("before", "0" * 64),
        ("after", ""),
        ("details_text", "{}"),
        ("via", "api"),
        ("marking", "CLEAR"),
        ("person", None),
        ("time", "2020-01-01T00:00:00Z"),
    ],
)
def test_an_altered_event_is_found(chain, field, value):
    event(chain, 4).update(**{field: value})
    assert found(chain) == [(Broken.CONTENT, 4)]


def test_an_event_altered_with_its_digest_recomputed_without_the_key_is_found(chain, settings):
    key, settings.PARVIS_AUDIT_KEY = settings.PARVIS_AUDIT_KEY, "a guess" * 10
    forged = event(chain, 8).get()
    forged.action = "space.delete"
    forged.digest = digest_of_event(forged)
    forged.save()
    AuditHead.objects.filter(chain=chain).update(digest=forged.digest)
    settings.PARVIS_AUDIT_KEY = key
    assert found(chain) == [(Broken.CONTENT, 8)]


def test_a_deleted_event_is_found(chain):
    event(chain, 4).delete()
    assert found(chain) == [(Broken.GAP, 4)]


def test_a_deleted_event_is_found_when_the_others_close_ranks(chain):
    event(chain, 4).delete()
    for seq in range(5, 9):
        event(chain, seq).update(seq=F("seq") - 1)
    AuditHead.objects.filter(chain=chain).update(seq=7)
    assert (Broken.CONTENT, 4) in found(chain)


def test_swapped_events_are_found(chain):
    event(chain, 4).update(seq=100)
    event(chain, 5).update(seq=4)
    event(chain, 100).update(seq=5)
    assert {(Broken.CONTENT, 4), (Broken.CONTENT, 5)} <= set(found(chain))


def test_an_inserted_event_is_found(chain):
    copy = event(chain, 8).get()
    copy.pk, copy.seq = None, 9
    copy.save(force_insert=True)
    assert {(Broken.CONTENT, 9), (Broken.HEAD, 8)} <= set(found(chain))


def test_events_of_another_chain_do_not_fit(chain, elsewhere):
    event(chain, 8).update(chain=chain_name(elsewhere.authority))
    assert (Broken.HEAD, 8) in found(chain)
    assert (Broken.CONTENT, 8) in found(chain_name(elsewhere.authority))


def test_a_chain_cut_off_with_its_head_left_is_found(chain):
    event(chain, 8).delete()
    assert found(chain) == [(Broken.HEAD, 8)]


def cut(chain, seq):
    """Cut a chain off as somebody would who knows how it works."""
    AuditEvent.objects.filter(chain=chain, seq__gt=seq).delete()
    last = event(chain, seq).first()
    AuditHead.objects.filter(chain=chain).update(seq=seq, digest=last.digest if last else "")


def test_a_chain_cut_off_with_its_head_moved_back_is_found_by_its_anchor(chain):
    write_anchors(OPERATOR)
    assert verify_everything() == []
    cut(chain, 6)
    assert found(chain) == [(Broken.CUT, 8)]


def test_a_chain_removed_altogether_is_found_by_its_anchor(chain):
    write_anchors(OPERATOR)
    cut(chain, 0)
    AuditHead.objects.filter(chain=chain).delete()
    assert [(f.kind, f.chain) for f in verify_everything()] == [(Broken.CUT, chain)]


def test_anchors_are_added_only_where_a_chain_grew(chain, here):
    assert write_anchors(OPERATOR) == 2, "the authority's chain and the instance's"
    assert write_anchors(OPERATOR) == 0
    append(here.authority, user=None, via="t", action="a.b", object_kind="a.b", object_id="1")
    assert write_anchors(OPERATOR) == 2
    assert len(read_lines(anchors_file())) == 4
    assert verify_everything() == []


def rewrite(change):
    lines = read_lines(anchors_file())
    change(lines)
    anchors_file().write_text("".join(line + "\n" for line in lines))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda lines: lines.__setitem__(0, lines[0].replace('"seq":8', '"seq":6')), "anchor_line"),
        (lambda lines: lines.__setitem__(0, "no anchor"), "anchor_line"),
        (lambda lines: lines.__setitem__(0, "[]"), "anchor_line"),
        (lambda lines: lines.pop(0), "anchor_line"),
        (lambda lines: lines.reverse(), "anchor_line"),
        (lambda lines: lines.__delitem__(slice(1, None)), "anchor_file_cut"),
        (lambda lines: lines.clear(), "anchor_file_cut"),
    ],
)
def test_a_changed_file_of_anchors_is_found(chain, here, change, kind):
    write_anchors(OPERATOR)
    append(here.authority, user=None, via="t", action="a.b", object_kind="a.b", object_id="1")
    write_anchors(OPERATOR)
    rewrite(change)
    assert kind in [finding.kind for finding in verify_everything()]


def test_a_copy_of_the_anchors_finds_what_was_cut_from_database_and_file_alike(chain, tmp_path):
    write_anchors(OPERATOR)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(anchors_file().read_bytes())
    anchors_file().unlink()
    cut(chain, 6)
    cut("instance", 0)
    assert verify_everything() == []
    assert (Broken.CUT, chain, 8) in [(f.kind, f.chain, f.seq) for f in verify_everything(copy)]


def test_the_line_of_a_report_proves_that_its_event_stands(chain, here):
    line = anchor_line(here.authority)
    assert verify_line(line)
    assert not verify_line(line.replace('"seq":8', '"seq":7'))
    cut(chain, 7)
    assert not verify_line(line)


def test_an_erased_person_has_no_name_and_the_chain_still_verifies(chain, here):
    owner = here.person("owner")
    person = AuditPerson.objects.get(user=owner)
    erase_person(here.actor("owner"), owner)
    person.refresh_from_db()
    assert (person.name, person.user, str(person)) == ("", None, "erased person")
    texts = [str(row) for row in AuditEvent.objects.values()] + list(AuditPerson.objects.values())
    assert not [text for text in texts if owner.email in str(text) and str(person.pk) in str(text)]
    assert verify(chain) == []


def test_an_authority_erases_a_person_only_in_its_own_chain(here, elsewhere, chain):
    other = chain_name(elsewhere.authority)
    append(
        elsewhere.authority,
        user=here.person("reader"),
        via="t",
        action="a.b",
        object_kind="a.b",
        object_id="1",
    )
    erase_person(here.actor("owner"), here.person("reader"))
    assert AuditPerson.objects.get(chain=other).user == here.person("reader")
    erase_person(OPERATOR, here.person("reader"))
    assert AuditPerson.objects.get(chain=other).user is None


def test_deleting_a_user_or_an_authority_leaves_its_chain(chain, here):
    here.person("owner").delete()
    here.authority.delete()
    assert verify(chain) == []
    assert AuditHead.objects.get(chain=chain).seq == 8


def run(*arguments):
    out, code = StringIO(), 0
    with suppress(SystemExit):
        code = 1
        call_command("audit_verify", *arguments, stdout=out)
        code = 0
    return code, out.getvalue()


def test_the_command_says_that_everything_is_whole(chain):
    assert run() == (0, "Every chain is whole (8 events).\n")


def test_the_command_names_chain_and_event_and_fails(chain, here):
    event(chain, 4).update(action="x.y")
    code, text = run("--authority", here.slug)
    assert code == 1
    assert text == (
        f"Chain {chain}, event 4: the event was altered, moved or not written by this "
        "installation.\n"
    )
