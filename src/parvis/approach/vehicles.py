"""What the vehicles of a class can do: two parameter sets, the P50 one and the upper one."""

from dataclasses import dataclass

from parvis.terms import Scenario


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
