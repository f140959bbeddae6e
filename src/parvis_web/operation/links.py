"""Where does a page of this installation lie, when no request says it?"""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the address of a page on the first host that this installation answers to."""
    hosts = [host for host in settings.ALLOWED_HOSTS if host != "*"]
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    return f"{scheme}://{hosts[0] if hosts else 'localhost'}{path}"
