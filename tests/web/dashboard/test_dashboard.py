"""A councillor reads six blocks; what is not sure, not there or not comparable is said."""

import io
import json

import pyarrow.parquet
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from web.collecting.service_examples import with_areas
from web.dashboard.service_examples import CSV, filled, peer_of

from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.models import AuditEvent
from parvis_web.collecting.services import remove_delivery
from parvis_web.dashboard import queries, rules, services
from parvis_web.dashboard.models import BaseYear, IndicatorChoice, PeerCity

pytestmark = pytest.mark.django_db
ROLES = ("owner", "coordinator", "analyst", "assessor", "reader")
WRITERS = {"owner", "coordinator", "analyst"}
PAGES = (
    "",
    "blocks/sec/",
    "blocks/sec/violence/",
    "cards/SEC-02/",
    "cards/SEC-02/areas/",
    "peers/",
    "report/",
    "settings/",
)


def url(town, page=""):
    return f"/a/{town.slug}/indicators/{page}"


def read(town, page="", role="reader"):
    answer = town.client(role).get(url(town, page))
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


@pytest.fixture
def town(here):
    """A town with data, a base year and nothing else decided."""
    filled(here)
    services.fix_base_year(here.actor("analyst"), period="2023", reason="First survey")
    return here


def test_without_data_the_page_says_what_to_do_next(here):
    page = read(here, role="analyst")
    assert "No data yet" in page
    assert f'href="/a/{here.slug}/data/"' in page
    assert "Owners, coordinators and analysts" in read(here)


def test_a_block_is_one_plain_sentence_and_both_halves_stand_side_by_side(town):
    page = read(town)
    assert "1 fell, 14 without data." in page
    assert "Of what changed, 0 for the better and 1" not in page
    assert "Of what changed, 1 for the better and 0 for the worse." in page
    assert page.count("What is recorded") > 6
    assert page.count("What people say") > 6
    assert "fell, for the better" in page
    assert "900.0 in 2023" in page
    assert "594.1" in page


def test_there_is_no_overall_number_and_no_rank(town):
    page = read(town).lower()
    for word in ("overall score", "ranking", "rank 1", "worst", "best"):
        assert word not in page


def test_a_change_that_chance_explains_is_called_so(here):
    filled(here, CSV.replace("600,101000", "890,101000").replace("500,71000", "790,71000"))
    services.fix_base_year(here.actor("analyst"), period="2023", reason="First survey")
    assert "1 without demonstrable change, 14 without data." in read(here)


def test_the_base_year_can_be_left_out_for_one_look(town):
    assert "compared with 2023" in read(town)
    assert "each compared with the one before" in read(town, "?base=none")


@pytest.mark.parametrize("query", ["?area=nowhere", "?period=1999", "?base=1999", "?base=2025"])
def test_what_there_is_not_is_not_found(town, query):
    assert town.client("reader").get(url(town, query)).status_code == (
        200 if query == "?base=2025" else 404
    )


def test_a_district_has_a_dashboard_of_its_own(town):
    page = read(town, "?area=north")
    assert "How north is doing" in page
    assert "333.3" in page


def test_the_card_says_where_a_number_comes_from(town):
    page = read(town, "cards/SEC-02/")
    for said in (
        "Violent crime, recorded",
        "600 among 101,000",
        "police",
        "ISO 37120 14.5, edition 2014",
        "The interval is the range of chance variation, not a sampling error.",
        "it is not known how much is reported",
        "values.csv",
        "analyst of Tessenmark",
        "numerator / denominator * 100000",
    ):
        assert said in page, said


def test_the_reporting_rate_stands_beside_violence_alone(here):
    rate = "SEC-12,2025,city,,36,,,300,2.5,survey\n"
    filled(here, f"{CSV}{rate}SEC-06,2025,city,,,90,50000,,,police\n")
    assert "36% is reported" in read(here, "cards/SEC-02/")
    burglary = read(here, "cards/SEC-06/")
    assert "36% is reported" not in burglary
    assert "it is not known how much is reported" in burglary


def test_who_feels_what_stands_on_the_card(town):
    page = read(town, "cards/SEN-01/")
    assert "who feels what" in page
    assert "38.0%" in page
    assert "56.0%" in page


def test_a_revised_value_keeps_what_was_told_before(town):
    filled(town, "indicator,period,area,numerator,denominator\nSEC-02,2025,city,700,101000\n")
    page = read(town, "cards/SEC-02/")
    assert "Told more than once" in page
    assert "693.1" in page
    assert "594.1" in page


def test_data_taken_out_of_use_change_the_dashboard_at_once(town):
    later = filled(
        town, "indicator,period,area,numerator,denominator\nSEC-02,2025,city,700,101000\n"
    )
    assert "693.1" in read(town)
    remove_delivery(town.actor("analyst"), later)
    assert "693.1" not in read(town)


def test_areas_stand_in_the_order_of_names_beside_the_city(town):
    with_areas(town)
    page = read(town, "cards/SEC-02/areas/")
    rows = page[page.index("<tbody>") :]
    assert rows.index("north") < rows.index("south")
    assert "higher" in rows
    assert "rank" not in page.replace("areas are not ranked", "")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet", "svg", "png"])
def test_every_figure_leaves_in_six_formats(town, ending):
    heads = {"xlsx": b"PK", "parquet": b"PAR1", "png": b"\x89PNG", "svg": b"<svg"}
    answer = town.client("reader").get(url(town, f"figures/SEC-02_trend.{ending}"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{ending}"')
    assert answer.content.startswith(heads.get(ending, b""))
    if ending == "parquet":
        rows = pyarrow.parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        assert [round(row["value"], 1) for row in rows] == [900.0, 594.1]
    if ending == "json":
        assert json.loads(answer.content)["class"] == "dataset"
    if ending == "csv":
        assert "not known how much is reported" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["SEC-02_nothing.csv", "XYZ-99_trend.csv", "all_trend.csv", "SEC-02_trend.exe", "x.csv"]
)
def test_a_figure_there_is_not_is_not_found(town, name):
    assert town.client("reader").get(url(town, f"figures/{name}")).status_code == 404


def test_what_is_missing_says_what_it_would_add(town):
    page = read(town, "blocks/sec/")
    assert "What is missing, and what it would add" in page
    assert "more would be enough for a score of this half" in page
    assert "Question of the module: Q24" in page


def test_every_member_reads_every_page(town):
    for role in ROLES:
        for page in PAGES if role == "reader" else PAGES[-1:]:
            assert town.client(role).get(url(town, page)).status_code == 200, (role, page)


def test_strangers_guests_and_others_find_nothing(town, elsewhere):
    space = town.space(marking=Marking.GREEN)
    town.name_on("guest", space)
    for page in PAGES:
        assert town.client("guest").get(url(town, page)).status_code == 404, page
        assert town.client("stranger").get(url(town, page)).status_code == 404, page
        assert elsewhere.client("owner").get(url(town, page)).status_code == 404, page


@pytest.mark.parametrize("role", [*ROLES, "guest"])
def test_only_those_who_bring_data_in_decide(town, role):
    actor = town.actor(role)
    assert rules.can_arrange(actor) == (role in WRITERS)
    posts = {
        "settings/base-year/": {"period": "2025", "reason": "x"},
        "settings/areas/": {"code": "city", "layer": ""},
        "settings/SEN-01/": {"what": "target", "aim-target": "60", "aim-target_reason": "x"},
    }
    expected = 302 if role in WRITERS else 404 if role == "guest" else 403
    if role == "guest":
        town.name_on("guest", town.space())
    for page, data in posts.items():
        assert town.client(role).post(url(town, page), data).status_code == expected, page


def test_a_base_year_is_fixed_with_its_moment_and_what_held_before_stays(town):
    client = town.client("analyst")
    client.post(url(town, "settings/base-year/"), {"period": "2025", "reason": "New survey"})
    rows = list(BaseYear.objects.filter(authority=town.authority))
    assert [row.period for row in rows] == ["2025", "2023"]
    page = read(town, "settings/")
    assert page.index("New survey") < page.index("First survey")
    assert "no longer holds" in page
    assert AuditEvent.objects.filter(action="base-year.fix").count() == 2


def test_a_decision_needs_its_reason(town):
    client = town.client("analyst")
    for data in (
        {"what": "target", "aim-target": "60"},
        {"what": "state", "state": "off", "reason": " "},
    ):
        answer = client.post(url(town, "settings/SEN-01/"), data)
        assert answer.status_code == 422
        assert "Say why" in answer.content.decode()
    assert not IndicatorChoice.objects.exists()


def test_a_target_and_an_indicator_switched_off_show_at_once(town):
    client = town.client("analyst")
    data = {"what": "target", "aim-target": "60", "aim-target_reason": "Council, 2024"}
    client.post(url(town, "settings/SEN-01/"), data)
    assert "target 60.0%" in read(town)
    assert "Council, 2024" in read(town, "cards/SEN-01/")
    off = {"what": "state", "state": "off", "reason": "Too few to tell"}
    client.post(url(town, "settings/SEC-02/"), off)
    assert "Violent crime" not in read(town)
    assert town.client("reader").get(url(town, "cards/SEC-02/")).status_code == 404
    assert "Too few to tell" in read(town, "settings/")


def test_chosen_cities_stand_beside_ones_own_by_name(town):
    text = (
        "indicator,period,area,value,n,standard_error\n"
        "SEN-01,2024,town,50,800,1.6\nSEN-01,2025,town,58,800,1.6\n"
    )
    answer = town.client("analyst").post(
        url(town, "peers/new/"),
        {
            "name": "Overfield",
            "source": "https://overfield.example",
            "city": "town",
            "agreed": ["name"],
            "file": SimpleUploadedFile("overfield.csv", text.encode()),
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    row = PeerCity.objects.get()
    assert [each["value"] for each in row.values] == [58.0]
    page = read(town, "peers/")
    assert "Overfield: differs beyond chance" in page
    assert "58.0%" in page
    answer = town.client("analyst").post(url(town, f"peers/{row.pk}/remove/"))
    assert answer.status_code == 302
    assert not PeerCity.objects.exists()


def test_a_file_without_the_city_is_refused_by_one_sentence(town):
    answer = town.client("analyst").post(
        url(town, "peers/new/"),
        {
            "name": "Overfield",
            "source": "x",
            "city": "other",
            "agreed": ["name"],
            "file": SimpleUploadedFile("overfield.csv", CSV.encode()),
        },
    )
    assert answer.status_code == 422
    assert "for the area “other”" in answer.content.decode()
    assert not PeerCity.objects.exists()


def test_a_group_without_names_needs_five(town):
    for name in ("A", "B", "C", "D"):
        peer_of(town, name, may_name=False)
    page = read(town, "peers/?as=group")
    assert "Refused: 4 cities" in page
    peer_of(town, "E", may_name=False)
    page = read(town, "peers/?as=group")
    assert "Median of 5 cities" in page
    named = read(town, "peers/")
    assert "Left out because they did not agree to it: 5." in named


@pytest.mark.parametrize(("ending", "head"), [("pdf", b"%PDF"), ("html", b"<!doctype html>")])
def test_the_yearly_report_fills_itself_from_each_year(town, ending, head):
    answer = town.client("reader").get(url(town, f"report/report.{ending}"))
    assert answer.status_code == 200
    assert answer.content.startswith(head)
    assert f"indicators-2025.{ending}" in answer["Content-Disposition"]
    if ending == "html":
        text = answer.content.decode()
        assert "Violent crime, recorded" in text
        assert "TLP:GREEN" in text
        earlier = town.client("reader").get(url(town, f"report/report.{ending}?period=2023"))
        assert "900.0" in earlier.content.decode()


def test_the_dashboard_is_computed_once_for_the_same_data(town):
    queries._computed.cache_clear()
    for role in ("reader", "owner", "reader"):
        read(town, role=role)
    assert queries._computed.cache_info().misses == 1


def test_pages_ask_the_database_a_bounded_number_of_times(town, django_assert_max_num_queries):
    for number in range(6):
        filled(town, f"indicator,period,area,value\nQOL-02,{2010 + number},city,6\n")
    client = town.client("reader")
    for page in PAGES:
        client.get(url(town, page))
        with django_assert_max_num_queries(22):
            client.get(url(town, page))


def test_synthetic_data_say_so(here):
    filled(here, CSV.replace("police", "synthetic data of Tessenmark"))
    assert "made up for a fictional town" in read(here)
