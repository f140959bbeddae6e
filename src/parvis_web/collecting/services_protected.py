"""Every write of protected data: taken in encrypted, looked at, summed up, emptied on the day."""

from parvis_web.audit.recording import note
from parvis_web.collecting.models import ProtectedDataset


def empty_protected(item: ProtectedDataset) -> None:
    """Delete what protected data hold."""
    note(item)
