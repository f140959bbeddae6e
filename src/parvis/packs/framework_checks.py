"""Does a framework hold together: what the types of its fields cannot say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parvis.packs.base import Located

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework


def framework_problems(framework: "Framework") -> Iterator[Located]:
    """Yield every problem with its path."""
    from parvis.packs.base import repeated_keys

    yield from repeated_keys([asked for _, asked in framework.questions])
