"""What people fill in to say something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.comments.models import MOST_SIGNS


class TextField(forms.CharField):
    """A text of several lines, each line end counted as one sign as browsers count it."""

    def to_python(self, value: Any) -> str:
        """Return the text with plain line ends."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class CommentForm(forms.Form):
    """A comment."""

    text = TextField(
        label=_("Comment"),
        max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(CommentForm):
    """An answer to a comment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Answer")
