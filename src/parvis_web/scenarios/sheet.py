"""The sheet of a version, in the reader's words, to be signed on paper."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.anchors import anchor_line
from parvis_web.scenarios.editor import barrier_row, check_row, headline, point_row
from parvis_web.scenarios.models import Scenario, ScenarioVersion
from parvis_web.ui import formats


def sheet_pdf(scenario: Scenario, version: ScenarioVersion, *, language: str, today: date) -> bytes:
    """Return the sheet as PDF; names and other texts of people are data to the typesetter."""
    from parvis.report.sign_off import SheetTable, sign_off_sheet

    answer = version.answer
    points = [point_row(point) for point in answer["points"]] if answer else []
    rows = [barrier_row(row, None) for row in answer["rows"]] if answer else []
    checks = [check_row(check) for check in answer["checks"]] if answer else []
    texts = {
        "title": _("Sign-off of a scenario: %(name)s") % {"name": version.name},
        "author": scenario.authority.name,
        "marking": str(Marking(scenario.marking).label),
        "space": scenario.space.name,
        "intro": headline(answer),
        "footer": scenario.authority.name,
        "page": _("Page {number} of {total}"),
        "fact": _("What"),
        "value": _("Value"),
        "digest_title": _("Digest"),
        "digest_meaning": _(
            "SHA-256 of the changes, the results and the ground they hold for. Another digest "
            "means another version; a signature does not carry over."
        ),
        "statement": _(
            "I have looked at this version, its assumptions and the data it rests on, and sign "
            "it off."
        ),
    }
    return sign_off_sheet(
        texts,
        facts=[
            (_("Authority"), scenario.authority.name),
            (_("Public space"), scenario.space.name),
            (_("Scenario"), version.name),
            (_("Version"), str(version.number)),
            (_("Saved"), formats.moment(version.created)),
            (_("State of the city's data"), version.city_state[:16] or "–"),
            (_("Printed"), formats.day(today)),
            (_("Anchor of the audit chain"), anchor_line(scenario.authority).replace(",", ", ")),
        ],
        tables=[
            SheetTable(
                _("Access points"),
                _("No vehicle reaches the space."),
                [_("No."), _("Street"), _("Before"), _("With the changes"), _("Required rating")],
                [
                    [
                        str(point["id"]),
                        point["street"] or "–",
                        formats.speed_kmh(point["said_before_kmh"]),
                        formats.speed_kmh(point["said_after_kmh"]),
                        point["needs"] or point["needs_reason"] or "–",
                    ]
                    for point in points
                ],
                ["auto", "rest", "auto", "auto", "auto"],
            ),
            SheetTable(
                _("Barriers"),
                _("No row of products is among the changes."),
                [
                    pgettext("heading", "Change"),
                    _("Element"),
                    _("Number"),
                    _("Widest gap"),
                    _("Verdict"),
                ],
                [
                    [
                        str(row["change"]),
                        f"{row['family_name']} {row['level_name']}".strip(),
                        str(row["n_elements"]),
                        formats.millimetres(row["widest_gap_m"]),
                        row["verdict"],
                    ]
                    for row in rows
                ],
                ["auto", "rest", "auto", "auto", "rest"],
            ),
            SheetTable(
                _("Openness"),
                "–",
                [_("Check"), _("Outcome"), _("Value")],
                [
                    [str(row["title"]), str(row["outcome_label"]), row["value_text"]]
                    for row in checks
                ],
                ["rest", "auto", "auto"],
            ),
        ],
        fields=[pgettext("person", "Name"), _("Function"), _("Place and date"), _("Signature")],
        digest=version.digest,
        created=version.created.isoformat(),
        language=language.split("-")[0],
    )
