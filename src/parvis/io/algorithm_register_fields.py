"""Which fields do public registers of algorithms have, and which questions fill them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

DOMAINS = {
    "taxes": "taxes",
    "housing": "housing, living and living environment",
    "culture": "culture, sports and leisure",
    "defence": "defence",
    "economy": "economy and entrepreneurship",
    "family": "family, youth and households",
    "finance": "finance",
    "generic": "generic",
    "health": "health and health care",
    "immigration": "immigration and integration",
    "international": "international collaboration and development aid",
    "agriculture": "agriculture, nature and food",
    "environment": "environment, spacial planning and water",
    "education": "education and science",
    "safety": "public safety",
    "government": "government",
    "justice": "justice",
    "abroad": "travel, living and working abroad",
    "subsidies": "subsidies, benefits and allowances",
    "traffic": "traffic and transportation",
    "work": "work and career",
}
"""Published values by option; "spacial" is the standard's own spelling."""
_PLAIN = ("planned", "design", "development", "pilot", "evaluation", "operational", "retired")
STATUSES = {key: key for key in _PLAIN}
RISKS = {
    "minimal": "minimal risk",
    "limited": "limited risk",
    "high": "high risk",
    "unacceptable": "unacceptable",
}
ALGORITHMS = {"self_learning": "self-learning", "rule_based": "rule-based", "hybrid": "hybrid"}
USES = {key: key for key in ("descriptive", "diagnostic", "predictive", "prescriptive")}
DUTCH_STATUSES = {
    "planned": "In ontwikkeling",
    "design": "In ontwikkeling",
    "development": "In ontwikkeling",
    "pilot": "In gebruik",
    "evaluation": "In gebruik",
    "operational": "In gebruik",
    "retired": "Buiten gebruik",
}
"""A pilot is used on people, so it counts as in use."""
DUTCH_CATEGORIES = {
    "high_risk": "Hoog-risico AI-systemen",
    "impactful": "Impactvolle algoritmes",
    "other": "Overige algoritmes",
}
Kind = Literal["text", "url", "email", "contact", "date", "month", "uuid", "language"]


@dataclass(frozen=True, slots=True)
class Field:
    """
    A field of a form.

    Attributes
    ----------
    name : str
        In the form.
    questions : tuple of str
        Questions whose answers make it up, joined by a space; empty for fields that are derived.
    required : bool
        Whether the form needs it; then at least the first question has to be answered.
    kind : str
    least, most : int
        Length of a text; no limit where `most` is 0.
    values : mapping of str to str, optional
        Published value by option.
    """

    name: str
    questions: tuple[str, ...]
    required: bool = False
    kind: Kind = "text"
    least: int = 0
    most: int = 0
    values: Mapping[str, str] | None = None


def _field(name: str, *questions: str, **more: Any) -> Field:
    return Field(name, questions or (f"r_{name.lower()}",), **more)


TRANSPARENCY_FIELDS = (
    Field("standard_version", (), required=True),
    Field("uuid", (), kind="uuid"),
    _field("lang", required=True, kind="language"),
    _field("publication_date", required=True, kind="date"),
    _field("last_change_date", required=True, kind="date"),
    _field("revision_date", required=True, kind="date"),
    _field("revision_note"),
    _field("keywords"),
    _field("name", required=True),
    _field("description_short", required=True, most=150),
    _field("organization", required=True),
    _field("department", required=True),
    Field("country", ()),
    _field("contact_email", required=True, kind="email"),
    _field("contact_phone"),
    _field("contact_name"),
    _field("area", required=True),
    _field("domain", required=True, values=DOMAINS),
    _field("website", kind="url"),
    _field("status", required=True, values=STATUSES),
    _field("remark"),
    _field("decision_making_process", required=True),
    _field("goal", required=True),
    _field("impact", required=True),
    _field("risks", required=True),
    _field("risk_category", required=True, values=RISKS),
    _field("proportionality", required=True),
    _field("lawful_basis", required=True),
    _field("documentation", kind="url"),
    _field("training_data", required=True),
    _field("source_data", required=True),
    _field("data_bias"),
    _field("connected_data_sources", required=True),
    _field("DPIA_description"),
    _field("DPIA_url", kind="url"),
    _field("algorithm_type", required=True, values=ALGORITHMS),
    _field("description", required=True, least=500, most=10_000),
    _field("methods_and_models"),
    _field("performance"),
    _field("alternatives_considered"),
    _field("product_information", kind="url"),
    _field("codebase_url", kind="url"),
    _field("product_page", kind="url"),
    _field("AIA_description"),
    _field("AIA_url", kind="url"),
    _field("monitoring", required=True),
    _field("type", required=True, values=USES),
    _field("human_intervention", required=True),
    _field("objection_procedure", required=True),
    _field("rollback"),
)
DUTCH_FIELDS = (
    _field("naam", "r_name", required=True, most=100),
    _field("korte_omschrijving", "r_description_short", required=True, most=350),
    _field("organisatie", "r_organization", required=True, most=100),
    _field("thema", "r_theme"),
    _field("status", required=True, values=DUTCH_STATUSES),
    _field("begindatum", "r_begin", kind="month"),
    _field("einddatum", "r_end", kind="month"),
    _field("contactgegevens", "r_contact_email", required=True, kind="contact"),
    _field("link_publiekspagina", "r_website", kind="url"),
    _field("publicatiecategorie", "r_publication_category", required=True, values=DUTCH_CATEGORIES),
    _field("link_bronregistratie", "r_source_registration", kind="url"),
    _field("doel_en_impact", "r_goal", "r_impact", most=2500),
    _field("afwegingen", "r_proportionality", "r_alternatives_considered", most=2500),
    _field("menselijke_tussenkomst", "r_human_intervention", most=2500),
    _field("risicobeheer", "r_risks", most=2500),
    _field("wettelijke_basis", "r_lawful_basis", most=2500),
    _field("link_wettelijke_basis", "r_legal_url", kind="url"),
    _field("titel_wettelijke_basis", "r_legal_title", most=100),
    _field("verwerkingsregister", "r_processing_register", kind="url"),
    _field("impacttoetsen", "r_impact_assessments"),
    _field("link_impacttoets", "r_dpia_url", kind="url"),
    _field("toelichting_impacttoetsen", "r_dpia_description", most=2500),
    _field("gegevens", "r_source_data", "r_training_data", most=2500),
    _field("link_gegevensbron", "r_data_url", kind="url"),
    _field("titel_gegevensbron", "r_data_title", most=500),
    _field("technische_werking", "r_description", most=5000),
    _field("leverancier", "r_supplier", most=200),
    _field("link_broncode", "r_codebase_url", kind="url"),
    Field("taal", (), required=True),
    Field("schema", (), required=True),
    Field("bron_id", ()),
    _field("zoektermen", "r_keywords", most=2500),
)
ANNEX_FIELDS = (
    _field("1 Deployer: name", "r_organization", "r_department", required=True),
    _field("1 Deployer: contact", "r_contact_email", required=True, kind="contact"),
    _field("2 Person who files the entry", "r_filer", required=True),
    _field("3 Provider's entry in the EU database", "r_provider_entry", required=True, kind="url"),
    _field(
        "4 Summary of the fundamental rights impact assessment", "r_fria_summary", required=True
    ),
    _field("5 Summary of the data protection impact assessment", "r_dpia_description"),
)
