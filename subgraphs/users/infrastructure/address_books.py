"""Address books in Postgres.

Whoever changes one holds the lock of its user's row, so that there is one default at most.
"""

from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from shared.persistence.sql import values_of
from shared.postal.address import PostalAddress
from subgraphs.users.domain.address import Address

_COLUMNS = (
    "id, recipient, line1, line2, postal_code, city, country, phone, country_area, company, is_default, "
    "is_default_billing"
)
_LOCK = "SELECT true FROM users WHERE id = :user_id FOR NO KEY UPDATE"
_COUNT = "SELECT count(*) FROM addresses WHERE user_id = :user_id"
_ADD = f"""
INSERT INTO addresses (user_id, {_COLUMNS})
VALUES (:user_id, :id, :recipient, :line1, :line2, :postal_code, :city, :country, :phone, :country_area, :company,
  :is_default, :is_default_billing)
"""  # noqa: S608 - a constant
_REPLACE = f"""
UPDATE addresses SET recipient = :recipient, line1 = :line1, line2 = :line2, postal_code = :postal_code, city = :city,
  country = :country, phone = :phone, country_area = :country_area, company = :company
WHERE id = :id AND user_id = :user_id RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant
_REMOVE = "DELETE FROM addresses WHERE id = :id AND user_id = :user_id RETURNING is_default"
_PROMOTE_OLDEST = """
UPDATE addresses SET is_default = true
WHERE id = (SELECT id FROM addresses WHERE user_id = :user_id ORDER BY created_at, id LIMIT 1)
"""
# Two statements: the index that allows one default looks at each row as it is written.
_END_DEFAULT = """
UPDATE addresses SET is_default = false WHERE user_id = :user_id AND is_default
  AND EXISTS (SELECT 1 FROM addresses WHERE id = :id AND user_id = :user_id)
"""
_MAKE_DEFAULT = f"""
UPDATE addresses SET is_default = true WHERE id = :id AND user_id = :user_id RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant
_END_DEFAULT_BILLING = """
UPDATE addresses SET is_default_billing = false WHERE user_id = :user_id AND is_default_billing
  AND EXISTS (SELECT 1 FROM addresses WHERE id = :id AND user_id = :user_id)
"""
_MAKE_DEFAULT_BILLING = f"""
UPDATE addresses SET is_default_billing = true WHERE id = :id AND user_id = :user_id RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant


class PostgresAddressBooks:
    """The only writer of ``addresses``."""

    async def lock(self, user_id: UUID) -> bool:
        """Makes a book this unit of work's alone until its end; False when the account is gone."""
        return bool(await db.fetch_value(_LOCK, user_id=user_id))

    async def count(self, user_id: UUID) -> int:
        """How many addresses a book holds."""
        count: int = await db.fetch_value(_COUNT, user_id=user_id)
        return count

    async def add(self, user_id: UUID, address: PostalAddress, *, is_default: bool) -> Address:
        """Adds an address to a locked book."""
        added = Address(**values_of(address), id=new_id(), is_default=is_default)
        await db.execute(_ADD, user_id=user_id, **values_of(added))
        return added

    async def replace(self, user_id: UUID, address_id: UUID, address: PostalAddress) -> Address | None:
        """Gives an address other content; None when the user has no such address."""
        row = await db.fetch_row(_REPLACE, id=address_id, user_id=user_id, **values_of(address))
        return Address(**row) if row else None

    async def remove(self, user_id: UUID, address_id: UUID) -> bool | None:
        """Removes from a locked book, and answers whether it was the default; None when there is no such address."""
        was_default: bool | None = await db.fetch_value(_REMOVE, id=address_id, user_id=user_id)
        return was_default

    async def promote_oldest(self, user_id: UUID) -> None:
        """Makes the oldest address of a locked book without a default the default."""
        await db.execute(_PROMOTE_OLDEST, user_id=user_id)

    async def make_default(self, user_id: UUID, address_id: UUID) -> Address | None:
        """Makes an address of a locked book the default; None, and the default stays, when there is no such address."""
        await db.execute(_END_DEFAULT, id=address_id, user_id=user_id)
        row = await db.fetch_row(_MAKE_DEFAULT, id=address_id, user_id=user_id)
        return Address(**row) if row else None

    async def make_default_billing(self, user_id: UUID, address_id: UUID) -> Address | None:
        """The same for the default of invoices."""
        await db.execute(_END_DEFAULT_BILLING, id=address_id, user_id=user_id)
        row = await db.fetch_row(_MAKE_DEFAULT_BILLING, id=address_id, user_id=user_id)
        return Address(**row) if row else None
