"""One run of every service of data that come in."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from web.service_examples import example

from parvis_web.accounts.rights import Actor
from parvis_web.collecting import services
from parvis_web.collecting.files import TABLE_ENDINGS, keep_upload
from parvis_web.collecting.models import Delivery
from parvis_web.collecting.services import take_reading
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun

DAY = date(2026, 3, 1)
CSV = (
    "indicator,period,area,numerator,denominator\n"
    "SEC-02,2024,city,410,100000\n"
    "SEC-02,2025,city,390,101000\n"
    "SEC-02,2025,mars,many,101000\n"
)
AREAS = {"codes": ["A1"], "names": ["Old Town"], "content": b'{"type": "FeatureCollection"}'}


def analyst(town) -> Actor:
    return town.actor("analyst")


def upload(text: str = CSV, name: str = "values.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def added(town, text: str = CSV, *, role: str = "analyst", name: str = "values.csv") -> Delivery:
    """A file that waits to be read."""
    kept = keep_upload(town.authority.pk, upload(text, name), TABLE_ENDINGS, "table")
    return services.add_delivery(town.actor(role), file=kept, received=DAY)


def looked_at(town, text: str = CSV, **options) -> Delivery:
    """A file that was read and waits to be kept."""
    delivery = added(town, text, **options)
    execute(AnalysisRun.objects.get(subject_id=delivery.pk))
    delivery.refresh_from_db()
    return delivery


def kept(town, text: str = CSV, **options) -> Delivery:
    """A delivery that counts."""
    delivery = looked_at(town, text, **options)
    return services.keep_delivery(town.actor(options.get("role", "analyst")), delivery)


def mapped(town):
    return services.save_mapping(analyst(town), name="Police", content={"columns": {"value": "v"}})


def with_areas(town):
    return services.add_areas(analyst(town), name="Wards", file_name="w.geojson", found=AREAS)


@example("delivery.add")
def add(town):
    added(town)


@example("delivery.looked-at")
def look_at(town):
    take_reading(Actor(town.authority, via="run"), added(town), found={"n_accepted": 0})


@example("delivery.read-anew")
def read_anew(town):
    services.read_anew(analyst(town), looked_at(town), mapping={"columns": {"value": "period"}})


@example("delivery.keep")
def keep(town):
    kept(town)


@example("delivery.discard")
def discard(town):
    services.discard_delivery(analyst(town), looked_at(town))


@example("delivery.remove")
def remove(town):
    services.remove_delivery(analyst(town), kept(town))


@example("delivery.bring-back")
def bring_back(town):
    delivery = kept(town)
    services.remove_delivery(analyst(town), delivery)
    services.bring_back_delivery(analyst(town), delivery)


@example("mapping.save")
def save(town):
    mapped(town)


@example("mapping.delete")
def delete(town):
    services.delete_mapping(analyst(town), mapped(town))


@example("areas.add")
def add_areas(town):
    with_areas(town)


@example("areas.remove")
def remove_areas(town):
    services.remove_areas(analyst(town), with_areas(town))


@example("areas.bring-back")
def bring_back_areas(town):
    layer = with_areas(town)
    services.remove_areas(analyst(town), layer)
    services.bring_back_areas(analyst(town), layer)
