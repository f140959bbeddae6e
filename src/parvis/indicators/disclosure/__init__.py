"""What of the indicators can be published so that nobody is recognised, even by subtraction."""

from parvis.indicators.disclosure.control import audit, protect
from parvis.indicators.disclosure.model import Cell, Interval, Known, Plan, Reason, Relation
from parvis.indicators.disclosure.rules import Rules, default_rules

__all__ = [
    "Cell",
    "Interval",
    "Known",
    "Plan",
    "Reason",
    "Relation",
    "Rules",
    "audit",
    "default_rules",
    "protect",
]
