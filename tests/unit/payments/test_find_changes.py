"""How much one look at a provider's lists takes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from subgraphs.payments.commands import find_changes as looking
from subgraphs.payments.domain.provider import Change

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@dataclass
class Lists:
    """A provider that lists changes, one a second, and counts what it is made to tell."""

    seconds: range
    told: int = 0
    windows: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def changes(self, since: datetime, until: datetime) -> AsyncIterator[Change]:
        self.windows.append((since, until))
        for second in self.seconds:
            if since <= NOW - timedelta(seconds=second) <= until:
                self.told += 1
                yield Change(f"re_{second}", f"pi_{second}", is_dispute=False)


async def seen(lists: Any, since: datetime) -> tuple[datetime, set[str]]:
    """Until when a look has seen, and what."""
    until, changes = await looking._changes(lists, since, NOW)
    return until, {change.reference for change in changes}


async def test_a_look_sees_all_that_there_is_and_a_little_of_before() -> None:
    until, references = await seen(Lists(range(1, 90)), NOW - timedelta(seconds=60))
    assert until == NOW
    assert references == {f"re_{second}" for second in range(1, 90)}


async def test_a_look_ends_earlier_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_CHANGES", 500)
    lists = Lists(range(3600))
    until, references = await seen(lists, NOW - timedelta(hours=1))
    assert NOW - timedelta(hours=1) < until < NOW
    assert len(references) <= 500
    assert lists.told <= 501 * len(lists.windows)
    assert len(lists.windows) < 10


async def test_what_happened_at_once_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_CHANGES", 2)
    since = NOW - timedelta(seconds=60)
    until, references = await seen(Lists(range(55, 65)), since)
    assert until - since <= timedelta(seconds=1)
    assert len(references) >= 5
