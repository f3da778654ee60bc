"""Clients of the OpenID provider in Postgres. Of a secret there is a hash alone, as of refresh tokens."""

import secrets
from typing import Any
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.openid import Client, NewClient
from subgraphs.users.infrastructure.sealing import hashed

_RANDOM_BYTES = 32
_ADD = """
INSERT INTO oauth_clients (id, name, secret_hash, redirect_uris, post_logout_redirect_uris, scopes, is_public)
VALUES (:id, :name, :secret_hash, :redirect_uris, :post_logout_redirect_uris, :scopes, :is_public)
RETURNING id, name, secret_hash, redirect_uris, post_logout_redirect_uris, scopes, is_public
"""
_BY_ID = """
SELECT id, name, secret_hash, redirect_uris, post_logout_redirect_uris, scopes, is_public
FROM oauth_clients WHERE id = :id AND removed_at IS NULL
"""
_REMOVE = "UPDATE oauth_clients SET removed_at = clock_timestamp() WHERE id = :id AND removed_at IS NULL"
_LISTS = ("redirect_uris", "post_logout_redirect_uris", "scopes")


class PostgresClients:
    """The only writer of ``oauth_clients``."""

    async def add(self, client: NewClient) -> tuple[Client, str | None]:
        """Registers a client; with its secret, which nobody can learn afterwards, or None when it is public."""
        secret = None if client.is_public else secrets.token_urlsafe(_RANDOM_BYTES)
        row = await db.fetch_row(
            _ADD,
            id=new_id(),
            name=client.name,
            secret_hash=hashed(secret) if secret else None,
            redirect_uris=" ".join(client.redirect_uris),
            post_logout_redirect_uris=" ".join(client.post_logout_redirect_uris),
            scopes=" ".join(client.scopes),
            is_public=client.is_public,
        )
        assert row is not None, "a row that was inserted is returned"
        return _client(row), secret

    async def by_id(self, client_id: UUID) -> Client | None:
        """A client that was not removed."""
        row = await db.fetch_row(_BY_ID, id=client_id)
        return _client(row) if row else None

    async def remove(self, client_id: UUID) -> bool:
        """Removes a client; False when there is none."""
        return await db.execute(_REMOVE, id=client_id) == 1

    def has_secret(self, client: Client, secret: str) -> bool:
        """Whether it is the client's secret; it takes as long when it is not."""
        return secrets.compare_digest(hashed(secret), client.secret_hash or "")


def _client(row: Any) -> Client:
    return Client(**{**row, **{name: tuple(row[name].split()) for name in _LISTS}})
