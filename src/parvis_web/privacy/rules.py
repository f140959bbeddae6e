"""Who keeps the record of processing."""

from parvis_web.accounts.rights import Actor, check_editor


def check_keep_record(actor: Actor) -> None:
    """Raise unless `actor` may read and change the record of processing."""
    check_editor(actor)
