"""How sure a speed is: parameter draws along the binding path, in closed form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from parvis.approach.kinematics import attainable_speed, cornering_speed
from parvis.approach.vehicles import VehicleClass, VehicleParameters


@dataclass(frozen=True, slots=True)
class Leg:
    """
    One piece of the binding path.

    Attributes
    ----------
    length : float
        [m], >= 0
    radius : float
        [m]; inf for a straight piece.
    deflection : float
        Change of direction over the whole turn this arc is part of. [rad], 0 for straight.
    gradient : float
        Rise over run.
    """

    length: float
    radius: float
    deflection: float = 0.0
    gradient: float = 0.0


@dataclass(frozen=True, eq=False)
class Draws:
    """
    Parameter draws of one vehicle class.

    Attributes
    ----------
    acceleration, specific_power, friction, top_speed : ndarray of float64, shape (n,)
        [m s⁻²], [W kg⁻¹], [1], [m s⁻¹]
    width_error : ndarray of float64, shape (n,)
        Standard normal draws; times a sigma they move every clear width together. [1]
    """

    acceleration: NDArray[np.float64]
    specific_power: NDArray[np.float64]
    friction: NDArray[np.float64]
    top_speed: NDArray[np.float64]
    width_error: NDArray[np.float64]


def draw_parameters(
    vehicle: VehicleClass, n_draws: int, *, upper_quantile: float = 0.99, seed: int
) -> Draws:
    """
    Draw parameters between the typical and the upper set.

    Each of acceleration, power, friction and top speed is lognormal with its median at the typical
    value and `upper_quantile` at the upper one, truncated there and independent of the others
    (pack ``parameter-draws``, a proposal of this project).

    Parameters
    ----------
    vehicle : VehicleClass
    n_draws : int
        > 0
    upper_quantile : float, default 0.99
        Quantile of the untruncated distribution at which the upper value stands. [1], in (0.5, 1)
    seed : int
        Makes the result reproducible.

    Returns
    -------
    Draws
    """
    generator = np.random.default_rng(seed)

    def truncated_lognormal(median: float, upper: float) -> NDArray[np.float64]:
        sigma = np.log(upper / median) / ndtri(upper_quantile)
        quantile = generator.uniform(0.0, upper_quantile, n_draws)
        return np.asarray(median * np.exp(sigma * ndtri(quantile)), dtype=np.float64)

    low, high = vehicle.typical, vehicle.limit
    return Draws(
        acceleration=truncated_lognormal(low.acceleration, high.acceleration),
        specific_power=truncated_lognormal(low.specific_power, high.specific_power),
        friction=truncated_lognormal(low.friction, high.friction),
        top_speed=truncated_lognormal(low.top_speed, high.top_speed),
        width_error=generator.standard_normal(n_draws),
    )


def speed_along(
    legs: tuple[Leg, ...],
    *,
    entry_speed: float,
    parameters: VehicleParameters,
    draws: Draws,
    width_sigma: float,
) -> NDArray[np.float64]:
    """
    Speed at the end of a path for every draw.

    Parameters
    ----------
    legs : tuple of Leg
        In driving order.
    entry_speed : float
        Speed at the start of the first leg. [m s⁻¹], >= 0
    parameters : VehicleParameters
        The set the path was found with; its turning radius bounds every drawn radius from below.
    draws : Draws
    width_sigma : float
        Standard deviation of the clear widths that limit the turns. [m], >= 0

    Returns
    -------
    ndarray of float64, shape (n_draws,)
        [m s⁻¹]

    Notes
    -----
    Every leg is ``v -> min(run-up over the leg, turn speed)``. A width error δ moves the radius of
    a turn with deflection D by δ / (1 − cos(D/2)), as in the largest arc through a street corner.
    """
    speed = np.full(len(draws.acceleration), entry_speed)
    for leg in legs:
        cap = draws.top_speed
        if np.isfinite(leg.radius):
            sagitta = 1.0 - np.cos(0.5 * min(leg.deflection, np.pi)) if leg.deflection > 0 else 1.0
            radius = leg.radius + draws.width_error * width_sigma / max(sagitta, 1e-3)
            radius = np.clip(radius, parameters.turning_radius, 4.0 * leg.radius)
            radius = np.maximum(radius, min(leg.radius, parameters.turning_radius))
            cap = np.minimum(cap, cornering_speed(radius, friction=draws.friction))
        speed = np.minimum(speed, cap)
        if leg.length > 0.0:
            speed = attainable_speed(
                leg.length,
                acceleration=draws.acceleration,
                specific_power=draws.specific_power,
                entry_speed=speed,
                gradient=leg.gradient,
            )
        speed = np.minimum(speed, cap)
    return speed


def merge_straights(legs: tuple[Leg, ...], *, irrelevant_radius: float) -> tuple[Leg, ...]:
    """
    Join neighbouring pieces that no draw can tell apart.

    Parameters
    ----------
    legs : tuple of Leg
    irrelevant_radius : float
        Arcs of at least this radius limit no draw and count as straight. [m]

    Returns
    -------
    tuple of Leg
    """
    merged: list[Leg] = []
    for leg in legs:
        is_straight = leg.radius >= irrelevant_radius
        radius = np.inf if is_straight else leg.radius
        deflection = 0.0 if is_straight else leg.deflection
        last = merged[-1] if merged else None
        same = last is not None and last.radius == radius and last.deflection == deflection
        if last is not None and same and last.gradient == leg.gradient:
            merged[-1] = Leg(last.length + leg.length, radius, deflection, leg.gradient)
        else:
            merged.append(Leg(leg.length, radius, deflection, leg.gradient))
    return tuple(merged)


def cautious_speed(
    drawn: NDArray[np.float64], *, typical: float, limit: float, quantile: float = 0.9
) -> float:
    """
    Return a high quantile of the drawn speeds, kept between typical speed and physical limit.

    Parameters
    ----------
    drawn : ndarray of float64, shape (n,)
        [m s⁻¹]
    typical, limit : float
        [m s⁻¹], typical <= limit
    quantile : float, default 0.9
        [1]

    Returns
    -------
    float
        [m s⁻¹]
    """
    return float(np.clip(np.quantile(drawn, quantile), typical, limit))
