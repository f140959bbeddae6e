"""What is misconfigured is said with its remedy; a proper production environment is clean."""

import secrets
from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks

from parvis_web.audit.chain import append
from parvis_web.audit.models import AuditEvent
from parvis_web.config import checks

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "parvis_web.config.settings.prod",
    "PARVIS_HOSTS": "parvis.city.example",
    "PARVIS_TRUSTED_PROXIES": "1",
    "PARVIS_MAIL_HOST": "mail.city.example",
    "PARVIS_MAIL_FROM": "parvis@city.example",
}


@pytest.fixture
def data(settings, tmp_path):
    settings.PARVIS_DATA = tmp_path
    tmp_path.chmod(0o700)
    return tmp_path


def found(databases=None):
    messages = run_checks(include_deployment_checks=True, databases=databases)
    return {message.id for message in messages if message.id.startswith("parvis.")}


@pytest.fixture
def proper(settings, data, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}
    settings.SECURE_PROXY_SSL_HEADER = None
    monkeypatch.setattr(checks.finders, "find", lambda name: name)
    return settings


def test_proper_settings_are_clean(proper):
    assert found() == set()


def test_a_data_directory_that_cannot_be_written_is_said(proper, tmp_path):
    (tmp_path / "file").write_text("x")
    proper.PARVIS_DATA = tmp_path / "file"
    assert "parvis.E001" in found()


def test_a_data_directory_open_to_others_is_said(proper, data):
    data.chmod(0o755)
    assert found() == {"parvis.W001"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PARVIS_AUDIT_KEY", "short", "parvis.E002"),
        ("PARVIS_AUDIT_KEY", "", "parvis.E002"),
        ("DEBUG", True, "parvis.E005"),
        ("PARVIS_DEMO", True, "parvis.E006"),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            "parvis.W003",
        ),
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", "parvis.W004"),
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https"), "parvis.W005"),
        ("PARVIS_TRUSTED_PROXIES", 1, "parvis.W006"),
    ],
)
def test_a_wrong_setting_is_said(proper, name, value, expected):
    proper.ALLOWED_HOSTS = ["parvis.city.example"]
    setattr(proper, name, value)
    assert found() == {expected}


@pytest.mark.parametrize("name", ["DEBUG", "PARVIS_DEMO"])
def test_on_ones_own_machine_debugging_and_demonstration_are_fine(proper, name):
    proper.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    setattr(proper, name, True)
    assert found() == set()


def test_equal_keys_are_said(proper):
    proper.PARVIS_AUDIT_KEY = proper.SECRET_KEY
    assert found() == {"parvis.E003"}


def test_a_front_end_that_is_not_built_is_said(proper, monkeypatch):
    monkeypatch.setattr(checks.finders, "find", lambda _name: None)
    assert found() == {"parvis.W002"}


def test_a_clock_that_went_back_is_said(proper, here):
    append(here.authority, user=None, via="t", action="a.b", object_kind="a.b", object_id="1")
    assert found(["default"]) == set()
    AuditEvent.objects.update(time=datetime(2999, 1, 1, tzinfo=UTC))
    assert found(["default"]) == {"parvis.W007"}


def test_every_message_has_a_remedy_and_an_id_of_its_own(proper, monkeypatch):
    proper.PARVIS_AUDIT_KEY = "short"
    proper.DEBUG = proper.PARVIS_DEMO = True
    proper.ALLOWED_HOSTS = ["parvis.city.example"]
    monkeypatch.setattr(checks.finders, "find", lambda _name: None)
    messages = [message for message in run_checks() if message.id.startswith("parvis.")]
    assert len({message.id for message in messages}) == len(messages) == 4
    assert all(message.hint for message in messages)


def instance(tmp_path, **extra):
    from web.instances import Instance

    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    keys = {
        "PARVIS_SECRET_KEY": secrets.token_urlsafe(50),
        "PARVIS_AUDIT_KEY": secrets.token_urlsafe(50),
    }
    return Instance(data, f"sqlite:///{tmp_path / 'db.sqlite3'}", PRODUCTION | keys | extra)


def test_production_with_a_proper_environment_is_clean(tmp_path):
    said = instance(tmp_path).manage("check", "--deploy", "--database", "default")
    lines = [line for line in said.splitlines() if "parvis.W002" not in line]
    assert "security.W" not in said
    assert "parvis.E" not in said
    assert "W002" in said or lines == ["System check identified no issues (0 silenced)."]


@pytest.mark.parametrize("name", ["PARVIS_SECRET_KEY", "PARVIS_AUDIT_KEY", "PARVIS_HOSTS"])
def test_production_does_not_start_without_what_it_needs(tmp_path, name):
    said = instance(tmp_path, **{name: ""}).manage("check", code=1)
    assert f"{name} is not set." in said
