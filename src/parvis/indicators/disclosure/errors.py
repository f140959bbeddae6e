"""What can be wrong with what is to be published."""

from typing import ClassVar

from parvis.errors import InputError, LimitError


class RulesError(InputError):
    """A rule is laxer than the shipped one, or no rule; details: what, value, accepted."""

    code: ClassVar[str] = "disclosure_rules"


class CountedCellError(InputError):
    """A cell cannot be: twice, no whole count, more than its group; details: cell, problem."""

    code: ClassVar[str] = "disclosure_cell"


class AreasReasonError(InputError):
    """Areas are to be published without a written reason; details: n."""

    code: ClassVar[str] = "disclosure_areas_reason"


class NothingToPublishError(InputError):
    """There is no observation of what is to be published; details: what."""

    code: ClassVar[str] = "disclosure_nothing"


class ProtectionImpossibleError(LimitError):
    """A figure cannot be hidden any more, whatever else is left out; details: cell, known."""

    code: ClassVar[str] = "disclosure_impossible"


class MicrodataError(InputError):
    """Columns of microdata do not fit; details: what, value, accepted."""

    code: ClassVar[str] = "disclosure_microdata"
