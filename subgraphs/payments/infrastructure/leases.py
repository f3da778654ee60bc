"""Who may talk to the provider about a payment: a lease in the payment's row.

Asking a provider takes long, so no transaction and no row lock is held meanwhile. Instead the payment's row names who
may talk, and until when. A process that dies leaves a lease that ends by itself, by the database's clock. A process
that stalls, and wakes up after its lease has ended, does no harm: what it sends is what was sent already, with the same
idempotency key, or is rejected by the provider since its own payment does not allow it any more; and what it learned is
written only on the state that it was learned for.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import asyncpg

from shared.errors import Unavailable
from shared.persistence import db
from subgraphs.payments.domain.following import FOLLOW_SECONDS
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Beginning
from subgraphs.payments.domain.rejections import AttemptOver, PaymentNotFound
from subgraphs.payments.infrastructure import payment_statements as sql
from subgraphs.payments.infrastructure.payments import payment_of

LEASE_SECONDS = 6  # how long a killed process can keep a payment to itself
_CONVERSATION_SECONDS = 5.0
_WAIT_SECONDS = 4.0
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.2


class PostgresLeases:
    """The port Leases."""

    @contextlib.asynccontextmanager
    async def of_attempt(self, order_id: UUID, order_attempt: int) -> AsyncIterator[Lease]:
        lease_id = uuid4()
        row = await _waited_for(lambda: _try_lease(order_id, order_attempt, lease_id))
        async with self.conversation(Lease(payment_of(row), lease_id)) as lease:
            yield lease

    @contextlib.asynccontextmanager
    async def of_beginning(self, beginning: Beginning) -> AsyncIterator[Lease]:
        lease_id = uuid4()
        row = await _waited_for(lambda: _try_begin(beginning, lease_id))
        async with self.conversation(Lease(payment_of(row), lease_id, row["is_new"])) as lease:
            yield lease

    async def due(self, limit: int) -> Sequence[Lease]:
        lease_id = uuid4()
        rows = await db.fetch(sql.LEASE_DUE, most=limit, lease=lease_id, seconds=LEASE_SECONDS)
        return [Lease(payment_of(row), lease_id) for row in rows]

    async def of_payment(self, payment_id: UUID) -> Lease | None:
        lease_id = uuid4()
        row = await db.fetch_row(sql.LEASE_BY_ID, id=payment_id, lease=lease_id, seconds=LEASE_SECONDS)
        return Lease(payment_of(row), lease_id) if row is not None else None

    @contextlib.asynccontextmanager
    async def conversation(self, lease: Lease) -> AsyncIterator[Lease]:
        try:
            async with asyncio.timeout(_CONVERSATION_SECONDS):
                yield lease
        finally:
            if lease.id is not None:
                await db.execute(sql.RELEASE, id=lease.payment.id, lease=lease.id)


async def _waited_for(attempt: Callable[[], Awaitable[asyncpg.Record | None]]) -> asyncpg.Record:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _WAIT_SECONDS
    pause = _FIRST_PAUSE_SECONDS
    while loop.time() < deadline:
        row = await attempt()
        if row is not None:
            return row
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
    raise Unavailable("Another command for this payment is under way; try again.")


async def _try_lease(order_id: UUID, order_attempt: int, lease_id: UUID) -> asyncpg.Record | None:
    row = await db.fetch_row(
        sql.LEASE, order_id=order_id, order_attempt=order_attempt, lease=lease_id, seconds=LEASE_SECONDS
    )
    if row is None and order_attempt not in await _attempts(order_id):
        raise PaymentNotFound(order_id, order_attempt)
    return row


async def _try_begin(beginning: Beginning, lease_id: UUID) -> asyncpg.Record | None:
    row = await db.fetch_row(
        sql.BEGIN,
        id=beginning.payment_id,
        order_id=beginning.order_id,
        customer_id=beginning.customer_id,
        provider=beginning.provider,
        method=beginning.method,
        customer_reference=beginning.customer_reference,
        amount_minor=beginning.amount.minor,
        currency=beginning.amount.currency,
        authorization_key=beginning.authorization_key,
        order_attempt=beginning.order_attempt,
        follow_in=FOLLOW_SECONDS,
        lease=lease_id,
        seconds=LEASE_SECONDS,
    )
    if row is None and max(await _attempts(beginning.order_id), default=0) > beginning.order_attempt:
        raise AttemptOver(beginning.order_attempt)
    return row


async def _attempts(order_id: UUID) -> Sequence[int]:
    rows = await db.fetch(sql.ATTEMPTS, order_id=order_id)
    return [row["order_attempt"] for row in rows]
