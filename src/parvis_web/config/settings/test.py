"""Under test: fixed keys, quick password hashes, mail kept in memory, tasks kept until drained."""

import os
import tempfile
from pathlib import Path

worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if "PARVIS_DATA" not in os.environ or os.environ.get("PARVIS_DATA_OF", worker) != worker:
    os.environ["PARVIS_DATA"] = tempfile.mkdtemp(prefix="parvis-test-")
os.environ["PARVIS_DATA_OF"] = worker  # what a worker starts shares its folder, other workers not

from parvis_web.config.settings.base import *  # noqa: E402, F403

PARVIS_DATA = Path(os.environ["PARVIS_DATA"])
SECRET_KEY = "only-for-tests-" + "0" * 40
PARVIS_AUDIT_KEY = "only-for-tests-" + "1" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
MIDDLEWARE = [*MIDDLEWARE, "parvis_web.audit.guard.WriteGuardMiddleware"]  # noqa: F405
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # noqa: F405
STATIC_ROOT = PARVIS_DATA / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
