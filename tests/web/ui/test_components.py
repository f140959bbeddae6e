"""What the template tags draw: forms that explain themselves, markings, maps, navigation."""

import json
from uuid import UUID

import pytest
from django import forms
from django.template import Context, Template
from django.utils.html import escape

from parvis_web.accounts.vocabulary import Marking, Role
from parvis_web.ui import maps, navigation
from parvis_web.ui.icons import ICONS
from parvis_web.ui.templatetags.ui import speed_band


def draw(text, **context):
    return Template("{% load ui %}" + text).render(Context(context))


class PlanForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As people call it.")
    marking = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    is_checked = forms.BooleanField(label="Checked")
    note = forms.CharField(required=False)


def test_field_is_linked_to_its_hint_and_its_error():
    text = str(PlanForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_helptext"' in text
    assert 'id="id_name_error"' in text
    assert 'aria-invalid="true"' in text


def test_error_summary_links_to_each_field():
    text = str(PlanForm({}))
    assert "3 entries need a change:" in text
    for field in ("id_name", "id_is_checked"):
        assert f'<a href="#{field}">' in text


def test_radio_buttons_stand_in_a_fieldset_with_a_legend():
    text = str(PlanForm())
    assert "<fieldset" in text
    assert "<legend>Marking" in text


def test_optional_field_says_so_and_required_field_does_not():
    text = str(PlanForm())
    assert text.count("(optional)") == 1


def test_fresh_form_has_no_error_summary():
    assert "error-summary" not in str(PlanForm())


def test_user_text_is_escaped_in_every_component():
    bad = '<img src=x onerror="1">'
    for text in (
        "{% badge bad %}",
        "{% figure bad bad bad bad %}",
        "{% button bad href=bad %}",
        "{% notice title=bad %}x{% endnotice %}",
        "{% panel title=bad %}x{% endpanel %}",
        "{% progress bad 0.5 bad %}",
        "{% dialog name='d' title=bad %}x{% enddialog %}",
        "{% empty_state title=bad %}x{% endempty_state %}",
        "{% icon 'map' bad %}",
    ):
        drawn = draw(text, bad=bad)
        assert bad not in drawn
        assert escape(bad) in drawn


@pytest.mark.parametrize("marking", list(Marking))
def test_marking_shows_its_label(marking):
    assert marking.label in draw("{% marking value %}", value=marking.value)


@pytest.mark.parametrize(
    ("kmh", "band"), [(0, 1), (30, 1), (30.1, 2), (50, 2), (65, 3), (80, 4), (80.1, 5), (170, 5)]
)
def test_speed_bands_are_those_of_the_reports(kmh, band):
    assert speed_band(kmh) == band


def test_bands_on_the_page_are_the_bands_of_printed_maps():
    from parvis.report.maps import BANDS

    assert maps.SPEED_BANDS_KMH == BANDS


def test_every_icon_of_the_navigation_exists():
    assert {section.icon for section in navigation.WORK + navigation.ADMINISTRATION} <= set(ICONS)


def test_map_settings_are_data_and_cannot_break_out():
    overlay = maps.Overlay("x", "area", "</script><b>", data={"name": '"><script>'})
    settings = maps.MapSettings(label='A "map"', overlays=[overlay], picture="/p.png")
    drawn = draw("{% parvis_map settings %}", settings=settings)
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert 'alt="A &quot;map&quot;"' in drawn


def test_map_settings_name_what_can_be_selected():
    plain = maps.Overlay("a", "area", "Area").to_dict()
    selectable = maps.Overlay("p", "access-points", "Points", select_url="/x/__id__/").to_dict()
    assert "select" not in plain
    assert selectable["select"] == {"url": "/x/__id__/", "target": "#panel"}


def test_legend_explains_the_kinds_on_the_map_once():
    rows = maps.legend(["perimeter", "perimeter", "access-points"])
    assert [row["kind"] for row in rows] == [*(f"speed-{n}" for n in range(1, 6)), "access-point"]
    assert rows[0]["label"] == "up to 30 km/h"


def test_map_data_of_a_fragment_reads_back():
    geojson = {"type": "FeatureCollection", "features": [], "note": "a'b\"c<"}
    drawn = draw("{% map_data 'x' data %}", data=geojson)
    from html import unescape

    start = drawn.index('data-geojson="') + len('data-geojson="')
    assert json.loads(unescape(drawn[start : drawn.index('"', start)])) == geojson


def test_address_for_each_feature_has_a_place_for_its_key():
    address = maps.url_for_each("spaces:card", "town")
    assert "__id__" in address
    assert str(UUID(int=0)) not in address


@pytest.mark.django_db
def test_navigation_shows_what_the_role_finds(here):
    owner = navigation.entries(navigation.ADMINISTRATION, here.actor("owner"), "audit")
    reader = navigation.entries(navigation.ADMINISTRATION, here.actor("reader"), "audit")
    assert {entry.section.app for entry in owner} >= {"audit", "accounts"}
    assert [entry.section.app for entry in owner if entry.is_current] == ["audit"]
    assert reader == []


@pytest.mark.django_db
def test_guest_finds_only_what_was_shared(here):
    guest = navigation.entries(navigation.WORK, here.actor("guest"), "")
    assert [entry.section.app for entry in guest] == ["accounts", "spaces"]
    assert Role.READER in navigation.WORK[1].roles


@pytest.mark.django_db
def test_analysis_pages_belong_to_the_section_of_spaces(here):
    shown = navigation.entries(navigation.WORK, here.actor("reader"), "approach")
    assert [entry.section.app for entry in shown if entry.is_current] == ["spaces"]


def test_sorting_turns_and_keeps_other_parameters(rf):
    request = rf.get("/?q=a&sort=name&page=3")
    drawn = draw("{% sort_header 'Name' 'name' %}", request=request)
    assert 'aria-sort="ascending"' in drawn
    assert "sort=-name" in drawn
    assert "q=a" in drawn
    assert "page=3" not in drawn
