"""Writes what became of a payment: its row, the ledger and the events, all in one statement.

A trigger refuses changes of the ledger, another one, at commit, movements whose postings don't add up to zero. One statement is one
transaction and one round trip; an order's two pass here, so that counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.events.event import Event
from shared.ids import new_id
from shared.persistence import db, outbox
from subgraphs.payments.domain.ledger import Movement, postings
from subgraphs.payments.domain.ports import Action, Decline
from subgraphs.payments.domain.progress import Standing
from subgraphs.payments.infrastructure.payments import StoredPayment, stored_payment

# The lease, when it is given, ends with the change; whoever has another one keeps it.
_RECORD = """
WITH changed AS (
  UPDATE payments SET version = version + 1, provider_reference = coalesce(provider_reference, $3), status = $4, held_minor = $5,
    captured_minor = $6, refunded_minor = $7, disputed_minor = $8, paid_outside_minor = $9, decline_code = $10,
    decline_message = $11, action_client_secret = nullif($12, ''), action_redirect_url = nullif($13, ''),
    follow_at = CASE WHEN $14::float8 < 0 THEN follow_at
      ELSE now() + make_interval(secs => $14 + least(55, extract(epoch FROM now() - created_at) / 4) * ($14 > 0)::int) END,
    lease = CASE WHEN lease = $15 THEN NULL ELSE lease END, leased_until = CASE WHEN lease = $15 THEN NULL ELSE leased_until END
  WHERE id = $1 AND version = $2 RETURNING *
), moved AS (
  INSERT INTO movements (id, payment_id, kind, amount_minor, currency)
  SELECT movement.id, changed.id, movement.kind, movement.amount_minor, changed.currency
  FROM changed, unnest($16::uuid[], $17::text[], $18::bigint[]) AS movement (id, kind, amount_minor)
), posted AS (
  INSERT INTO postings (movement_id, account, amount_minor)
  SELECT posting.* FROM changed, unnest($19::uuid[], $20::text[], $21::bigint[]) AS posting
), told AS (
  INSERT INTO outbox (event_id, topic, key, type, payload, trace)
  SELECT event.* FROM changed, unnest($22::uuid[], $23::text[], $24::text[], $25::text[], $26::text[], $27::text[]) AS event
)
SELECT * FROM changed
"""
_OUTBOX_COLUMNS = 6

AS_IT_IS = -1.0  # of ``follow_in``: what is to be asked stays to be asked


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a payment, and what goes with it.

    ``reference`` is the provider's, for a payment that has none yet. ``follow_in`` is when the provider is to be asked again, in
    seconds, and the older the payment the later; None when that is not needed any more.
    """

    standing: Standing
    movements: Sequence[Movement] = ()
    events: Sequence[Event] = ()
    reference: str | None = None
    decline: Decline | None = None
    action: Action | None = None
    follow_in: float | None = AS_IT_IS


async def record(payment: StoredPayment, change: Change, ending: UUID | None = None) -> StoredPayment | None:
    """Writes a change of a payment as it was read, and ends a lease with it; None when the payment was changed meanwhile."""
    standing, decline, action = change.standing, change.decline, change.action or Action()
    row = await db.fetch_row(
        _RECORD,
        payment.id,
        payment.version,
        change.reference,
        standing.status,
        standing.held_minor,
        standing.captured_minor,
        standing.refunded_minor,
        standing.disputed_minor,
        standing.paid_outside_minor,
        decline.code if decline else None,
        decline.message if decline else None,
        action.client_secret,
        action.redirect_url,
        change.follow_in,
        ending,
        *_ledger_columns(change.movements),
        *_columns(outbox.rows(change.events), _OUTBOX_COLUMNS),
    )
    return stored_payment(row) if row is not None else None


def _ledger_columns(movements: Sequence[Movement]) -> list[list[object]]:
    numbered = [(new_id(), movement) for movement in movements]
    lines = [(number, line.account, line.amount_minor) for number, movement in numbered for line in postings(movement)]
    entries = [(number, movement.kind, movement.amount_minor) for number, movement in numbered]
    return [*_columns(entries, 3), *_columns(lines, 3)]


def _columns(rows: Iterable[Sequence[object]], width: int) -> list[list[object]]:
    """Rows turned into columns, as ``unnest`` takes them."""
    columns: list[list[object]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
