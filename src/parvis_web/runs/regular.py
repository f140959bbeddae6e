"""What a worker does by the way, every half minute: what apps registered."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

REGULAR: dict[str, Callable[[], object]] = {}
"""By name, each takes nothing and may find nothing to do."""


def register(name: str, function: Callable[[], object]) -> None:
    """Have workers call `function` regularly; it may be called by several at once."""
    REGULAR[name] = function


def do_regular() -> None:
    """Call everything registered; what fails is logged and holds nothing else back."""
    for name, function in REGULAR.items():
        try:
            function()
        except Exception:
            logger.exception("the regular work of %s failed", name)
