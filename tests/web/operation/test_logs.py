"""No secret, no address of mail and no path with a token reaches the log."""

import io
import json
import logging
import sys

import pytest
from django.test import Client

from parvis_web.config.logs import JsonFormatter, PlainFormatter, logging_settings, scrubbed

SECRET = "Kx9-vQ2m_Zr7tLp4sWd8yBn3hGf6jCa1"  # noqa: S105
PASSWORD = "hunter2-and-more"  # noqa: S105


@pytest.fixture(params=[JsonFormatter, PlainFormatter])
def log(request):
    """Everything that is logged during a test, by whichever logger."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    root, chatty = logging.getLogger(), logging.getLogger("parvis_web.requests")
    levels = root.level, chatty.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    chatty.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(levels[0])
    chatty.setLevel(levels[1])


def quiet(client):
    client.raise_request_exception = False
    return client


def test_what_is_posted_or_sent_in_headers_never_reaches_the_log(db, log):
    client = quiet(Client())
    client.post("/account/login/", {"login": "a.b@city.example", "password": PASSWORD})
    client.get("/", headers={"Authorization": f"Bearer {SECRET}", "X-Token": SECRET})
    client.get(f"/account/invitation/{SECRET}/")
    client.get(f"/a/nowhere/{SECRET}/?token={SECRET}&email=a.b@city.example")
    client.get("/", headers={"Host": f"{SECRET}.example"})
    client.cookies["session"] = SECRET
    client.post("/a/tessenmark/", headers={"X-CSRFToken": SECRET})
    text = log.getvalue()
    assert "(no page)" in text, "the requests were logged"
    for secret in (PASSWORD, SECRET, "a.b@city.example"):
        assert secret not in text
        assert secret.lower() not in text


def test_an_error_is_logged_with_its_place_and_without_its_values(log):
    try:
        password = PASSWORD
        raise ValueError(f"Key (email)=(a.b@city.example) exists; password={password}; {SECRET}")
    except ValueError:
        logging.getLogger("parvis_web.x").exception("failed for token=%s", SECRET)
    text = log.getvalue()
    assert "test_logs.py" in text
    assert "ValueError" in text
    for secret in (PASSWORD, SECRET, "a.b@city.example"):
        assert secret not in text


def test_a_line_names_request_and_person_by_random_ids(here, log):
    answer = here.client("owner").get("/")
    lines = [line for line in log.getvalue().splitlines() if line.startswith("{")]
    if not lines:
        return
    facts = json.loads(lines[-1])
    assert facts["request"] == answer.headers["X-Request-ID"]
    assert facts["user"] == str(here.person("owner").pk)
    assert facts["status"] == 302
    assert here.person("owner").email not in log.getvalue()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("connecting to postgresql://parvis:geheim99@db/parvis", "geheim99"),
        ("Authorization: Basic cGFydmlzOmdlaGVpbQ==", "cGFydmlz"),
        ("{'password': 'two words', 'x': 1}", "two words"),
        ("PARVIS_SECRET_KEY='abc def'", "abc def"),
        ("sessionid is 0123456789abcdef0123456789abcdef0123456789", "0123456789abcdef01"),
        ("GET /x?token=abc", "abc"),
        ("signed eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9:1sXyZ9:Abc", "eyJ0"),
    ],
)
def test_what_looks_like_a_secret_is_blanked(text, kept):
    assert kept not in scrubbed(text)


@pytest.mark.parametrize(
    "text",
    [
        "run 3f2b8c1e-9d4a-4f6b-8e2d-1a2b3c4d5e6f (analysis) begins",
        "/a/<slug:slug>/spaces/<uuid:pk>/",
        "worker ready, 2 runs at a time",
        "ValueError: 12 is not a whole number",
    ],
)
def test_what_helps_to_find_a_fault_stays(text):
    assert scrubbed(text) == text


@pytest.mark.parametrize("style", ["json", "plain"])
def test_nothing_is_mailed_and_everything_goes_to_standard_error(style):
    settings = logging_settings(style)
    assert list(settings["handlers"]) == ["stderr"]
    assert not any(logger["handlers"] for logger in settings["loggers"].values())


def test_json_lines_are_one_line(log):
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "a\nb", (), sys.exc_info())
    assert len(JsonFormatter().format(record).splitlines()) == 1
