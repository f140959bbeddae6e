"""Run the same analysis on the present and on designs of a city, one after the other."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from parvis.approach.comparison import Comparison, compare_results
from parvis.errors import InputError
from parvis.io.analyses import analyse_space
from parvis.io.variants import PRESENT, variant_folder


class NothingToCompareError(InputError):
    """A comparison needs at least one variant beside the present."""

    code = "comparison_without_variant"


def compare_designs(
    name: str,
    space: str | None,
    variants: Sequence[str],
    *,
    people: float | None = None,
    home: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    **question: Any,
) -> Comparison:
    """
    Analyse a space as it is and as each variant would make it.

    Parameters
    ----------
    name : str
        City.
    space : str or None
        Id or name; None where `question` has an ``area_file``.
    variants : sequence of str
        Names of stored variants, at least one; one named twice counts once.
    people : float, optional
        Greatest number inside, for the egress flow. >= 0
    home : Path, optional
    progress : callable, optional
        See `analyse_approach`.
    **question
        As `analyse_space` takes it: ``vehicles``, ``threat``, ``design``, ``people_line``,
        ``area_file``; the same for every design.

    Returns
    -------
    Comparison

    Raises
    ------
    NothingToCompareError, VariantUnknownError
        Before anything is computed; beside the errors of `analyse_space`.
    """
    chosen = list(dict.fromkeys(variants))
    if not chosen:
        raise NothingToCompareError
    for variant in chosen:
        variant_folder(name, variant, home)
    options = question if progress is None else question | {"progress": progress}
    cities, results = zip(
        *(
            analyse_space(name, space, variant=variant, home=home, **options)
            for variant in (None, *chosen)
        ),
        strict=True,
    )
    return compare_results((PRESENT, *chosen), results, cities, people=people)
