"""What the vehicles of a class can do: two parameter sets, the P50 one and the upper one."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, cast

from parvis.errors import InputError
from parvis.packs.loader import load_pack
from parvis.terms import KMH_PER_MPS, Scenario

if TYPE_CHECKING:
    from parvis.packs.models import VehicleClasses, VehicleEntry

_PARAMETERS = {
    "acceleration": ("acceleration_mps2", 1.0),
    "specific_power": ("specific_power_w_kg", 1.0),
    "friction": ("friction", 1.0),
    "width": ("width_m", 1.0),
    "turning_radius": ("turning_radius_m", 1.0),
    "top_speed": ("top_speed_kmh", KMH_PER_MPS),
}
"""Attribute → key in the pack and the divisor that makes it SI."""


class UnknownVehicleError(InputError):
    """No vehicle class has that key; details: name, known, near."""

    code: ClassVar[str] = "unknown_vehicle"


@dataclass(frozen=True, slots=True)
class VehicleParameters:
    """
    One parameter set of a vehicle class; SI units.

    Attributes
    ----------
    acceleration : float
        Traction-limited acceleration from rest on level ground. [m s⁻²], > 0.
    specific_power : float
        Engine power at the wheels over mass, ηP/m. [W kg⁻¹], > 0.
    friction : float
        Lateral limit, min of tyre friction and static roll threshold. [1], > 0.
    width : float
        Body width without mirrors. [m], > 0.
    turning_radius : float
        Smallest radius of the path of the vehicle's centre. [m], > 0.
    top_speed : float
        [m s⁻¹], > 0.
    """

    acceleration: float
    specific_power: float
    friction: float
    width: float
    turning_radius: float
    top_speed: float


@dataclass(frozen=True, slots=True)
class VehicleClass:
    """
    A vehicle class of the pack `vehicle-classes`.

    Attributes
    ----------
    key : str
        Class code, e.g. ``"N2B"``.
    mass : float
        Test mass. [kg]
    typical, limit : VehicleParameters
        The P50 set and the upper set.
    is_off_road : bool
        Whether steps stay passable in the upper scenario.
    unverified : tuple of str
        Names of the values without a published source (``"mass"``, ``"typical.acceleration"``, …).
    """

    key: str
    name: str
    mass: float
    typical: VehicleParameters
    limit: VehicleParameters
    is_off_road: bool = False
    unverified: tuple[str, ...] = ()

    def parameters(self, scenario: Scenario) -> VehicleParameters:
        """Return the set that belongs to `scenario`."""
        return self.typical if scenario is Scenario.TYPICAL else self.limit


def load_vehicle_classes(keys: Iterable[str] | None = None) -> tuple[VehicleClass, ...]:
    """
    Return vehicle classes from the pack `vehicle-classes`.

    Parameters
    ----------
    keys : iterable of str, optional
        Class codes, any case; None for the default set.

    Returns
    -------
    tuple of VehicleClass
        In pack order, each once.

    Raises
    ------
    UnknownVehicleError
        If a key is not in the pack, or if there is no key; names all of them.

    Examples
    --------
    >>> [vehicle.key for vehicle in load_vehicle_classes()]
    ['M1', 'N1G', 'N1', 'N2B', 'N3D', 'N3G']
    >>> load_vehicle_classes(["N2B"])[0].mass
    7200.0
    """
    entries = _pack().entries
    if keys is None:
        return tuple(_vehicle_class(entry) for entry in entries if entry.is_default)
    known = [entry.key for entry in entries]
    wanted = [key.strip().upper() for key in keys]
    unknown = [key for key in wanted if key not in known]
    if unknown or not wanted:
        raise UnknownVehicleError(
            name=", ".join(unknown) or '""',
            known=", ".join(known),
            near=", ".join(get_close_matches("".join(unknown[:1]), known, cutoff=0.5)),
        )
    return tuple(_vehicle_class(entry) for entry in entries if entry.key in wanted)


def vehicle_class_keys() -> tuple[str, ...]:
    """
    Return the codes of all classes in the pack, default or not.

    Examples
    --------
    >>> "N3C" in vehicle_class_keys()
    True
    """
    return tuple(entry.key for entry in _pack().entries)


def _pack() -> "VehicleClasses":
    return cast("VehicleClasses", load_pack("vehicle-classes"))


def _vehicle_class(entry: "VehicleEntry") -> VehicleClass:
    evidence = _pack().evidence
    typical: dict[str, float] = {}
    limit: dict[str, float] = {}
    unverified = [] if evidence[entry.mass_kg.evidence].verified else ["mass"]
    for name, (key, divisor) in _PARAMETERS.items():
        value = getattr(entry, key)
        typical[name] = value.typical / divisor
        limit[name] = value.limit / divisor
        if not evidence[value.evidence].verified:
            unverified += [f"typical.{name}", f"limit.{name}"]
    return VehicleClass(
        key=entry.key,
        name=entry.name,
        mass=entry.mass_kg.value,
        typical=VehicleParameters(**typical),
        limit=VehicleParameters(**limit),
        is_off_road=entry.is_off_road,
        unverified=tuple(unverified),
    )
