"""A backup put back is equal to what was there: every row, every file, every link of the chains."""

import gzip
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from web.instances import new_instance

import parvis_web
from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.audit.anchors import anchors_file, write_anchors
from parvis_web.audit.chain import append
from parvis_web.audit.models import AuditEvent
from parvis_web.audit.reads import record_read
from parvis_web.audit.verification import verify_everything
from parvis_web.config.data import authority_folder, library_home, run_folder
from parvis_web.operation.archive import BackupError
from parvis_web.operation.backup import KEPT_FOLDERS, LEFT_OUT, dump_rows, write_backup
from parvis_web.operation.restore import restore_backup
from parvis_web.operation.rows import kept_models
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.spaces.models import Space
from parvis_web.ui.overrides import folder_of

OPERATOR = InstanceActor(None, via="test")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data(settings, tmp_path):
    settings.PARVIS_DATA = tmp_path / "data"
    settings.PARVIS_DATA.mkdir()
    return settings.PARVIS_DATA


@pytest.fixture
def full(data, make_town):
    """An installation with two authorities, rows of every hard kind, files and a city store."""
    here, elsewhere = make_town(), make_town("overfield")
    for town in (here, elsewhere):
        for role in ("owner", "coordinator", "assessor", "reader"):
            town.person(role)
        space = town.space(
            marking="AMBER+STRICT",
            name="Großer Markt – 'x' \\ \u2028 \U0001f307",
            area_size=1e22 / 3,
            area=None,
        )
        space.assignees.add(town.person("assessor"))
        town.name_on("reader", space)
        record_read(town.actor("owner"), space)
        folder = authority_folder(town.authority.pk)
        (folder / "evidence").mkdir()
        (folder / "evidence" / "ab12").write_bytes(b"\x00\xff" * 5000)
        store = library_home(town.authority.pk) / "cities" / "tessenmark"
        store.mkdir(parents=True)
        (store / "points.npy").write_bytes(bytes(range(256)) * 100)
    words = folder_of("el") / "LC_MESSAGES"
    words.mkdir(parents=True)
    (words / "django.mo").write_bytes(b"\xde\x12\x04\x95" * 9)
    (folder_of("el") / "translations.json").write_text('{"texts": []}')
    write_anchors(OPERATOR)
    return here


def rows(folder):
    folder.mkdir()
    dump_rows(folder)
    files = sorted(folder.iterdir())
    return {file.name: file.read_text(encoding="utf-8").split("\n") for file in files}


def files_of(data):
    return {
        file.relative_to(data).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in ("authorities", "translations")
        for file in (data / folder).rglob("*")
        if file.is_file()
    }


def without_the_last_events(dumped):
    """Leave out what backup and restore record about themselves."""
    return {
        name: [line for line in lines if '"instance.' not in line]
        for name, lines in dumped.items()
        if name not in {"audit.audithead.jsonl", "database.jsonl"}
    }


def test_what_is_put_back_equals_what_was_there(full, data, tmp_path):
    backup = tmp_path / "b.tar.gz"
    write_backup(backup, OPERATOR)
    before, files = rows(tmp_path / "before"), files_of(data)
    assert {"translations/el/LC_MESSAGES/django.mo"} < files.keys()
    Space.objects.update(name="changed")
    (folder_of("el") / "LC_MESSAGES" / "django.mo").unlink()
    (folder_of("pl") / "later").mkdir(parents=True)
    User.objects.create_user("later@overfield.example")
    (authority_folder(full.authority.pk) / "evidence" / "later").write_text("later")
    restored = restore_backup(backup, OPERATOR, replaces=True)
    assert without_the_last_events(rows(tmp_path / "after")) == without_the_last_events(before)
    assert files_of(data) == files
    assert restored.findings == []
    assert restored.old_files.joinpath("authorities").is_dir()


def test_rows_of_every_hard_kind_are_among_them(full, tmp_path):
    dumped = rows(tmp_path / "rows")
    assert len(dumped["spaces.space_assignees.jsonl"]) == 4
    assert "\U0001f307" in dumped["spaces.space.jsonl"][1]
    assert len(dumped["audit.readmark.jsonl"]) == 4


def test_sessions_and_keys_are_not_in_a_backup(full, data, tmp_path):
    full.client("owner")
    (data / "keys").mkdir()
    (data / "keys" / "audit").write_text("secret")
    write_backup(tmp_path / "b.tar", OPERATOR)
    names = list(manifest(tmp_path / "b.tar")["members"])
    assert not [name for name in names if "session" in name or "keys" in name]


def test_what_is_written_after_restoring_continues_chain_and_numbers(full, data, tmp_path):
    write_backup(tmp_path / "b.tar", OPERATOR)
    restore_backup(tmp_path / "b.tar", OPERATOR, replaces=True)
    authority = Authority.objects.get(slug="tessenmark")
    for _ in range(3):
        with transaction.atomic():
            append(authority, user=None, via="t", action="a.b", object_kind="a.b", object_id="1")
    assert write_anchors(OPERATOR) == 2
    assert verify_everything() == []


def test_anchors_travel_with_the_backup(full, data, tmp_path):
    write_backup(tmp_path / "b.tar", OPERATOR)
    anchored = anchors_file().read_bytes()
    anchors_file().unlink()
    restore_backup(tmp_path / "b.tar", OPERATOR, replaces=True)
    assert anchors_file().read_bytes() == anchored


def test_unfinished_files_are_left_out(full, data, tmp_path):
    run = AnalysisRun.objects.create(
        authority=full.authority,
        kind="x",
        subject_kind="spaces.space",
        subject_id=Space.objects.first().pk,
        state=RunState.RUNNING,
    )
    (run_folder(full.authority.pk, run.pk) / "half").write_text("x")
    (authority_folder(full.authority.pk) / "upload.part").write_text("x")
    (authority_folder(full.authority.pk) / "link").symlink_to("/etc/passwd")
    write_backup(tmp_path / "b.tar", OPERATOR)
    names = list(manifest(tmp_path / "b.tar")["members"])
    assert not [name for name in names if name.endswith(("half", ".part", "link"))]


def test_an_installation_with_something_in_it_is_not_overwritten(full, tmp_path):
    write_backup(tmp_path / "b.tar", OPERATOR)
    with pytest.raises(BackupError, match="not empty"):
        restore_backup(tmp_path / "b.tar", OPERATOR)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("b.zip", "ends in .tar"), ("no/b.tar", "not a folder"), ("old.tar", "exists already")],
)
def test_a_bad_target_is_said_and_nothing_is_left(full, tmp_path, name, sentence):
    (tmp_path / "old.tar").write_text("old")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BackupError, match=sentence):
        write_backup(tmp_path / name, OPERATOR)
    assert sorted(tmp_path.iterdir()) == before


def rebuilt(source, target, change):
    """Copy an archive with its members changed: a dict of name to content."""
    members = {}
    with tarfile.open(source) as archive:
        for member in archive:
            members[member.name] = archive.extractfile(member).read()
    members = change(members) or members
    with tarfile.open(target, "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target


def flip(members):
    name = next(name for name in members if name.endswith("ab12"))
    members[name] = b"\x01" + members[name][1:]


def drop(members):
    del members[next(name for name in members if name.endswith("points.npy"))]


def promote(members):
    """Make everybody an operator, and the list agree."""
    name = "database/accounts.user.jsonl"
    members[name] = members[name].replace(b"false", b"true")
    manifest = json.loads(members["manifest.json"])
    manifest["members"][name]["sha256"] = hashlib.sha256(members[name]).hexdigest()
    manifest["members"][name]["size"] = len(members[name])
    members["manifest.json"] = json.dumps(manifest).encode()


def escape(members):
    manifest = members.pop("manifest.json")
    return members | {"files/authorities/../../../evil": b"x", "manifest.json": manifest}


def smuggle(members):
    manifest = members.pop("manifest.json")
    return members | {"database/django_session.jsonl": b"[]", "manifest.json": manifest}


def behead(members):
    del members["manifest.json"]


@pytest.mark.parametrize("change", [flip, drop, promote, escape, smuggle, behead])
def test_an_altered_backup_is_refused_and_nothing_changes(full, data, tmp_path, change):
    write_backup(tmp_path / "b.tar", OPERATOR)
    bad = rebuilt(tmp_path / "b.tar", tmp_path / "bad.tar", change)
    before, files = rows(tmp_path / "before"), files_of(data)
    with pytest.raises(BackupError):
        restore_backup(bad, OPERATOR, replaces=True)
    assert rows(tmp_path / "after") == before
    assert files_of(data) == files
    assert not (tmp_path / "evil").exists()
    assert not list(data.glob("restore-*"))


@pytest.mark.parametrize("ending", [".tar", ".tar.gz"])
def test_a_backup_cut_off_is_refused(full, tmp_path, ending):
    whole = tmp_path / f"b{ending}"
    write_backup(whole, OPERATOR)
    half = tmp_path / f"half{ending}"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(BackupError, match="not a complete backup"):
        restore_backup(half, OPERATOR, replaces=True)


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no archive", mtime=0)])
def test_what_is_no_backup_is_refused(full, tmp_path, content):
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(BackupError, match="not a complete backup"):
        restore_backup(tmp_path / "x.tar", OPERATOR, replaces=True)


def test_another_key_is_said(full, tmp_path, settings):
    write_backup(tmp_path / "b.tar", OPERATOR)
    settings.PARVIS_AUDIT_KEY = "another key " * 5
    with pytest.raises(BackupError, match="PARVIS_AUDIT_KEY"):
        restore_backup(tmp_path / "b.tar", OPERATOR, replaces=True)


def test_a_backup_of_another_form_of_the_database_is_refused(full, tmp_path, monkeypatch):
    write_backup(tmp_path / "b.tar", OPERATOR)
    monkeypatch.setattr("parvis_web.operation.restore.applied_migrations", lambda: {"spaces": []})
    with pytest.raises(BackupError, match="then upgrade"):
        restore_backup(tmp_path / "b.tar", OPERATOR, replaces=True)


def test_an_installation_of_a_network_takes_no_backup_with_higher_markings(
    full, data, tmp_path, settings
):
    write_backup(tmp_path / "b.tar", OPERATOR)
    before, files = rows(tmp_path / "before"), files_of(data)
    settings.PARVIS_NETWORK_INSTANCE = True
    with pytest.raises(BackupError, match="GREEN only"):
        restore_backup(tmp_path / "b.tar", OPERATOR, replaces=True)
    assert rows(tmp_path / "after") == before
    assert files_of(data) == files


def test_backup_and_restore_leave_events(full, tmp_path):
    write_backup(tmp_path / "b.tar", OPERATOR)
    assert AuditEvent.objects.filter(action="instance.backup").exists()
    restore_backup(tmp_path / "b.tar", OPERATOR, replaces=True)
    actions = AuditEvent.objects.filter(chain="instance").values_list("action", flat=True)
    assert list(actions.order_by("seq")) == ["audit.anchor", "instance.restore"]


def test_every_folder_of_the_data_directory_is_kept_or_known_to_be_left_out():
    package = Path(parvis_web.__file__).parent
    said = {
        name
        for file in package.rglob("*.py")
        for name in re.findall(
            r'(?:PARVIS_DATA\)?|[( ]data) / "(\w+)"', file.read_text(encoding="utf-8")
        )
    }
    assert {"authorities", "translations", "anchors", "keys"} <= said
    assert said <= {*KEPT_FOLDERS, "anchors", *LEFT_OUT}


def test_the_models_of_every_app_are_kept():
    labels = {model._meta.label_lower for model in kept_models()}
    assert {"accounts.user", "audit.auditevent", "runs.analysisrun", "mfa.authenticator"} <= labels


def test_another_machine_takes_the_backup_up(full, tmp_path, settings):
    call_command("backup", tmp_path / "b.tar.gz", stdout=io.StringIO())
    with new_instance(tmp_path / "other") as other:
        said = other.manage("restore", str(tmp_path / "b.tar.gz"))
        assert "Every audit chain is whole." in said
        other.manage("backup", str(tmp_path / "again.tar.gz"))
        refused = other.manage("restore", str(tmp_path / "b.tar.gz"), code=1)
        assert "not empty" in refused
    first, second = (manifest(tmp_path / name) for name in ("b.tar.gz", "again.tar.gz"))
    differing = {
        name
        for name in first["members"].keys() | second["members"].keys()
        if first["members"].get(name) != second["members"].get(name)
    }
    assert differing == {
        "database/audit.auditevent.jsonl",
        "database/audit.audithead.jsonl",
        "files/anchors/anchors.jsonl",
    }


def manifest(file):
    with tarfile.open(file) as archive:
        return json.load(archive.extractfile("manifest.json"))
