"""One run of every service of the dashboard."""

import csv
import io

from dashboards import seen
from django.utils import timezone
from web.collecting.service_examples import DAY
from web.service_examples import example

from parvis.indicators.values import observations_of
from parvis.io.observations import save_delivery
from parvis_web.collecting.models import Delivery
from parvis_web.config.data import library_home
from parvis_web.dashboard import services

CSV = (
    "indicator,period,area,split:sex,value,numerator,denominator,n,standard_error,source\n"
    "SEC-02,2023,city,,,900,100000,,,police\n"
    "SEC-02,2025,city,,,600,101000,,,police\n"
    "SEC-02,2025,north,,,100,30000,,,police\n"
    "SEC-02,2025,south,,,500,71000,,,police\n"
    "SEN-01,2023,city,,40,,,900,1.5,survey\n"
    "SEN-01,2025,city,,47,,,900,1.5,survey\n"
    "SEN-01,2025,city,f,38,,,450,2,survey\n"
    "SEN-01,2025,city,m,56,,,450,2,survey\n"
)
PEER = [
    {
        "indicator": "SEN-01",
        "period": "2025",
        "area": "city",
        "value": 52.0,
        "unit": "percent",
        "error_model": "weighted_share",
        "split": "",
        "n": 800,
        "numerator": None,
        "denominator": None,
        "standard_error": 1.6,
        "flag": "a",
        "source": "survey of Overfield",
        "definition": 1,
        "grade": "B",
    }
]


def filled(town, text: str = CSV):
    """A town whose dashboard has something to say: values kept without a file being read."""
    rows = [_observation(row) for row in csv.DictReader(io.StringIO(text))]
    made = save_delivery(observations_of(rows), received=DAY, home=library_home(town.authority.pk))
    return Delivery.objects.create(
        authority=town.authority,
        created_by=town.person("analyst"),
        file_name="values.csv",
        received=DAY,
        store=made.id,
        n=made.n,
        kept=timezone.now(),
        kept_by=town.person("analyst"),
    )


def _observation(row: dict[str, str]):
    def number(name: str):
        return float(row[name]) if row.get(name) else None

    return seen(
        row["indicator"],
        row["period"],
        number("value"),
        area=row["area"],
        split=f"sex={row['split:sex']}" if row.get("split:sex") else "",
        n=int(row["n"]) if row.get("n") else None,
        numerator=number("numerator"),
        denominator=number("denominator"),
        standard_error=number("standard_error"),
        source=row.get("source") or "",
    )


def peer_of(town, name: str = "Overfield", *, may_name: bool = True):
    return services.add_peer(
        town.actor("analyst"),
        name=name,
        source="https://overfield.example/indicators.csv",
        values=PEER,
        may_name=may_name,
        may_group=True,
    )


@example("base-year.fix")
def fix(town):
    services.fix_base_year(town.actor("analyst"), period="2023", reason="First survey")


@example("city-area.set")
def set_area(town):
    services.set_city_area(town.actor("analyst"), code="city", layer=None)


@example("indicator.choose")
def choose(town):
    services.choose_indicator(
        town.actor("analyst"), code="SEC-01", state="off", reason="Too few to tell"
    )


@example("indicator.set-target")
def aim(town):
    services.set_target(town.actor("analyst"), code="SEN-01", target=60.0, reason="Council, 2024")


@example("peer.add")
def add(town):
    peer_of(town)


@example("peer.remove")
def remove(town):
    services.remove_peer(town.actor("analyst"), peer_of(town))
