"""Reads of buyers' cards, batched."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.persistence import db

_OF_USERS = (
    "SELECT * FROM saved_methods WHERE user_id = ANY($1::uuid[]) ORDER BY is_default DESC, created_at DESC, id DESC"
)


@dataclass(frozen=True, slots=True)
class MethodView:
    """A card as the SDL has it."""

    id: UUID
    provider: str
    brand: str
    last_digits: str
    expires_month: int
    expires_year: int
    is_default: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserMethods:
    """The part of a ``User`` that payments contributes."""

    id: UUID
    payment_methods: Sequence[MethodView]


async def methods_by_user(user_ids: Sequence[UUID]) -> Mapping[UUID, UserMethods]:
    """The users' cards, the default first, then the latest."""
    methods: defaultdict[UUID, list[MethodView]] = defaultdict(list)
    for row in await db.fetch(_OF_USERS, user_ids):
        methods[row["user_id"]].append(_method(row))
    return {user_id: UserMethods(user_id, methods[user_id]) for user_id in user_ids}


async def method_by_id(method_id: UUID, user_id: UUID) -> MethodView | None:
    """A card of the user's, or None when it is gone."""
    row = await db.fetch_row("SELECT * FROM saved_methods WHERE id = $1 AND user_id = $2", method_id, user_id)
    return _method(row) if row else None


def _method(row: asyncpg.Record) -> MethodView:
    return MethodView(
        id=row["id"],
        provider=row["provider"],
        brand=row["brand"],
        last_digits=row["last_digits"],
        expires_month=row["expires_month"],
        expires_year=row["expires_year"],
        is_default=row["is_default"],
        created_at=row["created_at"],
    )
