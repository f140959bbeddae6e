"""An entry of a public register about a made-up technology."""

import datetime as dt

from parvis.assessment import Answer, Assessment, Subject
from parvis.packs.frameworks import load_framework

ENTRY = {
    "r_name": "Counting people at the fair",
    "r_description_short": "Counts how many people are on the square and tells the stewards.",
    "r_organization": "City of Tessenmark",
    "r_department": "Events",
    "r_contact_email": "events@tessenmark.example",
    "r_area": "Weaver Square",
    "r_domain": "safety",
    "r_status": "pilot",
    "r_begin": "2026-09-01",
    "r_decision_making_process": "Closing of entrances by the steward in charge",
    "r_goal": "No dangerous crowding.",
    "r_impact": "Entrances may be closed for a while.",
    "r_risks": "Wrong counts; a steward looks before closing.",
    "r_risk_category": "minimal",
    "r_proportionality": "Nobody is identified.\nPictures are thrown away at once.",
    "r_lawful_basis": "Public task; decision of the council",
    "r_training_data": "Public pictures of crowds",
    "r_source_data": "Pictures of four cameras",
    "r_connected_data_sources": "None",
    "r_algorithm_type": "self_learning",
    "r_description": "It looks at a picture and counts heads. " * 15,
    "r_monitoring": "Counts by hand on two evenings",
    "r_type": "descriptive",
    "r_human_intervention": "A steward decides.",
    "r_objection_procedure": "Letter to the office",
    "r_lang": "nl",
    "r_publication_date": "2026-08-20",
    "r_last_change_date": "2026-11-21",
    "r_revision_date": "2027-08-20",
    "r_publication_category": "impactful",
    "r_filer": "Head of office, events@tessenmark.example",
    "r_provider_entry": "https://register.example/1",
    "r_fria_summary": "Few people are touched, for seconds.",
}
DATES = {"r_begin", "r_publication_date", "r_last_change_date", "r_revision_date"}


def assessment(*, without=(), framework="ai-technology", ref="", **changed):
    said = {key: text for key, text in (ENTRY | changed).items() if key not in without}
    return Assessment(
        load_framework(framework),
        Subject("technology", "Counting", {"country": "NL", "deployer": "public"}, ref),
        answers=tuple(
            Answer(key, value=dt.date.fromisoformat(text) if key in DATES else text)
            for key, text in said.items()
        ),
    )
