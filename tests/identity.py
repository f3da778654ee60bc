"""An issuer of access tokens for tests of a lone subgraph: a real key, published by a real server."""

import itertools
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet


@dataclass(frozen=True)
class Issuer:
    """Signs tokens that subgraphs with its ``jwks_url`` accept."""

    key: ECKey
    jwks_url: str

    def token(
        self,
        user_id: UUID | None = None,
        scope: str = "",
        key: ECKey | None = None,
        typ: str | None = "at+jwt",
        **claims: Any,
    ) -> str:
        """A token for a user; claims given replace the usual ones, those of None are left out.

        Another ``key`` makes a forgery, and another ``typ`` no access token.
        """
        now = int(time.time())
        usual = {
            "iss": "mercato",
            "aud": "mercato",
            "sub": str(user_id or uuid4()),
            "sid": str(uuid4()),
            "auth_time": now,
            "iat": now,
            "exp": now + 600,
            "scope": scope,
        }
        header = {"alg": "ES256", "kid": self.key.kid} | ({"typ": typ} if typ else {})
        given = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(header, given, key or self.key, algorithms=["ES256"])


def start_issuer(failures: int = 0) -> tuple[Issuer, ThreadingHTTPServer]:
    """Starts publishing a new key, after so many answers that fail; shut the server down afterwards."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    body = json.dumps(KeySet([key]).as_dict(private=False)).encode()

    statuses = itertools.chain(itertools.repeat(503, failures), itertools.repeat(200))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(next(statuses))
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keeps the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Issuer(key, f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json"), server
