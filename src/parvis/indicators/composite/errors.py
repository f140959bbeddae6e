"""What can be wrong with indicators that are to become a composite."""

from typing import ClassVar

from parvis.errors import InputError, LimitError


class CompositeError(InputError):
    """Base of all errors about composite indicators."""

    code: ClassVar[str] = "composite"


class TreeKeyError(CompositeError):
    """Two rows of the tree have the same key; details: key."""

    code: ClassVar[str] = "composite_key"


class TreeParentError(CompositeError):
    """A row names a parent that is not there, or that holds values itself; details: key, parent."""

    code: ClassVar[str] = "composite_parent"


class TreeCycleError(CompositeError):
    """A row is its own ancestor; details: key."""

    code: ClassVar[str] = "composite_cycle"


class TreeChildlessError(CompositeError):
    """Nothing belongs to a theme, block or overall number; details: key."""

    code: ClassVar[str] = "composite_childless"


class DirectionError(CompositeError):
    """A direction is none; details: key, value, known."""

    code: ClassVar[str] = "composite_direction"


class TargetMissingError(CompositeError):
    """An indicator of the target kind has no target; details: key."""

    code: ClassVar[str] = "composite_target"


class BoundsError(CompositeError):
    """The goalposts of an indicator are not in order; details: key, low, high."""

    code: ClassVar[str] = "composite_bounds"


class ReferenceMissingError(CompositeError):
    """A method needs something that indicators lack; details: method, what, keys."""

    code: ClassVar[str] = "composite_reference"


class WeightError(CompositeError):
    """A weight cannot be used; details: key, value."""

    code: ClassVar[str] = "composite_weight"


class WeightSumError(CompositeError):
    """All weights under a parent are zero; details: key."""

    code: ClassVar[str] = "composite_weight_sum"


class RaterSumError(CompositeError):
    """A rater gave a parent's children no points at all; details: rater, key."""

    code: ClassVar[str] = "composite_rater_sum"


class ShapeError(CompositeError):
    """An array has another shape than the others; details: what, found, expected."""

    code: ClassVar[str] = "composite_shape"


class InfiniteValueError(CompositeError):
    """A value is infinite; details: row, key."""

    code: ClassVar[str] = "composite_infinite"


class RowTwiceError(CompositeError):
    """A unit stands twice in a period; details: unit, period."""

    code: ClassVar[str] = "composite_row_twice"


class NormalisationRefusedError(CompositeError):
    """A normalisation does not fit the situation; details: method, situation, reason, known."""

    code: ClassVar[str] = "composite_normalisation"


class PositiveValuesError(CompositeError):
    """A method needs values above zero; details: method, key, value."""

    code: ClassVar[str] = "composite_positive"


class SingleUnitError(CompositeError):
    """Copeland compares units, and there is one; details: key."""

    code: ClassVar[str] = "composite_single_unit"


class OverallMissingError(CompositeError):
    """The tree has no overall number; details: roots."""

    code: ClassVar[str] = "composite_overall"


class NodeUnknownError(CompositeError):
    """No such indicator or aggregate; details: key, known."""

    code: ClassVar[str] = "composite_node"


class ErrorModelError(CompositeError):
    """An error model cannot be drawn from; details: row, key, what, accepted."""

    code: ClassVar[str] = "composite_error_model"


class CovarianceError(CompositeError):
    """A covariance is none: not square, not symmetric, or with a negative direction."""

    code: ClassVar[str] = "composite_covariance"


class ScoreMissingError(CompositeError):
    """A row whose score is the target has none in any draw; details: row, key."""

    code: ClassVar[str] = "composite_score_missing"


class NothingVariesError(CompositeError):
    """Neither errors of data nor alternatives of method were given."""

    code: ClassVar[str] = "composite_nothing_varies"


class TooFewUnitsError(LimitError):
    """Too few units for what is asked; details: what, n, least."""

    code: ClassVar[str] = "composite_few_units"


class TooManyChildrenError(LimitError):
    """A change of more children than can be decomposed; details: key, n, most."""

    code: ClassVar[str] = "composite_many_children"


class DrawsError(CompositeError):
    """A number of draws cannot be used; details: n, least, most."""

    code: ClassVar[str] = "composite_draws"
