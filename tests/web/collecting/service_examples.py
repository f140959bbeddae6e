"""One run of every service of data that come in."""

from datetime import date, timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from web.service_examples import example

from parvis_web.accounts.rights import Actor
from parvis_web.collecting import services, services_protected
from parvis_web.collecting.files import TABLE_ENDINGS, keep_upload
from parvis_web.collecting.models import Delivery, ProtectedDataset
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


@example("delivery.compute")
def compute(town):
    kept_file = keep_upload(town.authority.pk, upload("x,y,people\n"), TABLE_ENDINGS, "people")
    services.compute_delivery(analyst(town), city=town.city(), file=kept_file)


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


INCIDENTS = (
    "date,offence,lon,lat,ward\n"
    "2025-01-05,robbery,10.0,50.0,A\n"
    "2025-06-05,assault,10.0,50.0,A\n"
    "2025-12-05,assault,,,\n"
    "2025-12-06,fishing,10.0,50.0,B\n"
)


def protecting(**fields):
    """What the record says of protected data."""
    return {
        "name": "Offences of 2025",
        "purpose": "Counts by ward",
        "regime": "led",
        "basis": "Section 1 of the police act",
        "people": "Victims and suspects",
        "data_owner": "Police liaison",
        "recipients": "",
        "retention": "Until the yearly report",
        "delete_on": timezone.localdate() + timedelta(days=90),
    } | fields


def protected(town, text=INCIDENTS, *, role="coordinator", kind="incidents", **options):
    """Incidents in the protected store; who put them there is on the list."""
    return services_protected.add_protected(
        town.actor(role),
        upload=upload(text, "offences.csv"),
        file_name="offences.csv",
        ending=".csv",
        content_kind=kind,
        values=protecting(**options.pop("values", {})),
        **options,
    )


def opened(town, **options) -> ProtectedDataset:
    """Protected incidents that were looked at."""
    item = protected(town, **options)
    execute(AnalysisRun.objects.get(subject_id=item.pk))
    item.refresh_from_db()
    return item


def counting(item, **fields):
    """How protected incidents are counted."""
    return {
        "mapping": item.facts["mapping"],
        "indicators": {"robbery": "SEC-02", "assault": "SEC-02"},
        "period": "year",
        "covered": ["2025-01-01", "2025-12-31"],
        "city": "city",
        "only_inside": False,
        "source": "Police",
        "areas_digest": "",
        "received": timezone.localdate().isoformat(),
        "stores": [],
    } | fields


@example("protected.add")
def add_protected(town):
    protected(town)


@example("protected.name")
def name_on_list(town):
    actor = town.actor("coordinator")
    services_protected.name_on_list(actor, protected(town), user=town.person("analyst"))


@example("protected.looked-at")
def look_at_protected(town):
    system = Actor(town.authority, via="run")
    services_protected.take_look(system, protected(town), found={"columns": ["a"]})


@example("protected.map")
def set_map(town):
    services_protected.set_map(town.actor("coordinator"), opened(town), mapping={"period": "2025"})


@example("protected.sum-up")
def sum_up(town):
    item = opened(town)
    services_protected.sum_up(town.actor("coordinator"), item, parameters=counting(item))


@example("delivery.from-protected")
def take_sums(town):
    system = Actor(town.authority, via="run")
    services_protected.take_sums(
        system, protected(town), pk=uuid4(), found={"n_accepted": 0}, created_by=None
    )
