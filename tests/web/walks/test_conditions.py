"""A device decides alone which questions are asked, as the library would."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from web.assessments.service_examples import begun
from web.walks.condition_cases import cases

from parvis.assessment import Assessment, Subject, asked_when, items
from parvis.packs import load_framework

CONDITIONS = Path(__file__).parents[3] / "frontend" / "src" / "walk" / "conditions.js"
VERDICTS = """
import { readFileSync } from "node:fs";
const { Reading } = await import(process.argv[1]);
const told = JSON.parse(readFileSync(0, "utf8")).map(({ attributes, items, replies }) => {
  const reading = new Reading(items, attributes, (key) => replies[key]);
  const verdict = (item) => {
    const hanging = (item.levels ?? item.options ?? []).filter((each) => each.when);
    const offered = hanging.map(({ key }) => [key, reading.isOffered(item, key)]);
    return { shown: reading.isShown(item), offered: Object.fromEntries(offered) };
  };
  return Object.fromEntries(items.map((item) => [item.key, verdict(item)]));
});
console.log(JSON.stringify(told));
"""


def named(tree):
    """Every key of an item that a tree rests on."""
    if tree is None:
        return set()
    parts = [*tree.get("all", ()), *tree.get("any", ()), tree.get("not")]
    return set(tree.get("items", ())).union(*map(named, parts))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_a_device_asks_and_offers_what_the_library_does():
    told, expected = zip(*cases(), strict=True)
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", VERDICTS, CONDITIONS.as_uri()],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == list(expected)
    verdicts = [verdict for case in expected for verdict in case.values()]
    assert {verdict["shown"] for verdict in verdicts} == {True, False, None}
    offered = {truth for verdict in verdicts for truth in verdict["offered"].values()}
    assert offered == {True, False, None}


def test_a_tree_tells_its_ends_and_the_items_they_mean():
    framework = load_framework("local-safety-audit")
    trees = asked_when(Assessment(framework, Subject(framework.subject, "x")))
    assert trees["basis@harassment"] == {
        "name": "how_often",
        "op": ">=",
        "values": ["rarely"],
        "items": ["how_often@harassment"],
    }
    assert any(tree is None for tree in trees.values())


def test_whatever_a_question_hangs_on_goes_along_without_being_asked(here, device):
    walk = device(begun(here, "local-safety-audit"))
    walk.take()
    asked = {item["key"] for item in walk.package["items"]}
    others = {item["key"] for item in walk.package["others"]}
    needed = set()
    for item in (*walk.package["items"], *walk.package["others"]):
        needed |= named(item["when"])
    assert needed
    assert needed <= asked | others
    assert not asked & others


def test_of_a_section_that_is_withheld_only_the_verdict_is_told():
    framework = load_framework("ai-technology")
    subject = Subject(framework.subject, "x")
    whole = asked_when(Assessment(framework, subject))
    source = {item.key: item.section for item in items(framework, subject)}
    key, tree = next(
        (key, tree)
        for key, tree in whole.items()
        if {source[each] for each in named(tree)} - {source[key]}
    )
    sections = {source[each] for each in named(tree)} - {source[key]}
    bare = asked_when(Assessment(framework, subject), withheld=sections)[key]
    assert not {source[each] for each in named(bare)} & sections
    assert '"truth": null' in json.dumps(bare)
