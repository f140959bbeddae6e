"""What a measure costs, in words."""

from django.utils.translation import gettext as _

from parvis_web.measures.models import Measure
from parvis_web.ui import formats


def cost_words(measure: Measure) -> str:
    """Return the range of what a measure costs; empty where nobody said so."""
    low, high, currency = measure.cost_low, measure.cost_high, measure.currency
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        said = f"{formats.between(formats.number(low), formats.number(high))} {currency}"
    elif high is not None:
        said = _("at most %(cost)s %(currency)s") % {
            "cost": formats.number(high),
            "currency": currency,
        }
    else:
        said = _("at least %(cost)s %(currency)s") % {
            "cost": formats.number(low),
            "currency": currency,
        }
    if not measure.cost_unit:
        return said
    return f"{said} {_('per %(unit)s') % {'unit': measure.cost_unit}}"
