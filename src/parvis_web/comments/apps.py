"""Names the app for Django, gives its words to the history and says how a comment is deleted."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.comments"
    label = "comments"

    def ready(self) -> None:
        """Make the services known, tell them in the history, register the deletion."""
        from parvis_web.comments import services
        from parvis_web.comments.models import Comment
        from parvis_web.privacy import deletion
        from parvis_web.spaces.history import tell

        tell("comment.write", _("Comment written"))
        tell("comment.edit", _("Comment changed by its author"))
        tell("comment.resolve", _("Comment resolved"))
        tell("comment.reopen", _("Resolved comment opened again"))
        tell("comment.remove", _("Comment removed"))
        tell("comment.bring-back", _("Removed comment put back"))
        deletion.register(Comment.kind(), services.delete_comment)
