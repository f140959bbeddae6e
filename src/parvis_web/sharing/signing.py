"""How a share file is signed so that whoever receives it can tell whose it is."""

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from parvis_web.audit.chain import canonical


def _private_key(authority_id: UUID) -> Ed25519PrivateKey:
    """Return the authority's key, derived from the installation's secret."""
    seed = hmac.new(
        settings.SECRET_KEY.encode(), f"share:{authority_id}".encode(), hashlib.sha256
    ).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key(authority_id: UUID) -> str:
    """Return the key by which others know files of an authority; base64."""
    raw = _private_key(authority_id).public_key().public_bytes_raw()
    return base64.b64encode(raw).decode()


def sign(authority_id: UUID, content: dict[str, Any]) -> str:
    """Return the Ed25519 signature over one spelling of `content`; base64."""
    signature = _private_key(authority_id).sign(canonical(content).encode())
    return base64.b64encode(signature).decode()


def is_signed(content: dict[str, Any], signature: str, key: str) -> bool:
    """Return whether whoever holds `key` signed exactly this content."""
    try:
        verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        signed = base64.b64decode(signature, validate=True)
        verifier.verify(signed, canonical(content).encode())
    except (ValueError, InvalidSignature):
        return False
    return True
