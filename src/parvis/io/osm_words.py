"""The texts of an extract, each kept once: tag lists as the tables store them."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from parvis.city.table import Strings
from parvis.io.osm_tags import furniture_rank

_ESCAPE = re.compile(r"%([0-9a-fA-F]{1,6})%")


CACHED = 1 << 16
"""Tag lists that are kept in decoded form: streets and areas are looked at more than once."""


class _Pairs(dict[str, tuple[str, str]]):
    """OPL tag tokens to key and value, each unescaped once."""

    def __missing__(self, token: str) -> tuple[str, str]:
        key, _, value = token.partition("=")
        self[token] = pair = (_plain(key), _plain(value))
        return pair


class _Ranks(dict[str, int]):
    """OPL tag tokens to `furniture_rank`."""

    def __init__(self, pairs: _Pairs) -> None:
        super().__init__()
        self.pairs = pairs

    def __missing__(self, token: str) -> int:
        self[token] = rank = furniture_rank(*self.pairs[token])
        return rank


class _Numbers(dict[str, int]):
    """OPL tag tokens to their place in two lists: the numbers of their keys and values."""

    def __init__(self, pairs: _Pairs, index: dict[str, int]) -> None:
        super().__init__()
        self.pairs, self.index = pairs, index
        self.keys_at: list[int] = []
        self.values_at: list[int] = []

    def __missing__(self, token: str) -> int:
        key, value = self.pairs[token]
        self[token] = place = len(self)
        self.keys_at.append(self.index.setdefault(key, len(self.index)))
        self.values_at.append(self.index.setdefault(value, len(self.index)))
        return place


def _plain(text: str) -> str:
    """Return a text without OPL's escapes, ``%<code point>%``; most are spaces."""
    if "%" not in text:
        return text
    if "%25%" not in text:
        text = text.replace("%20%", " ")
    return _ESCAPE.sub(_character, text) if "%" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"


class TagPool:
    """Texts of all tables, each kept once."""

    def __init__(self) -> None:
        self._pairs = _Pairs()
        self._index: dict[str, int] = {}
        self._ranks = _Ranks(self._pairs)
        self._numbers = _Numbers(self._pairs, self._index)
        self.tags: Callable[[str], Mapping[str, str]] = lru_cache(CACHED)(self._tags)
        """Return the tags of an OPL tag list."""

    def _tags(self, text: str) -> dict[str, str]:
        pairs = self._pairs
        return dict([pairs[token] for token in text.split(",")]) if text else {}

    def furniture_ranks(self, text: str) -> list[int]:
        """Return `osm_tags.furniture_rank` of each tag of an OPL tag list."""
        ranks = self._ranks
        return [ranks[token] for token in text.split(",")]

    def number(self, text: str) -> int:
        """Return the number of `text`, -1 for an empty one."""
        return self._index.setdefault(text, len(self._index)) if text else -1

    def columns(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """Return tag offsets, keys and values of features given their OPL tag lists."""
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([text.count(",") + 1 if text else 0 for text in texts], out=offsets[1:])
        tokens = ",".join([text for text in texts if text]).split(",") if offsets[-1] else []
        numbers = self._numbers
        place = np.array([numbers[token] for token in tokens], dtype=np.int64)
        keys = np.array(numbers.keys_at, dtype=np.int32)
        values = np.array(numbers.values_at, dtype=np.int32)
        return offsets, keys[place], values[place]

    def strings(self) -> Strings:
        """Return the pool as it is now."""
        return Strings.of(list(self._index))


def code_words(words: Sequence[str]) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    """Return codes and vocabulary of words, the vocabulary in alphabetical order."""
    vocabulary = sorted(set(words))
    number = {word: i for i, word in enumerate(vocabulary)}
    codes = np.array([number[word] for word in words], dtype=np.int16)
    return codes, tuple(vocabulary)
