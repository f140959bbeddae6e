"""How choices and days of a published text are said."""

from datetime import date

from django import template
from django.utils.formats import date_format

from parvis_web.publishing.content import MeasureKind, MeasureStatus

register = template.Library()


@register.filter
def measure_kind(value: str) -> str:
    """Return the name of a kind of measure."""
    return str(MeasureKind(value).label)


@register.filter
def measure_status(value: str) -> str:
    """Return how far a measure is."""
    return str(MeasureStatus(value).label)


@register.filter
def iso_day(value: str) -> str:
    """Return an ISO date as people write it."""
    return date_format(date.fromisoformat(value))
