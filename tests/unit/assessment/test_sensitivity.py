"""Which single answers would change the outcome: the fast way equals trying every one."""

import time

import numpy as np
import pytest
from assessment_samples import TODAY, assessed, crowded, said, sample
from hypothesis import given
from hypothesis import strategies as st

from parvis.assessment import Assessment, ListEntry, Subject, items, sensitivity
from parvis.assessment.reading import Reading, read
from parvis.assessment.sensitivity import alternatives, verdicts


def flips(assessment) -> dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]]:
    return {
        (flip.item, flip.value): [(change.key, change.after) for change in flip.changes]
        for flip in sensitivity(assessment, on=TODAY)
    }


def test_an_answer_that_decides_a_gate_is_named():
    found = flips(assessed(li1="yes", li2="yes", li3="yes", lamps=10))
    assert ("may_open", ("failed",)) in found["li1", "no"]
    assert ("dark", ("yes",)) in found["li1", "no"]
    assert ("rung", ("dim", "dim")) in found["li2", "partly"]
    assert not any(change == "may_open" for change, _ in found["li2", "partly"])


def test_a_number_is_tried_around_what_conditions_name():
    found = flips(assessed(owner="city", li1="no", lamps=6))
    assert ("route", ("CHECK", "STOP", "")) in found["lamps", "5"]
    assert ("lamps", "7") not in found


def test_a_choice_is_toggled():
    found = flips(assessed(lamps=1, kinds=("led",)))
    assert ("few_lamps", ("yes",)) in found["kinds", "-led"]
    assert ("kinds", "+gas") not in found


def test_what_is_not_known_yet_is_named_with_its_state():
    found = {flip.item: flip.state for flip in sensitivity(assessed(li1="unknown"), on=TODAY)}
    assert (found["li1"], found["owner"]) == ("unknown", "missing")


LEVELS = st.sampled_from(["no", "partly", "yes", "unknown", "not-applicable"])
RANKS = st.sampled_from(["low", "medium", "high", "unknown", ["low", "medium"]])
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "li1": LEVELS, "li2": LEVELS, "li3": LEVELS, "gate__outside": LEVELS,
        "lamps": st.integers(0, 10), "kinds": st.sampled_from([(), ("led",), ("led", "gas")]),
        "owner": st.sampled_from(["city", "other", "unknown"]), "likelihood__inside": RANKS,
        "harm__inside": RANKS, "likelihood__outside": RANKS, "harm__outside": RANKS,
    },
)  # fmt: skip


@given(ANSWERS)
def test_it_equals_trying_every_answer(answers):
    assessment = assessed(**answers)
    reading = read(assessment)
    before = verdicts(reading, on=TODAY)
    expected = {}
    for item in reading.sheet.items:
        for value, known in alternatives(reading, item) if reading.is_shown(item) else ():
            anew = Reading(reading.sheet, {**reading.known, item.key: known}, reading.answers)
            after = verdicts(anew, on=TODAY)
            changed = [(node[1], after[node]) for node in before if after[node] != before[node]]
            if changed:
                expected[item.key, value] = changed
    assert flips(assessment) == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_quick_with_a_hundred_and_fifty_items(seed):
    zones = 60
    lists = {"zones": tuple(ListEntry(f"z{n}", f"Zone {n}") for n in range(zones))}
    rng = np.random.default_rng(seed)
    subject = Subject("site", "A square", {"capacity": 900.0})
    answers = [
        said(item.key, str(rng.choice(["low", "medium", "high"])))
        for item in items(sample(), subject, lists)
        if item.name in ("likelihood", "harm")
    ]
    assessment = Assessment(sample(), subject, lists, tuple(answers))
    assert len(items(sample(), subject, lists)) > 150
    began = time.process_time()
    found = sensitivity(assessment, on=TODAY)
    assert time.process_time() - began < 1.0
    assert found


def test_a_section_that_is_not_asked_changes_nothing():
    found = {flip.item for flip in sensitivity(crowded(assessed()), on=TODAY)}
    assert not any(item.startswith("counts") for item in found)
