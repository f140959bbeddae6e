"""
Content as data: which packs there are, and what they hold.

Packs are YAML files that a practitioner can read in review. They are read lazily, checked against
their kind's model, and every mistake names the file, the line and the key.
"""

from parvis.packs.content import (
    GroundRule,
    GroundRules,
    ParameterDraws,
    load_ground_rules,
    load_parameter_draws,
    load_rating_systems,
    load_street_widths,
    load_surfaces,
)
from parvis.packs.errors import (
    PackError,
    PackInvalidError,
    PackNotFoundError,
    PackUnreadableError,
    UnknownPackError,
)
from parvis.packs.loader import (
    LARGEST_FILE,
    PackSummary,
    check_pack_file,
    example_text,
    find_pack,
    load_pack,
    load_threat_statement,
    pack_summaries,
    pack_text,
)

__all__ = [
    "LARGEST_FILE",
    "GroundRule",
    "GroundRules",
    "PackError",
    "PackInvalidError",
    "PackNotFoundError",
    "PackSummary",
    "PackUnreadableError",
    "ParameterDraws",
    "UnknownPackError",
    "check_pack_file",
    "example_text",
    "find_pack",
    "load_ground_rules",
    "load_pack",
    "load_parameter_draws",
    "load_rating_systems",
    "load_street_widths",
    "load_surfaces",
    "load_threat_statement",
    "pack_summaries",
    "pack_text",
]
