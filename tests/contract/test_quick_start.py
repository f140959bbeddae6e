"""The web application starts without what only single pages need."""

import os
import subprocess
import sys

STARTED = """
import sys
import django
django.setup()
from django.urls import get_resolver

def walk(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            walk(pattern)

walk(get_resolver())
heavy = {"matplotlib", "numba", "pandas", "rasterio", "scipy"}
print(*sorted(heavy & sys.modules.keys()))
"""


def test_settings_apps_and_addresses_load_no_plotting_compiling_or_tables(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", STARTED],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "parvis_web.config.settings.test",
            "PARVIS_DATA": str(tmp_path),
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
