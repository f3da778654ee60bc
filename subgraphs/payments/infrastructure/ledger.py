"""The ledger in Postgres. A trigger refuses changes, another one, at commit, movements whose postings don't add up to zero."""

from shared import db
from shared.ids import new_id
from shared.money import Money
from shared.outbox import publish
from subgraphs.payments.domain.events import money_moved
from subgraphs.payments.domain.ledger import MovementKind, postings
from subgraphs.payments.infrastructure.payments import StoredPayment


async def record_movement(payment: StoredPayment, kind: MovementKind, amount: Money) -> None:
    """Writes a movement with its postings and publishes it. Call it in the transaction of the payment's change."""
    movement_id = new_id()
    moved_at = await db.fetch_value(
        "INSERT INTO movements (id, payment_id, kind, amount_minor, currency) VALUES ($1, $2, $3, $4, $5) RETURNING created_at",
        movement_id,
        payment.id,
        kind,
        amount.minor,
        amount.currency,
    )
    await db.execute_many(
        "INSERT INTO postings (movement_id, account, amount_minor) VALUES ($1, $2, $3)",
        [(movement_id, posting.account, posting.amount_minor) for posting in postings(kind, amount.minor)],
    )
    await publish(money_moved(kind, payment.id, payment.order_id, payment.provider, amount, moved_at))
