"""One run of every service of comments."""

from web.service_examples import example

from parvis_web.comments import services
from parvis_web.comments.models import Comment

WORDS = "Can the row stand two metres further back?"


def said(town, role="coordinator", item=None, text=WORDS, **more) -> Comment:
    """A comment on a space of the town."""
    actor = town.actor(role)
    return services.write_comment(actor, item or town.space(), text=text, **more)


@example("comment.write")
def write(town):
    said(town)


@example("comment.edit")
def edit(town):
    services.edit_comment(town.actor("coordinator"), said(town), text="Three metres.")


@example("comment.resolve")
def resolve(town):
    services.resolve_comment(town.actor("owner"), said(town))


@example("comment.reopen")
def reopen(town):
    comment = said(town)
    services.resolve_comment(town.actor("owner"), comment)
    services.reopen_comment(town.actor("owner"), comment)


@example("comment.remove")
def remove(town):
    services.remove_comment(town.actor("owner"), said(town))


@example("comment.bring-back")
def bring_back(town):
    comment = said(town)
    services.remove_comment(town.actor("owner"), comment)
    services.bring_back_comment(town.actor("owner"), comment)
