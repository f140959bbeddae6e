"""Which sign-ons of a city's own does the environment configure: OpenID Connect and SAML."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from parvis_web.config import env

OIDC = "allauth.socialaccount.providers.openid_connect"
SAML = "allauth.socialaccount.providers.saml"


def sign_ons() -> tuple[list[str], dict[str, Any]]:
    """
    Return the apps to install and allauth's settings of the configured sign-ons.

    One sign-on comes from ``PARVIS_OIDC_*`` or ``PARVIS_SAML_*``; several from the JSON file
    ``PARVIS_SIGN_ON_FILE``: a list of objects with the same names in lower case and ``kind``.
    """
    entries = _from_file() + [entry for kind in ("oidc", "saml") if (entry := _from_env(kind))]
    makers = {"oidc": (OIDC, "openid_connect", _oidc), "saml": (SAML, "saml", _saml)}
    apps: list[str] = []
    providers: dict[str, Any] = {}
    for entry in entries:
        if entry.get("kind") not in makers:
            raise ImproperlyConfigured(
                f"A sign-on's kind is {entry.get('kind')!r}; use 'oidc' or 'saml'."
            )
        app, provider, make = makers[entry["kind"]]
        if app not in apps:
            apps.append(app)
        providers.setdefault(provider, {"APPS": []})["APPS"].append(make(entry))
    return apps, providers


def _from_env(kind: str) -> dict[str, Any] | None:
    prefix = f"PARVIS_{kind.upper()}"
    names = ("name", "domains", "server", "client", "secret", "metadata", "entity", "id")
    found = {name: env.text(f"{prefix}_{name.upper()}") for name in names}
    if not (found["server"] or found["metadata"]):
        return None
    return found | {"kind": kind, "domains": env.words(f"{prefix}_DOMAINS")}


def _from_file() -> list[dict[str, Any]]:
    name = env.text("PARVIS_SIGN_ON_FILE")
    if not name:
        return []
    try:
        entries = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ImproperlyConfigured(
            f"PARVIS_SIGN_ON_FILE={name} cannot be read: {problem}"
        ) from None
    if not isinstance(entries, list):
        raise ImproperlyConfigured(f"PARVIS_SIGN_ON_FILE={name} is not a list of sign-ons.")
    return entries


def _oidc(entry: dict[str, Any]) -> dict[str, Any]:
    _require(entry, "server", "client", "secret")
    return {
        "provider_id": entry.get("id") or "city",
        "name": entry.get("name") or "OpenID Connect",
        "client_id": entry["client"],
        "secret": entry["secret"],
        "settings": {
            "server_url": entry["server"],
            "domains": entry["domains"],
            "oauth_pkce_enabled": True,
        },
    }


def _saml(entry: dict[str, Any]) -> dict[str, Any]:
    _require(entry, "metadata", "entity")
    return {
        "provider_id": entry["entity"],
        "client_id": entry.get("id") or "city",
        "name": entry.get("name") or "SAML",
        "settings": {
            "domains": entry["domains"],
            "verified_email": list(entry["domains"]),
            "idp": {"entity_id": entry["entity"], "metadata_url": entry["metadata"]},
            "advanced": {
                "reject_idp_initiated_sso": True,
                "want_assertion_signed": True,
                "strict": True,
            },
        },
    }


def _require(entry: dict[str, Any], *names: str) -> None:
    kind = entry["kind"]
    if missing := [name for name in (*names, "domains") if not entry.get(name)]:
        raise ImproperlyConfigured(
            f"The sign-on {kind} lacks {', '.join(missing)}: set "
            f"{', '.join(f'PARVIS_{kind.upper()}_{name.upper()}' for name in missing)}. "
            "Domains are those of the mail addresses it may speak for."
        )
