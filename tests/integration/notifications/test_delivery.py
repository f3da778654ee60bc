"""Sending, when mail servers are away, reject, or two workers send at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.notifications.bootstrap import unit_of_work
from subgraphs.notifications.domain.message import Kind
from subgraphs.notifications.entrypoints.workers import Delivery, Doorbell
from subgraphs.notifications.infrastructure.messages import CHANNEL, PostgresMessages
from subgraphs.notifications.infrastructure.metrics import GIVEN_UP
from subgraphs.notifications.infrastructure.smtp import SmtpServer
from tests.fakes.notifications import AccountLinksTwin, OrderTokensTwin, greeting
from tests.integration.notifications.post import Inboxes, new_email
from tests.subgraphs import eventually
from tilt.embedded.backends import Mailbox
from tilt.embedded.ports import free_ports

SENDER = "Mercato <shop@mercato.example>"
MESSAGES = PostgresMessages()


@pytest.fixture
def mailbox_to_be(tmp_path: Path) -> Mailbox:
    """A mail server that does not run yet."""
    smtp_port, http_port = free_ports(2)
    return Mailbox(smtp_port, http_port, tmp_path / "mail", tmp_path / "mailbox.log")


@pytest.fixture
async def own_mailbox(mailbox_to_be: Mailbox) -> AsyncIterator[Mailbox]:
    """A mail server of one test."""
    await mailbox_to_be.start()
    await mailbox_to_be.wait_healthy()
    yield mailbox_to_be
    await mailbox_to_be.stop()


class Answers:
    """A mail server that answers mail as it was told; ``taken`` counts what it took."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.taken = 0
        self.recipients: list[str] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        """Named by aiosmtpd."""
        answer = self._answers.pop(0) if self._answers else "250 taken"
        self.taken += answer.startswith("250")
        self.recipients += envelope.rcpt_tos
        return answer


@contextlib.contextmanager
def mail_server(handler: Answers, *, enable_SMTPUTF8: bool = True) -> Iterator[str]:
    (port,) = free_ports(1)
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=enable_SMTPUTF8)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@contextlib.asynccontextmanager
async def delivering(
    notifications: Subgraph, smtp_url: str, attempts: int = 20, workers: int = 1
) -> AsyncIterator[None]:
    """Workers that send until the end of the block."""
    doorbell = Doorbell(notifications.settings.database_url, CHANNEL)
    stop = asyncio.Event()
    servers = [SmtpServer(smtp_url, SENDER) for _ in range(workers)]
    deliveries = [
        Delivery(
            doorbell,
            unit_of_work(server, OrderTokensTwin(), AccountLinksTwin(), "https://shop.example"),
            server,
            attempts,
        )
        for server in servers
    ]
    tasks = [asyncio.create_task(delivery.run(stop)) for delivery in deliveries]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def waiting_message(recipient: str | None = None) -> tuple[UUID, str]:
    """A message that waits to be sent; answers its id and to whom it goes."""
    message, address, about = greeting(recipient or new_email())
    await MESSAGES.add(message, address, about)
    notification_id: UUID = await db.fetch_value("SELECT id FROM notifications WHERE user_id = $1", about.user_id)
    return notification_id, address


async def row(notification_id: UUID) -> asyncpg.Record:
    found = await db.fetch_row(
        "SELECT status, attempts, last_error, sent_at FROM notifications WHERE id = $1", notification_id
    )
    assert found is not None
    return found


async def has_status(notification_id: UUID, status: str) -> None:
    async def reached() -> bool:
        await db.execute("UPDATE notifications SET due_at = now() WHERE last_error IS NOT NULL AND status = 'PENDING'")
        return bool((await row(notification_id))["status"] == status)

    await eventually(reached, f"the message is {status}")


async def published() -> list[str]:
    return [row["key"] for row in await db.fetch("SELECT key FROM outbox ORDER BY id")]


async def test_a_message_is_sent_after_the_mail_server_is_back(notifications: Subgraph, mailbox_to_be: Mailbox) -> None:
    notification_id, address = await waiting_message()
    async with delivering(notifications, mailbox_to_be.smtp_url):

        async def tried_twice() -> bool:
            return bool((await row(notification_id))["attempts"] >= 2)

        await eventually(tried_twice, "two attempts")
        assert (await row(notification_id))["status"] == "PENDING"
        await mailbox_to_be.start()
        try:
            await mailbox_to_be.wait_healthy()
            await has_status(notification_id, "SENT")
            assert len(await Inboxes(mailbox_to_be.url).mails_to(address)) == 1
        finally:
            await mailbox_to_be.stop()
    assert await published() == [str(notification_id)]


async def test_a_message_rejected_for_now_is_tried_again(notifications: Subgraph) -> None:
    notification_id, _ = await waiting_message()
    server = Answers("451 greylisted", "452 full")
    with mail_server(server) as url:
        async with delivering(notifications, url):
            await has_status(notification_id, "SENT")
    assert ((await row(notification_id))["attempts"], server.taken) == (3, 1)


async def test_a_message_rejected_for_good_is_given_up_at_once(notifications: Subgraph) -> None:
    given_up = GIVEN_UP.labels(Kind.WELCOME)._value.get()
    notification_id, _ = await waiting_message()
    with mail_server(Answers("554 no such mailbox")) as url:
        async with delivering(notifications, url):
            await has_status(notification_id, "FAILED")
            following, _ = await waiting_message()
            await has_status(following, "SENT")
    rejected = await row(notification_id)
    assert rejected["attempts"] == 1
    assert "554 no such mailbox" in rejected["last_error"]
    assert GIVEN_UP.labels(Kind.WELCOME)._value.get() == given_up + 1
    assert await published() == [str(following)]


async def test_a_message_is_given_up_after_its_attempts_and_can_be_tried_anew(notifications: Subgraph) -> None:
    notification_id, _ = await waiting_message()
    with mail_server(Answers(*["451 try later"] * 3)) as url:
        async with delivering(notifications, url, attempts=3):
            await has_status(notification_id, "FAILED")
            assert (await row(notification_id))["attempts"] == 3
            assert await published() == []
            assert await MESSAGES.retry_given_up() == 1
            await has_status(notification_id, "SENT")


async def test_an_address_that_cannot_be_written_does_not_hold_up_others(notifications: Subgraph) -> None:
    hostile, _ = await waiting_message("ada@example.com\r\nBcc: all@example.com")
    with mail_server(Answers()) as url:
        async with delivering(notifications, url, attempts=2):
            await has_status(hostile, "FAILED")
            following, _ = await waiting_message()
            await has_status(following, "SENT")


async def test_a_domain_of_any_script_is_reached_by_a_server_that_knows_ascii_alone(notifications: Subgraph) -> None:
    notification_id, _ = await waiting_message("ada@bücher.de")
    server = Answers()
    with mail_server(server, enable_SMTPUTF8=False) as url:
        async with delivering(notifications, url):
            await has_status(notification_id, "SENT")
    assert server.recipients == ["ada@xn--bcher-kva.de"]


async def test_letters_before_the_at_sign_reach_a_server_that_knows_them(notifications: Subgraph) -> None:
    notification_id, _ = await waiting_message("Jürgen@bücher.de")
    server = Answers()
    with mail_server(server) as url:
        async with delivering(notifications, url):
            await has_status(notification_id, "SENT")
    assert server.recipients == ["Jürgen@xn--bcher-kva.de"]


async def test_a_server_that_does_not_know_such_letters_ends_that_message_and_no_other(notifications: Subgraph) -> None:
    notification_id, _ = await waiting_message("用户@例子.广告")
    with mail_server(Answers(), enable_SMTPUTF8=False) as url:
        async with delivering(notifications, url):
            await has_status(notification_id, "FAILED")
            following, _ = await waiting_message()
            await has_status(following, "SENT")
    given_up = await row(notification_id)
    assert given_up["attempts"] == 1
    assert "SMTPUTF8" in given_up["last_error"]


async def test_two_workers_send_each_of_fifty_messages_once(notifications: Subgraph, own_mailbox: Mailbox) -> None:
    messages = [await waiting_message() for _ in range(50)]
    async with delivering(notifications, own_mailbox.smtp_url, workers=2):
        for notification_id, _ in messages:
            await has_status(notification_id, "SENT")
    inboxes = Inboxes(own_mailbox.url)
    assert [len(await inboxes.mails_to(address)) for _, address in messages] == [1] * 50
    assert sorted(await published()) == sorted(str(notification_id) for notification_id, _ in messages)


async def test_a_message_that_another_worker_is_claiming_is_passed_over(notifications: Subgraph) -> None:
    first, _ = await waiting_message()
    second, _ = await waiting_message()
    other = await asyncpg.connect(notifications.settings.database_url.current())
    try:
        async with other.transaction():
            await other.execute("SELECT 1 FROM notifications WHERE id = $1 FOR UPDATE", first)
            (claimed,) = await asyncio.wait_for(MESSAGES.claim(2), 30)
    finally:
        await other.close()
    assert claimed.id == second


async def test_a_mail_sent_again_after_a_crash_is_recognisable(notifications: Subgraph, own_mailbox: Mailbox) -> None:
    notification_id, address = await waiting_message()
    (claimed,) = await MESSAGES.claim(1)
    crashing = SmtpServer(own_mailbox.smtp_url, SENDER)
    await crashing.send(claimed)  # and the process dies before it can record that
    await crashing.close()
    assert await MESSAGES.claim(1) == [], "the lease of the dead worker still holds"
    await db.execute("UPDATE notifications SET due_at = clock_timestamp()")
    async with delivering(notifications, own_mailbox.smtp_url):
        await has_status(notification_id, "SENT")
    first, second = await Inboxes(own_mailbox.url).mails_to(address)
    assert first["headers"]["Message-ID"] == second["headers"]["Message-ID"] == f"<{notification_id}@mercato.example>"
    assert await published() == [str(notification_id)]


async def test_a_server_in_trouble_is_asked_once_and_not_for_each_of_a_batch(notifications: Subgraph) -> None:
    for _ in range(10):
        await waiting_message()
    server = Answers(*["451 try later"] * 2)
    with mail_server(server) as url:
        async with delivering(notifications, url):

            async def all_sent() -> bool:
                return bool(await db.fetch_value("SELECT count(*) = 10 FROM notifications WHERE status = 'SENT'"))

            await eventually(all_sent, "all are sent in the end")
    assert await db.fetch_value("SELECT sum(attempts) FROM notifications") == 12
    assert len(await published()) == 10
