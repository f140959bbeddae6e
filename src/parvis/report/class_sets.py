"""Which rating each set of vehicle classes would require, and where, without a threat statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SetRequirement:
    """
    What one access point requires for one set of classes.

    Attributes
    ----------
    number : int
        Of the access point.
    vehicle : str
        Class of the set with the greatest energy there, "" where none of the set fits.
    rating : str
        "" where none is required or `reason` says why there is none.
    reason : str
        Code as of `ClassAtPoint.rating_reason`.
    """

    number: int
    vehicle: str
    rating: str
    reason: str


@dataclass(frozen=True)
class ClassSet:
    """
    Classes up to one mass, and what they require.

    Attributes
    ----------
    heaviest : str
        Key of the class that was added last.
    classes : tuple of str
        In order of mass.
    requirements : tuple of SetRequirement
        One an access point, in the order of their numbers.
    """

    heaviest: str
    classes: tuple[str, ...]
    requirements: tuple[SetRequirement, ...]


def class_sets(document: Mapping[str, Any]) -> tuple[ClassSet, ...]:
    """
    Return what each set of classes up to a mass would require; none of them is chosen.

    Parameters
    ----------
    document : mapping
        See `parvis.report.export.result_document`.

    Returns
    -------
    tuple of ClassSet
        From the lightest class alone to all classes.
    """
    order = sorted(document["vehicles"], key=lambda vehicle: float(vehicle["mass_kg"]))
    keys = [str(vehicle["key"]) for vehicle in order]
    points = sorted(document["access_points"], key=lambda point: int(point["id"]))
    return tuple(
        ClassSet(
            heaviest=keys[last],
            classes=tuple(keys[: last + 1]),
            requirements=tuple(_requirement(point, keys[: last + 1]) for point in points),
        )
        for last in range(len(keys))
    )


def _requirement(point: Mapping[str, Any], keys: list[str]) -> SetRequirement:
    known = [entry for entry in point["classes"] if entry["vehicle"] in keys]
    if not known:
        return SetRequirement(int(point["id"]), "", "", "")
    most = max(known, key=lambda entry: float(entry["energy_kj"] or 0.0))
    return SetRequirement(
        int(point["id"]),
        str(most["vehicle"]),
        str(most["required_rating"]),
        str(most["rating_reason"]),
    )
