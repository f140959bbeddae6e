"""The texts of an extract, each kept once: tag lists as the tables store them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from parvis.city.table import Strings

_ESCAPE = re.compile(r"%([0-9a-fA-F]{1,6})%")


class _Pairs(dict[str, tuple[str, str]]):
    """OPL tag tokens to key and value, each unescaped once."""

    def __missing__(self, token: str) -> tuple[str, str]:
        key, _, value = token.partition("=")
        self[token] = pair = (_plain(key), _plain(value))
        return pair


def _plain(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "%" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"


@dataclass
class TagPool:
    """
    Texts of all tables, each kept once.

    Attributes
    ----------
    pairs : dict
        OPL tag token to (key, value).
    index : dict
        Text to its number.
    """

    pairs: dict[str, tuple[str, str]] = field(default_factory=_Pairs)
    index: dict[str, int] = field(default_factory=dict)

    def tags(self, text: str) -> dict[str, str]:
        """Return the tags of an OPL tag list."""
        pairs = self.pairs
        return dict([pairs[token] for token in text.split(",")]) if text else {}

    def number(self, text: str) -> int:
        """Return the number of `text`, -1 for an empty one."""
        return self.index.setdefault(text, len(self.index)) if text else -1

    def columns(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """Return tag offsets, keys and values of features given their OPL tag lists."""
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([text.count(",") + 1 if text else 0 for text in texts], out=offsets[1:])
        tokens = ",".join([text for text in texts if text]).split(",") if offsets[-1] else []
        index, pairs = self.index, self.pairs
        number: dict[str, tuple[int, int]] = {}
        for token in dict.fromkeys(tokens):
            key, value = pairs[token]
            number[token] = (
                index.setdefault(key, len(index)),
                index.setdefault(value, len(index)),
            )
        both = np.array([number[token] for token in tokens], dtype=np.int32).reshape(-1, 2)
        return offsets, both[:, 0].copy(), both[:, 1].copy()

    def strings(self) -> Strings:
        """Return the pool as it is now."""
        return Strings.of(list(self.index))


def code_words(words: Sequence[str]) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    """Return codes and vocabulary of words, the vocabulary in alphabetical order."""
    vocabulary = sorted(set(words))
    number = {word: i for i, word in enumerate(vocabulary)}
    codes = np.array([number[word] for word in words], dtype=np.int16)
    return codes, tuple(vocabulary)
