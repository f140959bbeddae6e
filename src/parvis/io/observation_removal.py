"""How is a delivery of observations taken out of use, and put back as it was."""

from pathlib import Path

from parvis.io.home import home_directory
from parvis.io.observations import ASIDE, FOLDER, UnknownDeliveryError, deliveries, set_aside
from parvis.io.store import disk_errors


def set_delivery_aside(name: str, *, home: Path | None = None) -> None:
    """
    Take a delivery out of use; its files stay, and no other delivery gets its name.

    Raises
    ------
    UnknownDeliveryError, HomeNotWritableError
    """
    known = [each.id for each in deliveries(home)]
    if name not in known:
        raise UnknownDeliveryError(name=name, known=", ".join(known) or "none")
    folder = home_directory(home) / FOLDER
    with disk_errors(folder):
        (folder / ASIDE).mkdir(exist_ok=True)
        (folder / name).replace(folder / ASIDE / name)


def bring_delivery_back(name: str, *, home: Path | None = None) -> None:
    """
    Put a delivery that was set aside back in its place.

    Raises
    ------
    UnknownDeliveryError, HomeNotWritableError
    """
    known = sorted(set_aside(home))
    if name not in known:
        raise UnknownDeliveryError(name=name, known=", ".join(known) or "none")
    folder = home_directory(home) / FOLDER
    with disk_errors(folder):
        (folder / ASIDE / name).replace(folder / name)
