"""Commands for one payment take turns while they talk to the provider.

Asking a provider takes long, so no transaction and no row lock is held meanwhile. Instead the payment's row names who may talk, and
until when. A process that dies leaves a lease that ends by itself, by the database's clock. A process that stalls, and wakes up
after its lease has ended, does no harm: what it sends is what was sent already, with the same idempotency key, or is refused by the
provider since its own payment does not allow it any more; and what it learned is written only on the state that it was learned for.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from shared.errors import FailedPrecondition, NotFound, Unavailable
from shared.ids import derived_id
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.infrastructure.payments import StoredPayment, stored_payment

LEASE_SECONDS = 6  # how long a killed process can keep a payment to itself
FOLLOW_SECONDS = 5.0  # how long nobody has to have come before the provider is asked by ourselves
_CONVERSATION_SECONDS = 5.0
_WAIT_SECONDS = 4.0
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.2
_ACQUIRE = (
    "UPDATE payments SET lease = $2, leased_until = clock_timestamp() + make_interval(secs => $3)"
    " WHERE order_id = $1 AND order_attempt = $4 AND (lease IS NULL OR leased_until < clock_timestamp()) RETURNING *"
)
_ACQUIRE_BY_ID = (
    "UPDATE payments SET lease = $2, leased_until = clock_timestamp() + make_interval(secs => $3)"
    " WHERE id = $1 AND (lease IS NULL OR leased_until < clock_timestamp()) RETURNING *"
)
# A card that is kept, and named by the provider's id, goes with its customer when it is the buyer's own. Another buyer's is named
# by our id, which is never sent to the provider: that knows nothing of whose order it pays.
_BEGIN = """
INSERT INTO payments AS kept (id, order_id, customer_id, provider, method, customer_reference, amount_minor, currency,
  authorization_key, status, follow_at, lease, leased_until, order_attempt)
SELECT $4, $1, $5, $6, CASE WHEN card.user_id <> $5 THEN card.id::text ELSE $7 END,
  CASE WHEN card.user_id = $5 THEN card.customer_reference ELSE $8 END, $9, $10, $11, 'PENDING',
  now() + make_interval(secs => $12), $2, clock_timestamp() + make_interval(secs => $3), $13
FROM (SELECT) AS one LEFT JOIN saved_methods AS card ON card.provider = $6 AND card.reference = $7
WHERE NOT EXISTS (SELECT FROM payments WHERE order_id = $1 AND order_attempt > $13)
ON CONFLICT (order_id, order_attempt) DO UPDATE SET lease = excluded.lease, leased_until = excluded.leased_until
WHERE kept.lease IS NULL OR kept.leased_until < clock_timestamp() RETURNING *, (kept.xmax = 0) AS is_new
"""
_ACQUIRE_DUE = """
UPDATE payments SET lease = $2, leased_until = clock_timestamp() + make_interval(secs => $3) WHERE id IN (
  SELECT id FROM payments WHERE follow_at <= now() AND (lease IS NULL OR leased_until < clock_timestamp())
  ORDER BY follow_at LIMIT $1 FOR UPDATE SKIP LOCKED
) RETURNING *
"""


@dataclass(slots=True)
class Turn:
    """The right to talk about a payment; ``payment`` is what is known of it by now. ``lease`` is None once the turn is over.

    ``is_new`` tells that the payment began with this turn: no provider can know of it.
    """

    payment: StoredPayment
    lease: UUID | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """A payment that is to begin; ``authorization_key`` is whose it is from then on."""

    order_id: UUID
    customer_id: UUID
    provider: str
    method: str
    customer_reference: str | None
    amount: Money
    authorization_key: str
    order_attempt: int = 1

    @property
    def payment_id(self) -> UUID:
        """An attempt has one payment, and the provider is asked by its id: after a restore from a backup by the same again."""
        name = "payment" if self.order_attempt == 1 else f"payment:{self.order_attempt}"
        return derived_id(self.order_id, name)


@contextlib.asynccontextmanager
async def leased_payment(order_id: UUID, order_attempt: int) -> AsyncIterator[Turn]:
    """The payment of an attempt at an order, nobody else's to ask the provider about until the end.

    Raises:
        NotFound: when this attempt has no payment.
        Unavailable: when others take too long.
        TimeoutError: when this one takes five seconds, whatever it is about just then.
    """
    lease = uuid4()
    row = await _acquire(lambda: _try_acquire(order_id, order_attempt, lease))
    async with conversation(Turn(stored_payment(row), lease)) as turn:
        yield turn


@contextlib.asynccontextmanager
async def begun_payment(beginning: Beginning) -> AsyncIterator[Turn]:
    """As ``leased_payment``; an attempt that has no payment gets this one, PENDING.

    Raises:
        FailedPrecondition: when a later attempt has begun.
    """
    lease = uuid4()
    row = await _acquire(lambda: _try_begin(beginning, lease))
    async with conversation(Turn(stored_payment(row), lease, row["is_new"])) as turn:
        yield turn


async def due_payments(limit: int) -> Sequence[Turn]:
    """Turns for payments whose provider is to be asked by now; each is to be talked about in a ``conversation``."""
    lease = uuid4()
    rows = await db.fetch(_ACQUIRE_DUE, limit, lease, LEASE_SECONDS)
    return [Turn(stored_payment(row), lease) for row in rows]


async def payment_turn(payment_id: UUID) -> Turn | None:
    """The turn for a payment, to be talked about in a ``conversation``; None while somebody else has it."""
    lease = uuid4()
    row = await db.fetch_row(_ACQUIRE_BY_ID, payment_id, lease, LEASE_SECONDS)
    return Turn(stored_payment(row), lease) if row is not None else None


@contextlib.asynccontextmanager
async def conversation(turn: Turn) -> AsyncIterator[Turn]:
    """Ends after five seconds at most, and the turn with it.

    Raises:
        TimeoutError: after that.
    """
    try:
        async with asyncio.timeout(_CONVERSATION_SECONDS):
            yield turn
    finally:
        if turn.lease is not None:
            await _release(turn.payment.id, turn.lease)


async def _acquire(attempt: Callable[[], Awaitable[asyncpg.Record | None]]) -> asyncpg.Record:
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


async def _try_acquire(order_id: UUID, order_attempt: int, lease: UUID) -> asyncpg.Record | None:
    row = await db.fetch_row(_ACQUIRE, order_id, lease, LEASE_SECONDS, order_attempt)
    if row is None and order_attempt not in await _attempts(order_id):
        raise NotFound("This attempt at the order has no payment.", ("order_id",))
    return row


async def _attempts(order_id: UUID) -> Sequence[int]:
    rows = await db.fetch("SELECT order_attempt FROM payments WHERE order_id = $1", order_id)
    return [row["order_attempt"] for row in rows]


async def _try_begin(beginning: Beginning, lease: UUID) -> asyncpg.Record | None:
    row = await db.fetch_row(
        _BEGIN,
        beginning.order_id,
        lease,
        LEASE_SECONDS,
        beginning.payment_id,
        beginning.customer_id,
        beginning.provider,
        beginning.method,
        beginning.customer_reference,
        beginning.amount.minor,
        beginning.amount.currency,
        beginning.authorization_key,
        FOLLOW_SECONDS,
        beginning.order_attempt,
    )
    if row is None and max(await _attempts(beginning.order_id), default=0) > beginning.order_attempt:
        raise FailedPrecondition("A later attempt at this order has begun: this one is over.", ("attempt",))
    return row


async def _release(payment_id: UUID, lease: UUID) -> None:
    await db.execute(
        "UPDATE payments SET lease = NULL, leased_until = NULL WHERE id = $1 AND lease = $2", payment_id, lease
    )
