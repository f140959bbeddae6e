"""Which kinds of file does a form take, and what is said of the others."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check_ending(name: str, endings: Iterable[str]) -> None:
    """Raise `ValidationError` unless a file's name ends as those the form reads do."""
    accepted = tuple(endings)
    if name.lower().endswith(accepted):
        return
    if name.lower().endswith(".dwg") and ".dxf" in accepted:
        raise ValidationError(
            _(
                "DWG is not read: open the drawing in the program that made it, save it as DXF"
                " (“Save as” or “Export”), and give that file."
            )
        )
    raise ValidationError(
        _("This kind of file is not read; use one of %(endings)s."),
        params={"endings": ", ".join(accepted)},
    )
