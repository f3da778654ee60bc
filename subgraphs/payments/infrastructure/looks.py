"""Until when providers' lists were read, and which payments they say to ask about, in Postgres."""

from collections.abc import Collection
from datetime import datetime

from shared.persistence import db
from subgraphs.payments.domain.ports import Change

# Refunds and disputes that we know by their references are no news. A payment that came to nothing is followed otherwise: the
# release of what was held shows as a refund at some providers.
_FOLLOW = """
UPDATE payments SET follow_at = now()
FROM unnest($2::text[], $3::text[], $4::bool[], $5::text[]) AS change (reference, intent, is_failure, outcome)
WHERE payments.provider = $1 AND payments.provider_reference = change.intent AND CASE WHEN change.is_failure
  THEN NOT EXISTS (
    SELECT FROM refund_failures AS known WHERE known.payment_id = payments.id AND known.provider_reference = change.reference
  )
  ELSE payments.status NOT IN ('VOIDED', 'DECLINED')
    AND NOT EXISTS (SELECT FROM refunds WHERE payment_id = payments.id AND refunds.provider_reference = change.reference)
    AND NOT EXISTS (
      SELECT FROM disputes AS known WHERE known.payment_id = payments.id AND known.provider_reference = change.reference
        AND known.outcome = coalesce(change.outcome, known.outcome)
    ) END
"""


async def looked_until(provider: str) -> datetime | None:
    """Until when a provider's lists were read; None when they never were."""
    moment: datetime | None = await db.fetch_value(
        "SELECT looked_until FROM provider_looks WHERE provider = $1", provider
    )
    return moment


async def note_look(provider: str, until: datetime) -> None:
    """A provider's lists were read until then."""
    await db.execute(
        "INSERT INTO provider_looks AS kept (provider, looked_until) VALUES ($1, $2) ON CONFLICT (provider)"
        " DO UPDATE SET looked_until = greatest(kept.looked_until, excluded.looked_until)",
        provider,
        until,
    )


async def follow_changed(provider: str, changes: Collection[Change]) -> int:
    """Has the provider be asked now about the payments of changes that are news; answers how many."""
    references, intents = [change.reference for change in changes], [change.intent_reference for change in changes]
    failures, outcomes = [change.is_failure for change in changes], [change.outcome for change in changes]
    return await db.execute(_FOLLOW, provider, references, intents, failures, outcomes)
