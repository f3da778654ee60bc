"""Reads of accounts, batched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.email import comparable
from shared.persistence import db
from subgraphs.users.domain.address import Address


@dataclass(frozen=True, slots=True)
class UserView:
    """A ``User`` as the SDL has it."""

    id: UUID
    email: str
    name: str
    created_at: datetime
    addresses: Sequence[Address]
    email_verified_at: datetime | None = None

    @property
    def default_address(self) -> Address | None:
        """The default comes first."""
        return self.addresses[0] if self.addresses else None

    @property
    def default_billing_address(self) -> Address | None:
        """The one that was made so, else the default."""
        return next((address for address in self.addresses if address.is_default_billing), self.default_address)


async def users_by_id(user_ids: Sequence[UUID]) -> Mapping[UUID, UserView]:
    """Accounts with their address books, in one statement."""
    rows = await db.fetch(
        "SELECT account.id AS user_id, account.email, account.name, account.created_at,"
        " account.email_verified_at, address.id, address.recipient,"
        " address.line1, address.line2, address.postal_code, address.city, address.country, address.phone,"
        " address.country_area, address.company, address.is_default, address.is_default_billing"
        " FROM users AS account LEFT JOIN addresses AS address ON address.user_id = account.id"
        " WHERE account.id = ANY($1::uuid[]) ORDER BY address.is_default DESC, address.created_at, address.id",
        user_ids,
    )
    users: dict[UUID, UserView] = {}
    books: dict[UUID, list[Address]] = {}
    for user_id, email, name, created_at, verified_at, *address in rows:
        book = books.setdefault(user_id, [])
        users.setdefault(user_id, UserView(user_id, email, name, created_at, book, verified_at))
        if address[0] is not None:
            book.append(_address(*address))
    return users


async def user_id_of(email: str) -> UUID | None:
    """The account of an e-mail address."""
    found: UUID | None = await db.fetch_value("SELECT id FROM users WHERE comparable_email = $1", comparable(email))
    return found


def _address(address_id: UUID, *content: Any) -> Address:
    *postal, is_default, is_default_billing = content
    return Address(*postal, id=address_id, is_default=is_default, is_default_billing=is_default_billing)
