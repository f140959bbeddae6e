"""Names the app for Django and says how a comment is deleted."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.comments"
    label = "comments"

    def ready(self) -> None:
        """Make the services known and register the deletion."""
        from parvis_web.comments import services
        from parvis_web.comments.models import Comment
        from parvis_web.privacy import deletion

        deletion.register(Comment.kind(), services.delete_comment)
