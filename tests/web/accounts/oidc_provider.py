"""A tiny OpenID Connect provider on this machine: one person, a code with PKCE, tokens."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "parvis", "client's secret"


@dataclass
class Provider:
    """Who signs in there, and what was asked of it."""

    address: str = ""
    email: str = ""
    is_verified: bool = True
    asked: list[str] = field(default_factory=list)
    challenge: str = ""
    redirect_uri: str = ""

    def answer(self, path: str, query: dict[str, str], form: dict[str, str]) -> dict[str, object]:
        """Answer one request; a key "location" redirects."""
        self.asked.append(path)
        match path:
            case "/as":
                self.email, self.is_verified = query["email"], query["verified"] == "True"
                return {}
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "jwks_uri": f"{self.address}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            case "/authorize":
                assert query["client_id"] == CLIENT
                assert query["code_challenge_method"] == "S256"
                assert "openid" in query["scope"].split()
                self.challenge, self.redirect_uri = query["code_challenge"], query["redirect_uri"]
                back = urlencode({"code": "a code", "state": query["state"]})
                return {"location": f"{query['redirect_uri']}?{back}"}
            case "/token":
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
                assert (form["client_secret"], form["code"]) == (SECRET, "a code")
                assert form["redirect_uri"] == self.redirect_uri
                return {
                    "access_token": "access", "token_type": "Bearer", "id_token": self.token(),
                }  # fmt: skip
            case "/userinfo":
                return self.claims()
        raise AssertionError(path)

    def claims(self) -> dict[str, object]:
        """What the provider says of the person."""
        return {
            "sub": f"person:{self.email}", "email": self.email, "name": "Ada of Overfield",
            "email_verified": self.is_verified,
        }  # fmt: skip

    def token(self) -> str:
        """A signed statement about the person, as the protocol has it."""
        now = int(time.time())
        said = self.claims() | {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60}
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return jwt.encode(said, key, algorithm="RS256", headers={"kid": "one"})


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Serve a provider; who is signed in there is said at its address ``/as``."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply(single(body))

        def reply(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            said = provider.answer(parts.path, single(parts.query), form)
            self.send_response(302 if "location" in said else 200)
            if "location" in said:
                self.send_header("Location", str(said["location"]))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def single(query: str) -> dict[str, str]:
    """Return the first value of each field."""
    return {name: values[0] for name, values in parse_qs(query).items()}
