"""Behind a proxy that speaks TLS: keys come from the environment, cookies are secure."""

from django.core.exceptions import ImproperlyConfigured

from parvis_web.config import env
from parvis_web.config.logs import logging_settings
from parvis_web.config.settings.base import *  # noqa: F403

for name in ("PARVIS_SECRET_KEY", "PARVIS_AUDIT_KEY", "PARVIS_HOSTS"):
    if not env.text(name):
        raise ImproperlyConfigured(
            f"{name} is not set. Set it, or {name}_FILE to a file that only this service reads."
        )

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^ready/", r"^metrics$"]
LOGGING = logging_settings("json")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]  # noqa: F405
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
}
