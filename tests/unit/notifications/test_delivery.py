"""The handlers of notifications, without a server."""

import pytest

from shared.ids import new_id
from subgraphs.notifications.commands.deliver_due import BATCH, DeliverDue, Delivered, deliver_due
from subgraphs.notifications.commands.queue_message import QueueMessage, queue_message
from subgraphs.notifications.commands.retry_given_up import RetryGivenUp, retry_given_up
from subgraphs.notifications.domain.message import Kind
from subgraphs.notifications.domain.ports import UndeliverableError
from tests.fakes.notifications import NotificationsTwin, Row, greeting


@pytest.fixture
def notifications() -> NotificationsTwin:
    return NotificationsTwin()


async def queued(notifications: NotificationsTwin, *recipients: str) -> None:
    for recipient in recipients:
        await notifications.perform(queue_message, QueueMessage(*greeting(recipient)))


async def delivered(notifications: NotificationsTwin, attempts: int = 20) -> Delivered:
    notifications.messages.lapse()
    return await notifications.perform_alone(deliver_due, DeliverDue(attempts, lambda: False))


def row_of(notifications: NotificationsTwin, recipient: str) -> Row:
    return next(row for row in notifications.messages.rows.values() if row.recipient == recipient)


async def test_an_event_that_comes_twice_is_told_once(notifications: NotificationsTwin) -> None:
    message, recipient, about = greeting("ada@example.com")
    for _ in range(2):
        await notifications.perform(queue_message, QueueMessage(message, recipient, about))
    await delivered(notifications)
    assert notifications.mail_server.taken == ["ada@example.com"]


async def test_what_was_sent_is_told_with_its_kind_and_whom_it_went_to(notifications: NotificationsTwin) -> None:
    message, recipient, about = greeting("ada@example.com")
    await notifications.perform(queue_message, QueueMessage(message, recipient, about))
    outcome = await delivered(notifications)
    assert ([each.recipient for each in outcome.sent], outcome.claimed, outcome.is_well) == (
        ["ada@example.com"],
        1,
        True,
    )
    (told,) = notifications.events.events
    assert (told.payload["kind"], told.payload["userId"]) == (Kind.WELCOME, about.user_id)


async def test_a_server_in_trouble_is_asked_once_and_what_was_not_tried_is_anybodys(
    notifications: NotificationsTwin,
) -> None:
    await queued(notifications, "ada@example.com", "bob@example.com")
    notifications.mail_server.answers = [ConnectionError("away")]
    outcome = await delivered(notifications)
    assert (outcome.is_well, outcome.sent, outcome.postponed) == (False, [], [Kind.WELCOME])
    assert [row.attempts for row in notifications.messages.rows.values()] == [1, 0]
    assert notifications.mail_server.closed == 1
    assert notifications.events.events == []


async def test_what_is_never_taken_is_given_up_at_once_and_holds_up_nobody(notifications: NotificationsTwin) -> None:
    await queued(notifications, "nobody@example.com", "bob@example.com")
    notifications.mail_server.answers = [UndeliverableError("554 no such mailbox")]
    outcome = await delivered(notifications)
    assert (outcome.is_well, outcome.given_up, notifications.mail_server.taken) == (
        True,
        [Kind.WELCOME],
        ["bob@example.com"],
    )
    assert (row_of(notifications, "nobody@example.com").status) == "FAILED"
    assert "no such mailbox" in (row_of(notifications, "nobody@example.com").error or "")


async def test_a_message_is_given_up_after_its_attempts_and_can_be_tried_anew(notifications: NotificationsTwin) -> None:
    await queued(notifications, "ada@example.com")
    notifications.mail_server.answers = [ConnectionError("away")] * 3
    outcomes = [await delivered(notifications, attempts=3) for _ in range(3)]
    assert [(len(each.postponed), len(each.given_up)) for each in outcomes] == [(1, 0), (1, 0), (0, 1)]
    assert (await delivered(notifications)).claimed == 0
    assert await notifications.perform_alone(retry_given_up, RetryGivenUp()) == 1
    assert len((await delivered(notifications)).sent) == 1


async def test_a_batch_is_not_larger_than_what_may_be_sent_again_after_a_crash(
    notifications: NotificationsTwin,
) -> None:
    await queued(notifications, *(f"{new_id()}@example.com" for _ in range(BATCH + 1)))
    assert (await delivered(notifications)).claimed == BATCH


async def test_what_is_not_begun_when_the_process_stops_is_left_to_others(notifications: NotificationsTwin) -> None:
    await queued(notifications, "ada@example.com", "bob@example.com")
    stopping = iter([False, True, True])
    outcome = await notifications.perform_alone(deliver_due, DeliverDue(20, lambda: next(stopping)))
    assert [each.recipient for each in outcome.sent] == ["ada@example.com"]
    assert [each.recipient for each in await notifications.messages.claim(2)] == ["bob@example.com"]
