"""Serve the web application on the fictional town, on this machine only."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Replace this process by the server; what an earlier demonstration made is kept."""
    data = ROOT / "out" / "web"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [sys.executable, "-m", "parvis", "serve", "--demo", "--data", str(data)]
    environment = os.environ | {"PARVIS_HOME": str(ROOT / "out" / "data")}
    os.execve(sys.executable, command + sys.argv[1:], environment)  # noqa: S606


if __name__ == "__main__":
    main()
