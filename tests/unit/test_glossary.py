"""The glossary is complete: every term once, with meaning, source and translation."""

from pathlib import Path

GLOSSARY = Path(__file__).parents[2] / "GLOSSARY.md"
HEAD = ["Term", "Symbol", "Unit", "Meaning", "Source", "French", "Polish"]


def rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in table if row != HEAD and set(row[0]) != {"-"}]


def test_every_term_has_all_its_cells() -> None:
    for row in rows():
        assert len(row) == len(HEAD), row
        assert all(row), row


def test_every_term_stands_once() -> None:
    terms = [row[0] for row in rows()]
    assert len(terms) == len(set(terms))


def test_every_source_is_explained() -> None:
    head = GLOSSARY.read_text(encoding="utf-8").split("## Places")[0]
    for row in rows():
        assert f"**{row[4]}**" in head, row


def test_words_that_name_the_results_are_in_it() -> None:
    terms = {row[0] for row in rows()}
    assert {
        "public space", "protected area", "access point", "approach", "run-up", "attainable speed",
        "design vehicle", "threat statement", "stand-off distance", "vehicle security barrier",
        "performance rating", "penetration distance", "clear gap", "residual risk", "marking",
    } <= terms  # fmt: skip
