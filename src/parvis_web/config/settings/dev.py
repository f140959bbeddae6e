"""On one's own machine: keys are made once and kept in the data directory, mail goes to files."""

from parvis_web.config import env
from parvis_web.config.keys import kept_key
from parvis_web.config.settings.base import *  # noqa: F403

PARVIS_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)  # noqa: F405
SECRET_KEY = SECRET_KEY or kept_key(PARVIS_DATA, "secret")  # noqa: F405
PARVIS_AUDIT_KEY = PARVIS_AUDIT_KEY or kept_key(PARVIS_DATA, "audit")  # noqa: F405
DEBUG = env.switch("PARVIS_DEBUG")
PARVIS_DEMO = env.switch("PARVIS_DEMO")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = PARVIS_DATA / "mail"  # noqa: F405
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
SILENCED_SYSTEM_CHECKS = [f"security.W{number:03d}" for number in (4, 8, 12, 16)]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
WHITENOISE_USE_FINDERS = True
