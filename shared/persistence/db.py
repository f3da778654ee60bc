"""The subgraph's database: Tortoise on an asyncpg pool, and plain SQL on the same connections and transactions."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from opentelemetry.trace import SpanKind
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled
from tortoise.connection import get_connection, get_connections
from tortoise.transactions import in_transaction

from shared.persistence.exhaustion import Exhaustion
from shared.persistence.sql import numbered
from shared.runtime import callers
from shared.runtime.outages import OUTAGES, in_one_line
from shared.security.secrets import Secret
from shared.telemetry.metrics import count_statement
from shared.telemetry.tracing import span_within

CONNECTION = "default"

_ROTATION_SECONDS = 1.0  # how long the file may know a new password later than the database does
_exhaustion = Exhaustion()


class MeteredConnection(asyncpg.Connection):
    """An asyncpg connection that counts and traces its statements.

    It sends no reset query when it goes back to the pool: nothing here changes a session's settings,
    and the round trip would double the cost of a small read. asyncpg still ends a transaction left open.
    """

    def get_reset_query(self) -> str:
        return ""

    # The arguments are asyncpg's own; a signature as wide as this fits all of its overloads.
    async def fetch(self, *args: Any, **options: Any) -> Any:
        with _statement(args[0]), _exhaustion:
            return await super().fetch(*args, **options)

    async def fetchrow(self, *args: Any, **options: Any) -> Any:
        with _statement(args[0]), _exhaustion:
            return await super().fetchrow(*args, **options)

    async def fetchval(self, *args: Any, **options: Any) -> Any:
        with _statement(args[0]), _exhaustion:
            return await super().fetchval(*args, **options)

    async def execute(self, *args: Any, **options: Any) -> str:
        with _statement(args[0]), _exhaustion:
            return await super().execute(*args, **options)

    async def executemany(self, *args: Any, **options: Any) -> None:
        with _statement(args[0]), _exhaustion:
            await super().executemany(*args, **options)


def _statement(query: str) -> AbstractContextManager[None]:
    count_statement()
    return span_within("sql", SpanKind.CLIENT, **{"db.system": "postgresql", "db.statement": query})


@contextlib.asynccontextmanager
async def connected(config: dict[str, Any]) -> AsyncIterator[None]:
    """Opens the pool for this process, and closes it when done.

    Raises:
        ConnectionError: naming the database, when it can't be reached or does not let us in.
    """
    context = await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        await fetch_value("SELECT 1")
        yield
    finally:
        await context.close_connections()


@contextlib.asynccontextmanager
async def own_connection(url: Secret, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the pool, by which somebody listens or holds a lock.

    ``name`` is what the database shows of it.

    Raises:
        ConnectionError: as ``connect`` does.
    """
    connection = await connect(url, server_settings={"application_name": name})
    try:
        yield connection
    finally:
        await connection.close(timeout=2)


async def connect(url: Secret, **options: Any) -> asyncpg.Connection:
    """A new connection, by the URL as it is now. ``options`` are asyncpg's.

    Raises:
        ConnectionError: naming the database, when it can't be reached or does not let us in.
    """
    try:
        return await _let_in(url, options)
    except (*OUTAGES, asyncpg.InvalidCatalogNameError) as error:
        raise ConnectionError(f"the database {_address(url)} can't be used: {in_one_line(error)}") from error


async def _let_in(url: Secret, options: dict[str, Any]) -> asyncpg.Connection:
    """Who is not let in looks for a new password: the database may know of a rotation a moment before the file."""
    tried = url.current()
    try:
        return await asyncpg.connect(tried, **options)
    except asyncpg.InvalidAuthorizationSpecificationError:
        if not await url.is_replaced(tried, _ROTATION_SECONDS):
            raise
    return await asyncpg.connect(url.current(), **options)


def _address(url: Secret) -> str:
    parts = urlsplit(url.current())
    return f"{parts.path.lstrip('/')} at {parts.hostname}:{parts.port or 5432}"


async def require_room() -> None:
    """Returns while the database takes what is written.

    After it rejected something for want of room or memory, a small write has to succeed first.

    Raises:
        asyncpg.PostgresError: why that write did not succeed.
    """
    if not _exhaustion.happened:
        return
    async with transaction():
        await execute("CREATE TEMP TABLE room ON COMMIT DROP AS SELECT repeat('room', 1000) AS taken")
    _exhaustion.happened = False


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """One transaction: commits at its end, rolls back on an exception. All SQL of the task inside belongs to it.

    Start no tasks inside: they would share its connection. Whatever fails, task and pool are afterwards as
    before: Tortoise alone leaves the task with the dead connection of a transaction that could not begin or end,
    for ever, and the pool without it.
    """
    outer, context = _client(), in_transaction(CONNECTION)
    try:
        async with context:
            yield
    except BaseException:
        await _release(context)
        raise
    finally:
        if _client() is not outer:
            get_connections().set(CONNECTION, outer)


async def _release(context: TransactionContext) -> None:
    """Has the pool take a transaction's connection back, if it has not yet; it closes one that is of no more use."""
    client = cast(TransactionWrapper, context.client)
    pool, taken = client._parent._pool, cast(PoolConnectionProxy | None, client._connection)
    if isinstance(context, TransactionContextPooled) and pool is not None and taken is not None:
        with contextlib.suppress(*OUTAGES, asyncpg.InternalClientError):
            await pool.release(taken)


async def fetch(sql: str, *args: Any, **named: Any) -> list[asyncpg.Record]:
    """All rows of a query, in the task's transaction if there is one. Parameters are ``$1`` and so on, or ``:name``."""
    sql, args = _bound(sql, args, named)
    async with _connection() as connection:
        return await connection.fetch(sql, *args)


async def fetch_row(sql: str, *args: Any, **named: Any) -> asyncpg.Record | None:
    """The first row of a query, or None."""
    sql, args = _bound(sql, args, named)
    async with _connection() as connection:
        return await connection.fetchrow(sql, *args)


async def fetch_value(sql: str, *args: Any, **named: Any) -> Any:
    """The first column of the first row of a query, or None."""
    sql, args = _bound(sql, args, named)
    async with _connection() as connection:
        return await connection.fetchval(sql, *args)


async def execute(sql: str, *args: Any, **named: Any) -> int:
    """Runs a statement and answers how many rows it touched."""
    sql, args = _bound(sql, args, named)
    async with _connection() as connection:
        status: str = await connection.execute(sql, *args)
    last_word = status.rpartition(" ")[2]
    return int(last_word) if last_word.isdigit() else 0


async def execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Runs a statement once for each row of arguments."""
    async with _connection() as connection:
        await connection.executemany(sql, rows)


async def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Loads many rows by COPY, the fastest way into Postgres."""
    async with _connection() as connection:
        await connection.copy_records_to_table(table, records=rows, columns=columns)


def _bound(sql: str, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    if not named:
        return sql, args
    assert not args, "a statement has numbered or named parameters, not both"
    text, values = numbered(sql, named)
    return text, tuple(values)


def is_in_transaction() -> bool:
    """Whether the task is in a transaction, to which all of its SQL belongs."""
    return isinstance(_client(), TransactionWrapper)


def _connection() -> AbstractAsyncContextManager[asyncpg.Connection]:
    """The connection of the task's transaction, or one of the pool.

    One request has a few of the pool's at once, and leaves the others to other requests.
    """
    client, slots = _client(), callers.statement_slots()
    connection: AbstractAsyncContextManager[asyncpg.Connection] = client.acquire_connection()
    return connection if slots is None or isinstance(client, TransactionWrapper) else _WithSlot(slots, connection)


class _WithSlot:
    """A class and not a generator: it is a part of nearly every statement."""

    __slots__ = ("_connection", "_slots")

    def __init__(self, slots: asyncio.Semaphore, connection: AbstractAsyncContextManager[asyncpg.Connection]) -> None:
        self._slots = slots
        self._connection = connection

    async def __aenter__(self) -> asyncpg.Connection:
        await self._slots.acquire()
        try:
            return await self._connection.__aenter__()
        except BaseException:
            self._slots.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._connection.__aexit__(kind, error, trace)
        finally:
            self._slots.release()


def _client() -> AsyncpgDBClient:
    return cast(AsyncpgDBClient, get_connection(CONNECTION))
