"""Reads of the OpenID provider's clients."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.persistence import db


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client as operators see it."""

    id: UUID
    name: str
    redirect_uris: str
    scopes: str


async def all_clients() -> Sequence[ClientView]:
    """Those that were not removed, the oldest first."""
    rows = await db.fetch(
        "SELECT id, name, redirect_uris, scopes FROM oauth_clients WHERE removed_at IS NULL ORDER BY created_at, id"
    )
    return [ClientView(**row) for row in rows]
