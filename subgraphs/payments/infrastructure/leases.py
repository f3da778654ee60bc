"""Commands for one payment take turns while they talk to the provider.

Asking a provider takes long, so no transaction and no row lock is held meanwhile. Instead the payment's row names who may talk, and
until when. A process that dies leaves a lease that ends by itself, by the database's clock. A process that stalls, and wakes up
after its lease has ended, does no harm: what it learned moves the payment forward or nowhere, intents move no money before their
reference is stored, and the provider refuses what its own payment does not allow any more.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

from shared import db
from shared.errors import NotFound, Unavailable
from subgraphs.payments.infrastructure.payments import StoredPayment, stored_payment

LEASE_SECONDS = 6  # how long a killed process can keep a payment to itself
_CONVERSATION_SECONDS = 5.0
_WAIT_SECONDS = 4.0
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.2
_ACQUIRE = (
    "UPDATE payments SET lease = $2, leased_until = clock_timestamp() + make_interval(secs => $3)"
    " WHERE order_id = $1 AND (lease IS NULL OR leased_until < clock_timestamp()) RETURNING *"
)


@contextlib.asynccontextmanager
async def leased_payment(order_id: UUID) -> AsyncIterator[StoredPayment]:
    """The payment of an order, nobody else's to ask the provider about until the end.

    Raises:
        NotFound: when the order has no payment.
        Unavailable: when others take too long.
        TimeoutError: when this one takes five seconds, whatever it is about just then.
    """
    lease = uuid4()
    payment = await _acquire(order_id, lease)
    try:
        async with asyncio.timeout(_CONVERSATION_SECONDS):
            yield payment
    finally:
        await _release(payment.id, lease)


async def _acquire(order_id: UUID, lease: UUID) -> StoredPayment:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _WAIT_SECONDS
    pause = _FIRST_PAUSE_SECONDS
    while loop.time() < deadline:
        payment = await _try_acquire(order_id, lease)
        if payment is not None:
            return payment
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
    raise Unavailable("Another command for this payment is under way; try again.")


async def _try_acquire(order_id: UUID, lease: UUID) -> StoredPayment | None:
    row = await db.fetch_row(_ACQUIRE, order_id, lease, LEASE_SECONDS)
    if row is not None:
        return stored_payment(row)
    if not await db.fetch_value("SELECT true FROM payments WHERE order_id = $1", order_id):
        raise NotFound("The order has no payment.", ("order_id",))
    return None


async def _release(payment_id: UUID, lease: UUID) -> None:
    await db.execute("UPDATE payments SET lease = NULL, leased_until = NULL WHERE id = $1 AND lease = $2", payment_id, lease)
