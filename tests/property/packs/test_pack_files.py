"""Pack files that are damaged at random are read or refused in a sentence, never worse."""

import string

from hypothesis import given
from hypothesis import strategies as st

from parvis.packs import PackError, check_pack_file, example_text, pack_text
from parvis.packs.models import KINDS
from parvis.report.messages import describe

THREAT = """\
pack: threat-statement
authority: Police of the canton
reference: 2026-17
date: 2026-05-04
classes: [M1, N2B]
"""
texts = st.sampled_from([
    THREAT,
    example_text("framework"),
    *(pack_text(kind) for kind in KINDS if kind != "barrier-ratings"),
])  # fmt: skip
scraps = st.one_of(
    st.text(string.printable, max_size=8),
    st.sampled_from([
        "\n", "  ", "\t", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!int ", "|", ">", "null",
        "~", ".nan", ".inf", "-1", "1e400", "0", "'", '"', "#", "---", "<<: ", "? ", "yes",
        "2026-02-30", "!!binary x", "%YAML 9\n", "\u2028", "\ufeff", "\x85",
    ]),
)  # fmt: skip


def is_read_or_refused(text: str) -> None:
    try:
        check_pack_file(text, name="mine.yaml")
    except PackError as error:
        sentence = describe(error)
        assert "mine.yaml" in sentence
        assert sentence.endswith(".")


@given(texts, st.floats(0.0, 1.0), st.integers(0, 30), scraps)
def test_a_damaged_pack_is_read_or_refused_in_a_sentence(
    text: str, place: float, cut: int, scrap: str
) -> None:
    start = int(place * len(text))
    is_read_or_refused(text[:start] + scrap + text[start + cut :])


@given(st.one_of(st.text(max_size=80), st.text("abpck: -[]{},\n'\"&*!|>%@0.~?#", max_size=60)))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    is_read_or_refused(text)


@given(
    st.dictionaries(
        st.sampled_from(["pack", "authority", "reference", "date", "classes", "remark", "x"]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9),
            st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=3),
            st.just("threat-statement"),
        ),
    )
)  # fmt: skip
def test_any_mapping_is_read_or_refused_in_a_sentence(content: dict[str, object]) -> None:
    import yaml

    is_read_or_refused(yaml.safe_dump(content, allow_unicode=True))
