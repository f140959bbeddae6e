"""Every template parses, and none carries code or styles that the content policy would stop."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template

import parvis_web

ROOT = Path(parvis_web.__file__).parent
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))
INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx code": re.compile(r"\bhx-on\b|hx-(?:vals|headers)\s*=\s*[\"'](?:js|javascript):"),
    "script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']javascript:", re.IGNORECASE),
    "other host": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"']https?://"),
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)


def _name(path):
    return path.relative_to(path.parents[len(path.parts) - path.parts.index("templates") - 2])


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(_name(path)))
def test_template_parses(path):
    assert get_template(str(_name(path)))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(_name(path)))
def test_template_holds_nothing_inline(path):
    text = path.read_text()
    found = [what for what, pattern in INLINE.items() if pattern.search(text)]
    for attributes, body in SCRIPT.findall(text):
        is_data = "application/json" in attributes
        if body.strip() and not is_data:
            found.append("script")
    assert not found


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429])
def test_error_page_says_what_to_do(code, rf):
    request = rf.get("/")
    text = get_template(f"{code}.html").render({"sentence": ""}, request)
    assert "To the start page" in text


def test_page_of_last_resort_needs_no_request():
    assert "Nothing was half saved" in get_template("500.html").render({})


def test_engine_is_strict_about_nothing_but_syntax():
    with pytest.raises(Exception, match="Invalid block tag"):
        engines["django"].from_string("{% nothing_of_this_name %}")
