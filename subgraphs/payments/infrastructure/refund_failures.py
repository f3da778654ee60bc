"""Refunds that failed at the provider, in Postgres. Whoever writes one has locked its payment's row."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.domain.ports import ProviderRefund


async def news_of(payment_id: UUID, failed: Sequence[ProviderRefund]) -> Sequence[ProviderRefund]:
    """Those of a locked payment's failed refunds that are not known yet."""
    rows = await db.fetch("SELECT provider_reference FROM refund_failures WHERE payment_id = $1", payment_id)
    known = {row["provider_reference"] for row in rows}
    return [refund for refund in failed if refund.reference not in known]


async def keep_failure(payment_id: UUID, refund: ProviderRefund) -> None:
    """Writes down that a refund failed."""
    await db.execute(
        "INSERT INTO refund_failures (id, payment_id, provider_reference, amount_minor, reason) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        payment_id,
        refund.reference,
        refund.amount_minor,
        refund.failure,
    )


async def has_failures(payment_id: UUID) -> bool:
    """Whether a refund of a payment has ever failed: then an older event may tell of more than was given back."""
    found: bool = await db.fetch_value("SELECT EXISTS (SELECT FROM refund_failures WHERE payment_id = $1)", payment_id)
    return found


async def keys_of(payment_id: UUID, failed: Sequence[ProviderRefund]) -> Mapping[str, str]:
    """The idempotency keys of those refunds that are ours, by the provider's reference."""
    rows = await db.fetch(
        "SELECT provider_reference, idempotency_key FROM refunds WHERE payment_id = $1 AND provider_reference = ANY($2::text[])",
        payment_id,
        [refund.reference for refund in failed],
    )
    return {row["provider_reference"]: row["idempotency_key"] for row in rows}
