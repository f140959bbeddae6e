"""Vocabulary shared by all parts; GLOSSARY.md is the authority on its meaning."""

from enum import IntEnum, StrEnum

GRAVITY = 9.80665
"""Standard gravity. [m s⁻²]"""

KMH_PER_MPS = 3.6


class Grade(IntEnum):
    """How well an input is known; the greater value is the worse grade."""

    A = 1
    B = 2
    C = 3

    def __str__(self) -> str:
        """Return the letter."""
        return self.name


class Marking(StrEnum):
    """Traffic light protocol marking of an output."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"


class Scenario(StrEnum):
    """Which parameter set and which ground rule column is used."""

    TYPICAL = "typical"
    LIMIT = "limit"
