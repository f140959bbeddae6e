"""
Content as data: which packs there are, and what they hold.

Packs are YAML files that a practitioner can read in review. They are read lazily, checked against
their kind's model, and every mistake names the file, the line and the key.
"""

from parvis.packs.closure_content import (
    BarrierProducts,
    ProductFamily,
    ProductLevel,
    load_barrier_products,
    load_interim_measures,
    load_openness_requirements,
    load_residual_risks,
    load_streetscape_schemes,
    openness_requirements,
)
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
    FrameworkPlaceError,
    PackError,
    PackInvalidError,
    PackNotFoundError,
    PackUnreadableError,
    UnknownFrameworkError,
    UnknownPackError,
)
from parvis.packs.frameworks import (
    FrameworkSummary,
    broken_frameworks,
    framework_digest,
    framework_names,
    framework_text,
    frameworks,
    load_framework,
    read_framework,
)
from parvis.packs.indicators import (
    Catalogue,
    catalogue,
    read_indicator_pack,
    shipped_catalogue,
)
from parvis.packs.legal_content import LegalBasis, legal_bases
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
    "BarrierProducts",
    "Catalogue",
    "FrameworkPlaceError",
    "FrameworkSummary",
    "GroundRule",
    "GroundRules",
    "LegalBasis",
    "PackError",
    "PackInvalidError",
    "PackNotFoundError",
    "PackSummary",
    "PackUnreadableError",
    "ParameterDraws",
    "ProductFamily",
    "ProductLevel",
    "UnknownFrameworkError",
    "UnknownPackError",
    "broken_frameworks",
    "catalogue",
    "check_pack_file",
    "example_text",
    "find_pack",
    "framework_digest",
    "framework_names",
    "framework_text",
    "frameworks",
    "legal_bases",
    "load_barrier_products",
    "load_framework",
    "load_ground_rules",
    "load_interim_measures",
    "load_openness_requirements",
    "load_pack",
    "load_parameter_draws",
    "load_rating_systems",
    "load_residual_risks",
    "load_street_widths",
    "load_streetscape_schemes",
    "load_surfaces",
    "load_threat_statement",
    "openness_requirements",
    "pack_summaries",
    "pack_text",
    "read_framework",
    "read_indicator_pack",
    "shipped_catalogue",
]
