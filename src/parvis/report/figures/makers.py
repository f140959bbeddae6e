"""How groups of people, times and places are called in figures."""

import re

from parvis.report.wording import Wording

_AGES = re.compile(r"(\d*)-(\d*)")


def category_name(dimension: str, category: str, language: str) -> str:
    """
    Return what a group of people or times is called; an unknown one as it is written.

    Examples
    --------
    >>> [category_name("age", each, "en") for each in ("15-24", "65-")]
    ['15 to 24 years', '65 years and over']
    """
    wording = Wording(language)
    found = _AGES.fullmatch(category) if dimension == "age" else None
    if found is not None and any(found.groups()):
        low, high = found.groups()
        kind = "range" if low and high else "over" if low else "under"
        return wording(f"chart.age.{kind}", low=low, high=high)
    key = f"chart.category.{dimension}.{category}"
    return wording(key) if wording.has(key) else category.replace("_", " ")
