"""How the files of texts that ship with Parvis are read: by libyaml where it is there."""

from importlib.resources.abc import Traversable
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_texts(place: Traversable) -> dict[str, Any]:
    """Return the texts of a YAML file by their keys."""
    return dict(yaml.load(place.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506 - safe
