"""The subgraph's database: Tortoise on an asyncpg pool, and plain SQL on the same connections and transactions."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

import asyncpg
from opentelemetry.trace import SpanKind
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import TransactionContext
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from shared.telemetry.metrics import count_statement
from shared.telemetry.tracing import span

CONNECTION = "default"


class MeteredConnection(asyncpg.Connection):
    """An asyncpg connection that counts and traces its statements.

    It sends no reset query when it goes back to the pool: nothing here changes a session's settings, and the round trip would
    double the cost of a small read. asyncpg still ends a transaction left open.
    """

    def get_reset_query(self) -> str:
        return ""

    # The arguments are asyncpg's own; a signature as wide as this fits all of its overloads.
    async def fetch(self, *args: Any, **options: Any) -> Any:
        with _statement(args[0]):
            return await super().fetch(*args, **options)

    async def fetchrow(self, *args: Any, **options: Any) -> Any:
        with _statement(args[0]):
            return await super().fetchrow(*args, **options)

    async def fetchval(self, *args: Any, **options: Any) -> Any:
        with _statement(args[0]):
            return await super().fetchval(*args, **options)

    async def execute(self, *args: Any, **options: Any) -> str:
        with _statement(args[0]):
            return await super().execute(*args, **options)

    async def executemany(self, *args: Any, **options: Any) -> None:
        with _statement(args[0]):
            await super().executemany(*args, **options)


def _statement(query: str) -> AbstractContextManager[None]:
    count_statement()
    return span("sql", SpanKind.CLIENT, **{"db.system": "postgresql", "db.statement": query})


@contextlib.asynccontextmanager
async def connected(config: dict[str, Any]) -> AsyncIterator[None]:
    """Opens the pool for this process, and closes it when done."""
    context = await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        await fetch_value("SELECT 1")
        yield
    finally:
        await context.close_connections()


def transaction() -> TransactionContext:
    """One transaction: commits at its end, rolls back on an exception. All SQL of the task inside belongs to it.

    Start no tasks inside: they would share its connection.
    """
    return in_transaction(CONNECTION)


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    """All rows of a query, in the task's transaction if there is one."""
    async with _client().acquire_connection() as connection:
        return cast(list[asyncpg.Record], await connection.fetch(sql, *args))


async def fetch_row(sql: str, *args: Any) -> asyncpg.Record | None:
    """The first row of a query, or None."""
    async with _client().acquire_connection() as connection:
        return cast(asyncpg.Record | None, await connection.fetchrow(sql, *args))


async def fetch_value(sql: str, *args: Any) -> Any:
    """The first column of the first row of a query, or None."""
    async with _client().acquire_connection() as connection:
        return await connection.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> int:
    """Runs a statement and answers how many rows it touched."""
    async with _client().acquire_connection() as connection:
        status: str = await connection.execute(sql, *args)
    last_word = status.rpartition(" ")[2]
    return int(last_word) if last_word.isdigit() else 0


async def execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Runs a statement once for each row of arguments."""
    async with _client().acquire_connection() as connection:
        await connection.executemany(sql, rows)


async def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Loads many rows by COPY, the fastest way into Postgres."""
    async with _client().acquire_connection() as connection:
        await connection.copy_records_to_table(table, records=rows, columns=columns)


def _client() -> AsyncpgDBClient:
    return cast(AsyncpgDBClient, get_connection(CONNECTION))
