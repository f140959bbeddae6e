"""How is a temporary layout taken away from a city so that it can come back."""

import shutil
from pathlib import Path

from parvis.events.layout import Layout
from parvis.io.home import existing_city
from parvis.io.layouts import (
    DESCRIPTION,
    LAYOUTS,
    LayoutExistsError,
    LayoutUnknownError,
    checked_layout_name,
    existing_layout,
    read_description,
)

ASIDE = ".aside-"


def set_layout_aside(name: str, layout: str, *, home: Path | None = None) -> None:
    """
    Take a layout out of a city and keep it; of one name, only the last one taken away is kept.

    Raises
    ------
    LayoutUnknownError
    """
    found = existing_layout(name, layout, home)
    kept = found.with_name(f"{ASIDE}{found.name}")
    if kept.exists():
        shutil.rmtree(kept)
    found.rename(kept)


def layouts_aside(name: str, *, home: Path | None = None) -> list[Layout]:
    """
    Return the layouts of a city that can be brought back, by name.

    Raises
    ------
    UnknownCityError, StoreBrokenError
    """
    root = existing_city(name, home) / LAYOUTS
    return [
        read_description(name, path, home) for path in sorted(root.glob(f"{ASIDE}*/{DESCRIPTION}"))
    ]


def bring_layout_back(name: str, layout: str, *, home: Path | None = None) -> None:
    """
    Put a layout that was set aside back.

    Raises
    ------
    LayoutUnknownError
    LayoutExistsError
        Where another of that name was added since.
    """
    root = existing_city(name, home) / LAYOUTS
    kept = root / f"{ASIDE}{checked_layout_name(layout)}"
    if not (kept / DESCRIPTION).is_file():
        listed = sorted(path.parent.name for path in root.glob(f"{ASIDE}*/{DESCRIPTION}"))
        said = ", ".join(each.removeprefix(ASIDE) for each in listed)
        raise LayoutUnknownError(name=layout, city=name, listed=said or "none")
    if (root / layout).exists():
        raise LayoutExistsError(name=layout, city=name)
    kept.rename(root / layout)
