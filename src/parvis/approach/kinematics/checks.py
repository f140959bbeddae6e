"""Whether an argument of a kinematic function is within its range."""

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.errors import InputError

Array = NDArray[np.float64]


class KinematicsError(InputError):
    """Base: an argument is out of its range; details: name, value (the first that is)."""

    code: ClassVar[str] = "kinematics"


class NegativeLengthError(KinematicsError):
    """A length is below zero."""

    code: ClassVar[str] = "negative_length"


class NegativeSpeedError(KinematicsError):
    """A speed is below zero."""

    code: ClassVar[str] = "negative_speed"


class NotPositiveError(KinematicsError):
    """A quantity that must be above zero is not."""

    code: ClassVar[str] = "not_positive"


class NotFiniteError(KinematicsError):
    """A quantity that must be finite is infinite."""

    code: ClassVar[str] = "not_finite"


class OutOfRangeError(KinematicsError):
    """A quantity is outside its range; details also: accepted."""

    code: ClassVar[str] = "out_of_range"


class MissingParameterError(KinematicsError):
    """Exactly one of two parameters must be given; details: names."""

    code: ClassVar[str] = "one_parameter"


def as_array(value: ArrayLike) -> Array:
    """Return `value` as floats."""
    return np.asarray(value, dtype=np.float64)


def length(value: ArrayLike, name: str) -> Array:
    """Return a length, which is at least zero or NaN."""
    array = as_array(value)
    if np.any(array < 0.0):
        raise NegativeLengthError(name=name, value=first(array, array < 0.0))
    return array


def speed_of(value: ArrayLike, name: str) -> Array:
    """Return a speed, which is at least zero or NaN."""
    array = as_array(value)
    if np.any(array < 0.0):
        raise NegativeSpeedError(name=name, value=first(array, array < 0.0))
    return array


def positive(value: ArrayLike, name: str) -> Array:
    """Return a quantity that is above zero or NaN."""
    array = as_array(value)
    if np.any(array <= 0.0):
        raise NotPositiveError(name=name, value=first(array, array <= 0.0))
    return array


def finite(array: Array, name: str) -> Array:
    """Return an array without infinities."""
    if np.any(np.isinf(array)):
        raise NotFiniteError(name=name, value=first(array, np.isinf(array)))
    return array


def within(value: ArrayLike, name: str, low: float, high: float) -> Array:
    """Return a quantity that lies in [low, high] or is NaN."""
    array = as_array(value)
    outside = (array < low) | (array > high)
    if np.any(outside):
        raise OutOfRangeError(
            name=name, value=first(array, outside), accepted=f"{low:.4g} to {high:.4g}"
        )
    return array


def first(array: Array, where: NDArray[np.bool_]) -> float:
    """Return the first value where a condition holds, as it would be written."""
    return float(f"{array[where].flat[0]:.6g}")
