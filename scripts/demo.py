"""Build the fictional town, analyse its market square, plan its closure, write all to out/."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"
SPACE = "Market Square"


def parvis(*arguments: str) -> None:
    """Run one parvis command on the demo's own data directory; stop when it fails."""
    print(f"$ parvis {shlex.join(arguments)}", flush=True)
    environment = os.environ | {"PARVIS_HOME": str(OUT / "data")}
    command = [sys.executable, "-m", "parvis", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Run the demo and say what to open."""
    started = time.monotonic()
    report = OUT / "report"
    report.mkdir(parents=True, exist_ok=True)
    extract = os.path.relpath(OUT / "town.osm.pbf", ROOT)
    parvis("town", "make", "--seed", "1", "--size", "small", extract)
    parvis("city", "import", extract, "--name", "tessenmark")
    folder = os.path.relpath(report, ROOT)
    data = [f"{folder}/approach.json", f"{folder}/approach.geojson"]
    written = ["--out", folder, "--json", data[0], "--geojson", data[1]]
    parvis("report", "tessenmark", SPACE, *written)
    plan = [f"{folder}/closure.geojson", f"{folder}/tender.xlsx"]
    planned = ["--vehicles", "N2B", "--out", plan[0], "--tender", plan[1]]
    parvis("closure", "tessenmark", SPACE, *planned)
    print()
    documents = {path.stem: os.path.relpath(path, ROOT) for path in sorted(report.glob("*.pdf"))}
    council = next((path for stem, path in documents.items() if "council" in stem), "out/report")
    annex = next((path for stem, path in documents.items() if "annex" in stem), "out/report")
    print(f"1. {council}: what a council may read and publish.")
    print(f"2. {annex}: the restricted annex with profile, access points and maps.")
    print(f"3. {data[1]} (map) and {data[0]}: the same figures for machines.")
    print(f"4. {plan[0]} and {plan[1]}: lines that would keep a lorry out, and what to buy.")
    print("5. Your own city: see docs/tutorial/real-extract.md. ", end="")
    print(f"(This took {time.monotonic() - started:.0f} s.)")


if __name__ == "__main__":
    main()
