"""One contract for the ports of notifications: the twin in memory and Postgres answer alike."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from shared.ids import new_id
from shared.persistence import db
from subgraphs.notifications.bootstrap import unit_of_work
from subgraphs.notifications.domain.message import About, Outgoing
from subgraphs.notifications.domain.ports import Messages, NotificationsWork
from tests.backends import Backends
from tests.fakes.notifications import NotificationsTwin, greeting
from tests.subgraphs import connected

NOT_USED: Any = None


class Kept:
    """Messages of some kind; ``lapse`` ends all pauses and leases."""

    def __init__(self, messages: Messages, lapse: Callable[[], Awaitable[None]]) -> None:
        self.messages = messages
        self.lapse = lapse

    async def claimed(self) -> Outgoing:
        await self.messages.add(*greeting("ada@example.com"))
        (claimed,) = await self.messages.claim(1)
        return claimed


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Kept]:
    if request.param == "memory":
        twin = NotificationsTwin().messages

        async def lapse() -> None:
            twin.lapse()

        yield Kept(twin, lapse)
        return
    async with connected(backends, "notifications"):

        async def taken(_: None, work: NotificationsWork) -> Messages:
            return work.messages

        async def make_due() -> None:
            await db.execute("UPDATE notifications SET due_at = clock_timestamp()")

        yield Kept(await unit_of_work(NOT_USED, NOT_USED, NOT_USED, "").perform_alone(taken, None), make_due)


async def test_a_message_of_a_kind_about_something_is_there_once(kept: Kept) -> None:
    message = greeting("ada@example.com")
    for _ in range(2):
        await kept.messages.add(*message)
    (claimed,) = await kept.messages.claim(9)
    assert (claimed.recipient, claimed.subject, claimed.text, claimed.html) == (
        "ada@example.com",
        "Welcome",
        "text",
        "<p>html</p>",
    )


async def test_what_is_longest_due_is_claimed_first_and_by_one_alone(kept: Kept) -> None:
    for name in ("ada", "bob", "cyd"):
        await kept.messages.add(*greeting(f"{name}@example.com"))
    first, second = await kept.messages.claim(2), await kept.messages.claim(2)
    assert [each.recipient for each in first] == ["ada@example.com", "bob@example.com"]
    assert [(each.recipient, each.attempt) for each in second] == [("cyd@example.com", 1)]


async def test_a_lease_that_is_over_lets_others_try(kept: Kept) -> None:
    claimed = await kept.claimed()
    assert await kept.messages.claim(1) == []
    await kept.lapse()
    (again,) = await kept.messages.claim(1)
    assert (again.id, again.attempt) == (claimed.id, 2)


async def test_what_is_released_is_due_at_once_and_has_lost_no_attempt(kept: Kept) -> None:
    await kept.messages.release([await kept.claimed()])
    (again,) = await kept.messages.claim(1)
    assert again.attempt == 1


async def test_what_is_sent_is_told_once_and_not_tried_again(kept: Kept) -> None:
    claimed = await kept.claimed()
    (sent,) = await kept.messages.record_sent([claimed])
    assert (sent.id, sent.kind) == (claimed.id, claimed.kind)
    assert await kept.messages.record_sent([claimed]) == []
    await kept.lapse()
    assert await kept.messages.claim(1) == []


async def test_a_postponed_message_waits(kept: Kept) -> None:
    await kept.messages.postpone(await kept.claimed(), "away", timedelta(hours=1))
    assert await kept.messages.claim(1) == []
    await kept.lapse()
    (again,) = await kept.messages.claim(1)
    assert again.attempt == 2


async def test_what_is_given_up_waits_until_somebody_has_it_tried_again(kept: Kept) -> None:
    await kept.messages.give_up(await kept.claimed(), "554 no such mailbox")
    await kept.lapse()
    assert await kept.messages.claim(1) == []
    assert [await kept.messages.retry_given_up() for _ in range(2)] == [1, 0]
    (again,) = await kept.messages.claim(1)
    assert again.attempt == 1


async def test_who_comes_late_does_not_disturb_who_took_over(kept: Kept) -> None:
    late = await kept.claimed()
    await kept.lapse()
    (taken_over,) = await kept.messages.claim(1)
    await kept.messages.give_up(late, "too late")
    await kept.messages.postpone(late, "too late", timedelta(0))
    await kept.messages.release([late])
    assert await kept.messages.claim(1) == [], "the lease of who took over still holds"
    await kept.messages.release([taken_over])
    (again,) = await kept.messages.claim(1)
    assert again.attempt == taken_over.attempt


async def test_a_guests_message_knows_its_order_and_becomes_an_accounts(kept: Kept) -> None:
    message, recipient, _ = greeting("ada@example.com")
    order_id, user_id = new_id(), new_id()
    await kept.messages.add(message, recipient, About(order_id, None, order_id))
    (claimed,) = await kept.messages.claim(1)
    assert claimed.order_id == order_id
    await kept.messages.attach_customer(order_id, user_id)
    (sent,) = await kept.messages.record_sent([claimed])
    assert sent.user_id == user_id
