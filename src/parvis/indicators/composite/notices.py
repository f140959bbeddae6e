"""What was done differently or left out, said beside the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Notice:
    """
    Something a reader of the result must know; its sentence is made at the edge.

    Attributes
    ----------
    code : str
    details : mapping
    """

    code: str
    details: Mapping[str, object] = field(default_factory=dict)
