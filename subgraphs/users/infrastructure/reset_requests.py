"""Who asked for another password, in Postgres."""

from shared.ids import new_id
from shared.persistence import db

_ADD = "INSERT INTO reset_requests (id, comparable_email) VALUES (:id, :email)"
_TAKE = """
DELETE FROM reset_requests WHERE id = ANY(ARRAY
  (SELECT id FROM reset_requests ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED))
RETURNING comparable_email
"""


class PostgresResetRequests:
    """The only writer of ``reset_requests``."""

    async def add(self, email: str) -> None:
        """Remembers that somebody asked: a row of its own each time, so that nobody waits for another request."""
        await db.execute(_ADD, id=new_id(), email=email)

    async def take(self, most: int) -> set[str]:
        """Takes some of them, nobody else's by then: their addresses, as they are compared."""
        return {row["comparable_email"] for row in await db.fetch(_TAKE, most=most)}
