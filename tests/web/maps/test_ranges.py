"""Ranges against plain slicing of bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_web.maps.ranges import UnsatisfiableError, asked_range

CONTENT = bytes(range(256)) * 2
places = st.integers(0, 700)


@given(places, places)
def test_first_and_last_are_a_slice(first: int, last: int) -> None:
    header = f"bytes={first}-{last}"
    if last < first:
        assert asked_range(header, len(CONTENT)) is None
    elif first >= len(CONTENT):
        with pytest.raises(UnsatisfiableError):
            asked_range(header, len(CONTENT))
    else:
        asked = asked_range(header, len(CONTENT))
        assert asked and CONTENT[asked.start : asked.stop] == CONTENT[first : last + 1]
        assert asked.stop <= len(CONTENT)


@given(st.integers(1, 700))
def test_a_suffix_is_the_end(length: int) -> None:
    asked = asked_range(f"bytes=-{length}", len(CONTENT))
    assert asked and CONTENT[asked.start : asked.stop] == CONTENT[-length:]


@given(st.text(max_size=40))
def test_no_text_breaks_it(header: str) -> None:
    try:
        asked = asked_range(header, 10)
    except UnsatisfiableError:
        return
    assert asked is None or 0 <= asked.start < asked.stop <= 10


@pytest.mark.parametrize("header", ["bytes=-0", "bytes=10-", "bytes=10-12"])
def test_nothing_to_send_is_said(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        asked_range(header, 10)
