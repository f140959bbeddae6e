"""Where do an installation's own keys come from when nobody set them?"""

import secrets
from pathlib import Path


def kept_key(data: Path, name: str) -> str:
    """Return the key `name`, made the first time and kept in a file only its owner reads."""
    file = data / "keys" / name
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with file.open("x", encoding="ascii") as handle:
            file.chmod(0o600)
            handle.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii")
