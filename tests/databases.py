"""Fresh databases on a test session's Postgres; a role per subgraph owns its own, as in the mesh."""

import contextlib
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from tilt.embedded.backends import Postgres
from tilt.embedded.databases import create_database

_RELATIONS = "SELECT array_agg(relname ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_OTHERS_ENDED = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Triggers and foreign keys are not asked: ledgers let nothing of theirs be removed. Small tables are emptied sooner by
# DELETE than by TRUNCATE, which makes files.
_EMPTIED = """
DO $$
DECLARE emptied name;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR emptied IN
    SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
  LOOP
    EXECUTE format('DELETE FROM %I', emptied);
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
  FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'tortoise_migrations_id_seq';
END $$
"""


@dataclass(frozen=True)
class _Lent:
    """A database that tests have one after the other."""

    url: str
    administrator: asyncpg.Connection
    relations: list[str]

    async def is_emptied(self) -> bool:
        """Whether it is again as it was; one with other tables than at first is not."""
        await self.administrator.fetch(_OTHERS_ENDED)
        if await self.administrator.fetchval(_RELATIONS) != self.relations:
            return False
        await self.administrator.execute(_EMPTIED)
        return True


class Databases:
    """Makes databases, and lends them."""

    def __init__(self, postgres: Postgres, passwords: dict[str, str]) -> None:
        self._postgres = postgres
        self._passwords = passwords
        self._templates: dict[str, str] = {}
        self._free: defaultdict[str, list[_Lent]] = defaultdict(list)

    async def create(self, subgraph: str) -> str:
        """An empty database, or a copy of the subgraph's template; returns its URL."""
        return await self._create(subgraph, f"{subgraph}_{secrets.token_hex(4)}", self._templates.get(subgraph))

    @contextlib.asynccontextmanager
    async def lent(self, subgraph: str) -> AsyncIterator[str]:
        """The URL of one like ``create``'s until the end of the block; then it is emptied, and lent again.

        Emptying one takes a tenth of the time in which a new one is made and removed.
        """
        free = self._free[subgraph]
        database = free.pop() if free else await self._for_lending(subgraph)
        try:
            yield database.url
        finally:
            if await database.is_emptied():
                free.append(database)
            else:
                await database.administrator.close()
                await self.drop(database.url)

    async def make_template(self, subgraph: str, prepare: Callable[[str], Awaitable[None]]) -> None:
        """Prepare a database once (migrate it, and close every connection to it): later ones are copies of it."""
        if subgraph not in self._templates:
            name = f"{subgraph}_template_{secrets.token_hex(4)}"
            await prepare(await self._create(subgraph, name, None))
            self._templates[subgraph] = name

    async def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        await self._administrate(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    async def _for_lending(self, subgraph: str) -> _Lent:
        url = await self.create(subgraph)
        administrator = await asyncpg.connect(self._postgres.url(database=url.rsplit("/", 1)[1]))
        return _Lent(url, administrator, await administrator.fetchval(_RELATIONS))

    async def _create(self, subgraph: str, name: str, template: str | None) -> str:
        connection = await asyncpg.connect(self._postgres.url())
        try:
            await create_database(connection, name, owner=subgraph, template=template)
        finally:
            await connection.close()
        return self._postgres.url(subgraph, self._passwords[subgraph], name)

    async def _administrate(self, statement: str) -> None:
        connection = await asyncpg.connect(self._postgres.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
