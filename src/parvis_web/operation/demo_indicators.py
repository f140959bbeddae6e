"""The demonstration's indicators: synthetic deliveries that fill the dashboard, and say so."""

import json

from django.utils import timezone

from parvis_web.accounts.rights import Actor
from parvis_web.audit.recording import note, service
from parvis_web.collecting.models import Delivery, Origin
from parvis_web.collecting.services import add_areas, facts
from parvis_web.config.data import library_home
from parvis_web.dashboard.models import BaseYear
from parvis_web.dashboard.services import fix_base_year, set_city_area, set_target

BASE = "2023"
REASON = "The first survey of residents; synthetic, as everything in this demonstration."


def fill_dashboard(actor: Actor) -> None:
    """Deliver the fictional town's figures, its districts and a base year; once."""
    from parvis.indicators.example import CITY, example_districts
    from parvis.io.example_data import districts_geojson

    if BaseYear.objects.filter(authority=actor.authority).exists():
        return
    _deliver(actor)
    districts = example_districts()
    layer = add_areas(
        actor,
        name="Districts (synthetic)",
        file_name="districts.geojson",
        found={
            "codes": [each.code for each in districts],
            "names": [each.name for each in districts],
            "content": json.dumps(districts_geojson()).encode(),
        },
    )
    set_city_area(actor, code=CITY, layer=layer)
    set_target(actor, code="SEN-01", target=55.0, reason="Council decision 2024/17, invented")
    set_target(actor, code="LIV-07", target=8.0, reason="Contract with the lighting firm, invented")
    fix_base_year(actor, period=BASE, reason=REASON)


@service("demo.deliver")
def _deliver(actor: Actor) -> None:
    """Keep the fictional town's deliveries as if they had been read from files."""
    from parvis.io.example_data import example_observations
    from parvis.io.observations import save_delivery

    for each in example_observations():
        made = save_delivery(
            each.table,
            received=each.received,
            note=each.note,
            survey=each.survey,
            home=library_home(actor.authority.pk),
        )
        columns, words = each.table.columns, each.table.vocabularies
        counts = dict.fromkeys(words["indicator"], 0)
        for code in columns["indicator"].tolist():
            counts[words["indicator"][code]] += 1
        row = Delivery.objects.create(
            authority=actor.authority,
            created_by=actor.user,
            origin=Origin.SURVEY if each.survey else Origin.FILE,
            file_name=each.note,
            received=each.received,
            note="Synthetic: made up for the demonstration.",
            found={
                "indicators": counts,
                "n_areas": len(words["area"]),
                "n_rejected": 0,
                "periods": [words["period"][0], words["period"][-1]],
            },
            store=made.id,
            n=made.n,
            kept=timezone.now(),
            kept_by=actor.user,
        )
        note(row, after=facts(row), n=row.n, store=row.store)
