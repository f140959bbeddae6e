"""Every framework is a form that pyxform takes."""

from copy import deepcopy
from io import BytesIO

import pytest
from lxml import etree
from openpyxl import load_workbook
from phone import field_assessment
from pyxform.xls2xform import convert

from parvis.assessment import Assessment, ListEntry, Subject
from parvis.io.xlsform_fields import form_identity, is_same_form
from parvis.io.xlsform_layout import form_layout
from parvis.io.xlsform_out import (
    FormMarkingError,
    OwnServerError,
    export_xlsform,
    xlsform_workbook,
)
from parvis.packs.frameworks import frameworks, load_framework

SHIPPED = [each.short_id for each in frameworks(with_templates=True)]
QUICK = {"collective-impact", "operator-good-practice", "securecity-rules"}


def known_facts(framework) -> dict[str, object]:
    """Facts of a subject, each as large or as early as can be."""
    found: dict[str, object] = {}
    for attribute in framework.attributes:
        if attribute.kind == "number":
            found[attribute.key] = 5000.0
        elif attribute.kind in ("single", "multiple"):
            keys = tuple(option.key for option in attribute.options)
            found[attribute.key] = keys[0] if attribute.kind == "single" else keys
    return found


def converted(assessment: Assessment):
    book = xlsform_workbook(form_layout(assessment))
    return convert(BytesIO(book), validate=False, pretty_print=False, file_type=".xlsx")


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in SHIPPED]
)
def test_pyxform_takes_every_shipped_framework(name):
    framework = load_framework(name)
    about = Subject(framework.subject, "A place", known_facts(framework))
    lists = {each.key: (ListEntry("mine", "Mine"),) for each in framework.lists if each.open}
    found = converted(Assessment(framework, about, lists))
    assert not found.warnings
    for code in framework.translations:
        assert f"({code})" in found.xform


def test_pyxform_takes_everything_that_frameworks_can():
    found = converted(field_assessment())
    assert not found.warnings
    assert '<repeat nodeset="/data/blocks/more__blocks"' in found.xform.replace("'", '"')
    assert "max-pixels" in found.xform


def test_texts_that_look_like_formulas_stay_text():
    assessment = field_assessment()
    odd = Assessment(assessment.framework, Subject("site", "=1+1 & <b>"), {})
    page = load_workbook(BytesIO(xlsform_workbook(form_layout(odd))))["settings"]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "<b>" not in convert(BytesIO(xlsform_workbook(form_layout(odd))), validate=False).xform


def test_what_the_facts_rule_out_is_not_in_the_form():
    few, many = (form_layout(field_assessment(capacity)) for capacity in (10.0, 900.0))
    assert "counts__people__inside" in many.fields
    assert "counts__people__inside" not in few.fields


def test_form_is_known_by_framework_and_subject():
    assessment = field_assessment()
    form_id, version = form_identity(assessment)
    said = f"{form_id} {version}"
    added = Assessment(assessment.framework, assessment.subject, {"zones": (ListEntry("x", "X"),)})
    assert form_identity(added)[0] == form_id
    assert form_identity(added)[1] != version
    assert is_same_form(said, " ".join(form_identity(added)))
    other = Assessment(assessment.framework, Subject("site", "Elsewhere"), {})
    assert not is_same_form(said, " ".join(form_identity(other)))


@pytest.mark.parametrize(
    ("marking", "own_server", "error"),
    [
        ("CLEAR", False, None), ("GREEN", False, None), ("AMBER", False, OwnServerError),
        ("AMBER", True, None), ("AMBER+STRICT", False, OwnServerError),
        ("RED", False, FormMarkingError),
        ("RED", True, FormMarkingError),
    ],
)  # fmt: skip
def test_amber_needs_the_authoritys_own_server_and_red_stays(marking, own_server, error):
    assessment = field_assessment()
    if error is None:
        assert export_xlsform(assessment, marking=marking, own_server=own_server)[:2] == b"PK"
        return
    with pytest.raises(error):
        export_xlsform(assessment, marking=marking, own_server=own_server)


def evaluated(xform: str, field: str, values: dict[str, str]) -> list[str]:
    """The choices that the compiled form offers for a field, worked out by an XPath engine."""
    tree = etree.fromstring(xform.encode())
    names = {"h": "http://www.w3.org/2002/xforms"}
    main = tree.find(".//h:model/h:instance/*", names)
    for node in main.iter():
        name = etree.QName(node).localname
        node.text = values.get(name, "") if not len(node) else None
        node.tag = name
    control = next(e for e in tree.iter() if e.get("ref", "").endswith(f"/{field}"))
    nodeset = control.find("h:itemset", names).get("nodeset")
    source, _, predicate = nodeset.partition("/item")
    listed = source.removeprefix("instance('").partition("'")[0]
    root = deepcopy(tree.find(f".//h:instance[@id='{listed}']/h:root", names))
    for node in root.iter():
        node.tag = etree.QName(node).localname
    root.append(deepcopy(main))
    functions = etree.FunctionNamespace(None)
    functions["selected"] = lambda _, nodes, key: any(key in (n.text or "").split() for n in nodes)
    predicate = predicate.replace("/data/", f"/{root.tag}/data/")
    found = root.xpath(f"item{predicate}/name/text()")
    return [str(name) for name in found]


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({}, ["always"]),
        ({"kinds": "gas led", "lamps": "3"}, ["lamp", "always"]),
        ({"kinds": "gas led", "lamps": "2"}, ["always"]),
        ({"owner": "other"}, ["always", "fence"]),
        ({"owner": "city"}, ["always"]),
    ],
)
def test_the_compiled_form_offers_what_earlier_answers_allow(values, offered):
    xform = converted(field_assessment()).xform
    assert evaluated(xform, "c1", values) == [*offered, "unknown", "not_applicable"]


def test_the_compiled_form_filters_each_row_by_its_own_answers():
    xform = converted(field_assessment()).xform
    field = "posts__fixed__inside"
    values = {"posts__made__inside": "steel", "posts__made__outside": "stone"}
    assert "bolts" in evaluated(xform, field, values)
    assert "bolts" not in evaluated(xform, "posts__fixed__outside", values)
