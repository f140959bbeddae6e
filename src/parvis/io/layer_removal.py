"""How is a municipal layer taken out of a city so that it can come back."""

from pathlib import Path

from parvis.io.home import existing_city
from parvis.io.layers import ASIDE, LAYERS, LayerUnknownError


def set_layer_aside(name: str, number: int, *, home: Path | None = None) -> None:
    """
    Take the layer `number` out of a city and keep it; the others keep their numbers.

    Raises
    ------
    LayerUnknownError
    """
    root = existing_city(name, home) / LAYERS
    found = _folder(root, number, "")
    if found is None:
        raise LayerUnknownError(city=name, order=number, listed=_listed(root))
    found.rename(root / f"{ASIDE}{found.name}")


def bring_layer_back(name: str, number: int, *, home: Path | None = None) -> None:
    """
    Put a layer that was set aside back in its place.

    Raises
    ------
    LayerUnknownError
    """
    root = existing_city(name, home) / LAYERS
    found = _folder(root, number, ASIDE)
    if found is None:
        raise LayerUnknownError(city=name, order=number, listed=_listed(root))
    found.rename(root / found.name.removeprefix(ASIDE))


def _folder(root: Path, number: int, prefix: str) -> Path | None:
    return next(iter(sorted(root.glob(f"{prefix}{number:03d}-*"))), None)


def _listed(root: Path) -> str:
    return ", ".join(sorted(item.name for item in root.glob("[0-9]*-*"))) or "none"
