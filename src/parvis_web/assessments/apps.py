"""Names the app for Django and registers its tab."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Show assessments on the page of a space; keep the files their rows rest on."""
        from parvis_web.assessments.models import AnswerImport, Attachment
        from parvis_web.assessments.queries import count_assessments
        from parvis_web.spaces.storage import register_holder
        from parvis_web.spaces.tabs import Tab, register

        register_holder(Attachment)
        register_holder(AnswerImport)
        register(
            Tab("assessments", _("Assessments"), "assessments:of_space", 40, count_assessments)
        )
