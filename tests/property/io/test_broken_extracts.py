"""A damaged extract is read or refused in one sentence: no traceback, no hang, no half store."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.errors import ParvisError
from parvis.io.home import city_names
from parvis.io.osm import import_city
from parvis.io.store import load_city
from parvis.report.messages import describe

FORMATS = ("osm.pbf", "osm", "osm.gz", "osm.bz2", "plain.osm.pbf")
"""`plain` is not compressed: damage reaches the content instead of the checksum."""


@pytest.fixture(scope="module")
def intact(town: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A corner of the fictional town in every format."""
    import osmium

    folder = tmp_path_factory.mktemp("formats")
    contents = {}
    for suffix in FORMATS:
        path = folder / f"town.{suffix}"
        options = "pbf,pbf_compression=none" if suffix.startswith("plain") else suffix
        with osmium.SimpleWriter(osmium.io.File(str(path), options.replace("osm.pbf", "pbf"))) as w:
            for number, item in enumerate(osmium.FileProcessor(str(town))):
                if item.is_node() or number % 7 == 0:
                    w.add(item)
        contents[suffix] = path.read_bytes()
    return contents


@pytest.fixture
def attempt(tmp_path: Path) -> Callable[[str, bytes], None]:
    def attempt(suffix: str, content: bytes) -> None:
        path = tmp_path / f"broken.{suffix}"
        path.write_bytes(content)
        home = tmp_path / "home"
        try:
            import_city(path, home=home, name="broken")
        except ParvisError as error:
            sentence = describe(error)
            assert "\n" not in sentence
            assert sentence.endswith(".")
        else:
            load_city("broken", home=home)
        folders = {item.name for item in (home / "cities").glob("*")}
        assert folders == set(city_names(home))

    return attempt


relaxed = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@relaxed
@given(share=st.floats(0.0, 0.999), suffix=st.sampled_from(FORMATS))
def test_truncated_extract_is_read_or_refused(
    intact: dict[str, bytes], attempt: Callable[[str, bytes], None], share: float, suffix: str
) -> None:
    content = intact[suffix]
    attempt(suffix, content[: int(share * len(content))])


@relaxed
@given(
    places=st.lists(st.floats(0.0, 0.999), min_size=1, max_size=8),
    value=st.integers(0, 255),
    suffix=st.sampled_from(FORMATS),
)
def test_extract_with_flipped_bytes_is_read_or_refused(
    intact: dict[str, bytes],
    attempt: Callable[[str, bytes], None],
    places: list[float],
    value: int,
    suffix: str,
) -> None:
    content = bytearray(intact[suffix])
    for place in places:
        content[int(place * len(content))] = value
    attempt(suffix, bytes(content))


@relaxed
@given(content=st.binary(max_size=300), suffix=st.sampled_from(FORMATS))
def test_arbitrary_bytes_are_refused(
    attempt: Callable[[str, bytes], None], content: bytes, suffix: str
) -> None:
    attempt(suffix, content)


def test_text_that_is_no_unicode_is_refused(
    intact: dict[str, bytes], attempt: Callable[[str, bytes], None]
) -> None:
    content = bytearray(intact["plain.osm.pbf"])
    at = content.find(b"residential")
    content[at : at + 2] = b"\xff\xfe"
    assert zlib.crc32(content) != zlib.crc32(intact["plain.osm.pbf"])
    attempt("plain.osm.pbf", bytes(content))
