"""Broken frameworks are refused with file, line, key and what would be accepted."""

import re

import pytest
from tests.broken_frameworks import BROKEN

from parvis.packs import PackError, PackInvalidError, check_pack_file, example_text
from parvis.report.messages import describe

EXAMPLE = example_text("framework")
PLACED = re.compile(r"line (\d+)(, [\w.-]+)?[:,]")


def test_the_example_is_in_order() -> None:
    assert check_pack_file(EXAMPLE, name="park-check.yaml").kind == "framework"


def test_there_are_a_hundred_kinds_of_broken_frameworks() -> None:
    assert len({(old, new) for old, new, _ in BROKEN}) == len(BROKEN) > 100


@pytest.mark.parametrize(("old", "new", "told"), BROKEN)
def test_a_broken_framework_is_refused(old: str, new: str, told: str) -> None:
    assert old in EXAMPLE
    with pytest.raises(PackError) as caught:
        check_pack_file(EXAMPLE.replace(old, new, 1), name="mine.yaml")
    sentence = describe(caught.value)
    assert "mine.yaml" in sentence
    assert told in sentence
    lines = [int(found[1]) for found in PLACED.finditer(sentence)]
    assert lines
    changed = EXAMPLE[: EXAMPLE.index(old)].count("\n") + 1
    if isinstance(caught.value, PackInvalidError) and told.startswith(("scores.", "findings.")):
        assert min(abs(line - changed) for line in lines) <= 8
