"""Finds payments of which money went back at their provider, though no webhook told:
by refunds and disputes that it lists.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Change, PaymentProvider

MOST_CHANGES = 1000
"""How many refunds and disputes one look reads at most:
it ends earlier when there are more, and the next one goes on there.
"""

_FIRST_LOOK_BACK = timedelta(days=7)
_OVERLAP = timedelta(minutes=5)  # clocks differ, and lists may be a moment late
_SHORTEST = timedelta(seconds=1)
_MOST_LOOKS = 20


@dataclass(frozen=True, slots=True)
class FindChanges:
    """The name of a provider that is configured."""

    provider: str


async def find_changes(command: FindChanges, work: PaymentsWork) -> int:
    """Has the provider be asked about all payments that its lists show changes of; answers how many.

    Raises:
        Unavailable: when the provider has no answer; the next look begins where this one did.
    """
    provider, until = work.providers[command.provider], datetime.now(UTC)
    since = await work.looks.until(provider.name) or until - _FIRST_LOOK_BACK
    found = 0
    for _ in range(_MOST_LOOKS):
        seen_until, changes = await _changes(provider, since, until)
        found += await work.payments.follow_changed(provider.name, changes)
        await work.looks.note(provider.name, seen_until)
        if seen_until == until:
            break
        since = seen_until
    return found


async def _changes(provider: PaymentProvider, since: datetime, until: datetime) -> tuple[datetime, Collection[Change]]:
    """The changes from then on, and until when: as long as they are not too many."""
    while True:
        changes: dict[tuple[str, bool, str | None], Change] = {}
        async for change in provider.changes(since - _OVERLAP, until):
            changes[change.reference, change.is_failure, change.outcome] = change
            if len(changes) > MOST_CHANGES and until - since > _SHORTEST:
                break
        else:
            return until, changes.values()
        until = since + (until - since) / 2
