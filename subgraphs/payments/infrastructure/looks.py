"""Until when providers' lists were read, in Postgres."""

from datetime import datetime

from shared.persistence import db

_UNTIL = "SELECT looked_until FROM provider_looks WHERE provider = :provider"
_NOTE = """
INSERT INTO provider_looks AS kept (provider, looked_until) VALUES (:provider, :until)
ON CONFLICT (provider) DO UPDATE SET looked_until = greatest(kept.looked_until, excluded.looked_until)
"""


class PostgresLooks:
    """The port Looks; the only writer of ``provider_looks``."""

    async def until(self, provider: str) -> datetime | None:
        moment: datetime | None = await db.fetch_value(_UNTIL, provider=provider)
        return moment

    async def note(self, provider: str, until: datetime) -> None:
        await db.execute(_NOTE, provider=provider, until=until)
