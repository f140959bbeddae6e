"""How a framework's words and what people answered are written in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from parvis.assessment import Item
from parvis.packs.base import Entry
from parvis.packs.framework_models import Framework
from parvis_web.assessments.models import Reply, ReplyState
from parvis_web.ui import formats


def word(entry: Entry | Framework, language: str, name: str = "name") -> str:
    """Return a text of an entry in a language, in its own where it was not translated."""
    return entry.i18n.get(language, {}).get(name) or str(getattr(entry, name, "") or "")


def said_words(framework: Framework, item: Item, reply: Reply, language: str) -> str:
    """Return in words what a reply says."""
    if reply.state != ReplyState.ANSWERED:
        return str(ReplyState(reply.state).label)
    value: Any = reply.value
    if isinstance(value, dict):
        low, high = (_one(framework, item, value[end], language) for end in ("low", "high"))
        return formats.between(low, high)
    if item.question.kind == "photo":
        return _("photo")
    if item.question.kind == "place":
        return f"{value[1]:.5f}, {value[0]:.5f}"
    if isinstance(value, list):
        return ", ".join(_one(framework, item, part, language) for part in value)
    return _one(framework, item, value, language)


def _one(framework: Framework, item: Item, value: Any, language: str) -> str:
    asked = item.question
    if asked.kind == "scale":
        known = {level.key: level for level in framework.scale(asked.scale or "").levels}
    else:
        known = {option.key: option for option in asked.options}  # type: ignore[misc]
    if value in known:
        return word(known[value], language)
    if isinstance(value, int | float):
        digits = 0 if float(value).is_integer() else 2
        shown = formats.number(value, digits)
        return f"{shown} {asked.unit}".strip()
    return str(value)
