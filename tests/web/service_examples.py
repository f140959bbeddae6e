"""
One run of every service, by its action.

`EXAMPLES` holds a function per action that takes a `Town` and makes the service write. Each app
keeps its own in ``tests/web/<app>/service_examples.py``, with the decorator from here.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Example = Callable[[Any], None]

EXAMPLES: dict[str, Example] = {}


def example(action: str) -> Callable[[Example], Example]:
    """Make a function the example of the service `action`."""

    def keep(function: Example) -> Example:
        if action in EXAMPLES:
            raise ValueError(f"two examples of {action}")
        EXAMPLES[action] = function
        return function

    return keep


def load_examples() -> dict[str, Example]:
    """Return every example of every app."""
    for file in sorted(Path(__file__).parent.glob("*/service_examples.py")):
        import_module(f"web.{file.parent.name}.service_examples")
    return EXAMPLES
