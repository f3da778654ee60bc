"""Address books in Postgres. Whoever changes one holds the lock of its user's row, so that there is one default at most."""

from dataclasses import asdict
from uuid import UUID

from shared.errors import Unauthenticated
from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.address import Address, PostalAddress

_COLUMNS = "id, recipient, line1, line2, postal_code, city, country, phone, is_default"


async def lock_book(user_id: UUID) -> None:
    """Makes a user's address book nobody else's to change until the transaction ends.

    Raises:
        Unauthenticated: when the account is gone although its token has not ended yet.
    """
    if not await db.fetch_value("SELECT true FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id):
        raise Unauthenticated("The account does not exist any more.")


async def count_addresses(user_id: UUID) -> int:
    """How many addresses a book holds."""
    count: int = await db.fetch_value("SELECT count(*) FROM addresses WHERE user_id = $1", user_id)
    return count


async def insert_address(user_id: UUID, address: PostalAddress, *, is_default: bool) -> Address:
    """Adds an address."""
    inserted = Address(**asdict(address), id=new_id(), is_default=is_default)
    await db.execute(
        f"INSERT INTO addresses (user_id, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",  # noqa: S608 - a constant
        user_id,
        inserted.id,
        *asdict(address).values(),
        is_default,
    )
    return inserted


async def replace_address(user_id: UUID, address_id: UUID, address: PostalAddress) -> Address | None:
    """Gives an address other content; None when the user has no such address."""
    row = await db.fetch_row(
        "UPDATE addresses"  # noqa: S608 - a constant
        " SET recipient = $3, line1 = $4, line2 = $5, postal_code = $6, city = $7, country = $8, phone = $9"
        f" WHERE id = $1 AND user_id = $2 RETURNING {_COLUMNS}",
        address_id,
        user_id,
        *asdict(address).values(),
    )
    return Address(**row) if row else None


async def delete_address(user_id: UUID, address_id: UUID) -> bool | None:
    """Removes an address and answers whether it was the default; None when the user has no such address."""
    was_default: bool | None = await db.fetch_value(
        "DELETE FROM addresses WHERE id = $1 AND user_id = $2 RETURNING is_default", address_id, user_id
    )
    return was_default


async def promote_oldest(user_id: UUID) -> None:
    """Makes the oldest address of a book without a default the default."""
    await db.execute(
        "UPDATE addresses SET is_default = true"
        " WHERE id = (SELECT id FROM addresses WHERE user_id = $1 ORDER BY created_at, id LIMIT 1)",
        user_id,
    )


async def make_default(user_id: UUID, address_id: UUID) -> Address | None:
    """Makes an address the default; None, and the default stays, when the user has no such address.

    Two statements: the index that allows one default looks at each row as it is written.
    """
    await db.execute(
        "UPDATE addresses SET is_default = false WHERE user_id = $1 AND is_default"
        " AND EXISTS (SELECT 1 FROM addresses WHERE id = $2 AND user_id = $1)",
        user_id,
        address_id,
    )
    row = await db.fetch_row(
        f"UPDATE addresses SET is_default = true WHERE id = $1 AND user_id = $2 RETURNING {_COLUMNS}",  # noqa: S608 - a constant
        address_id,
        user_id,
    )
    return Address(**row) if row else None
