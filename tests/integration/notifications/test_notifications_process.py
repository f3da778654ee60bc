"""Notifications as it runs: events in, mail and events out."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from shared.events.cloudevents import encode_headers
from shared.ids import new_id
from tests.contracts import assert_matches_contract
from tests.integration.notifications.post import (
    CANCELLED,
    CONFIRMED,
    DELIVERED,
    PAYMENT_ACTION_REQUIRED,
    REFUNDED,
    REGISTERED,
    SHIPPED,
    Inboxes,
    Publisher,
    new_domain,
    new_email,
)
from tests.subgraphs import Running, eventually
from tests.unit.notifications.builders import (
    cancelled,
    confirmed,
    line,
    payment_action_required,
    refunded,
    registered,
    shipped,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOSTILE = "<img src=x onerror=alert(1)>"


async def rows(process: Running, statement: str, *arguments: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(process.environment["NOTIFICATIONS_DATABASE_URL"])
    try:
        return await connection.fetch(statement, *arguments)
    finally:
        await connection.close()


async def first_message(process: Running, topic: str, matches: Any) -> ConsumerRecord:
    """The first message of a topic that matches, waiting for it if need be."""
    servers = process.environment["KAFKA_BOOTSTRAP_SERVERS"]
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async for message in consumer:
            if matches(message):
                return message
        raise AssertionError("the consumer ended")
    finally:
        await consumer.stop()


async def test_who_registers_is_welcomed(publisher: Publisher, inboxes: Inboxes) -> None:
    email = new_email()
    await publisher.publish(REGISTERED, registered(email=email, name="Ada Lovelace"))
    mail = await inboxes.mail_to(email)
    assert mail["subject"] == "Welcome to Mercato"
    assert "Hello Ada Lovelace," in mail["text"]
    assert "Hello <bdi>Ada Lovelace</bdi>," in mail["html"]


async def test_each_attempt_at_an_order_that_comes_to_nothing_is_told_once(
    publisher: Publisher, inboxes: Inboxes
) -> None:
    email, order = new_email(), str(new_id())
    for attempt in (1, 2, 2):
        reason = {"code": "PAYMENT_DECLINED", "message": f"Declined, try {attempt}.", "mayBePaidAgain": True}
        await publisher.publish(CANCELLED, cancelled(email=email, orderId=order, attempt=attempt, cancellation=reason))
    await publisher.publish(CONFIRMED, confirmed(email=email, orderId=order, attempt=3))

    async def all_told() -> list[str] | None:
        subjects = [mail["subject"] for mail in await inboxes.mails_to(email)]
        return sorted(subjects) if "Your order M-1001 is confirmed" in subjects and len(subjects) >= 3 else None

    subjects = await eventually(all_told, "the last event is told")
    assert subjects == ["Your order M-1001 is confirmed", *["Your order M-1001 was cancelled"] * 2]


async def test_the_buyer_of_a_confirmed_order_is_told_what_it_cost(publisher: Publisher, inboxes: Inboxes) -> None:
    email = new_email()
    await publisher.publish(CONFIRMED, confirmed(email=email, number="M-2042"))
    mail = await inboxes.mail_to(email)
    assert mail["subject"] == "Your order M-2042 is confirmed"
    for part in (mail["text"], mail["html"]):
        for fact in ("M-2042", "Blue mug", "19.90 EUR each", "39.80 EUR", "49.80 EUR"):
            assert fact in part


async def test_the_buyer_of_a_cancelled_order_is_told_why(publisher: Publisher, inboxes: Inboxes) -> None:
    email = new_email()
    await publisher.publish(CANCELLED, cancelled(email=email))
    mail = await inboxes.mail_to(email)
    assert "Your card was declined." in mail["text"]
    assert "You are not charged for it" in mail["text"]


async def test_the_buyer_of_an_order_is_told_of_each_thing_that_happens_to_it(
    publisher: Publisher, inboxes: Inboxes
) -> None:
    email = new_email()
    order: dict[str, Any] = {"orderId": str(new_id()), "email": email, "lines": [line()]}
    shipment = shipped(**order)
    happenings = [
        (PAYMENT_ACTION_REQUIRED, payment_action_required(**order)),
        (SHIPPED, shipment),
        (DELIVERED, shipment),
        (SHIPPED, shipped({"isLast": True}, **order)),
        (REFUNDED, refunded(**order)),
        (REFUNDED, refunded({"amountMinor": 500, "lines": []}, **order)),
    ]
    for event_type, payload in happenings:
        for _ in range(2):  # published anew under another id, as after a restored backup
            await publisher.publish(event_type, payload)

    async def all_mails() -> list[dict[str, Any]]:
        mails = await inboxes.mails_to(email)
        return mails if len(mails) >= len(happenings) else []

    subjects = [mail["subject"] for mail in await eventually(all_mails, "a mail of each")]
    assert sorted(subjects) == [
        "A part of your order M-1001 is on its way",
        "Please confirm the payment of your order M-1001",
        "We refunded 19.90 EUR for your order M-1001",
        "We refunded 5.00 EUR for your order M-1001",
        "Your order M-1001 is on its way",
        "Your parcel of order M-1001 was delivered",
    ]


async def test_a_mail_comes_once_although_its_event_came_three_times(
    process: Running, publisher: Publisher, inboxes: Inboxes
) -> None:
    email, last = new_email(), new_email()
    put_aside = await process.metric("mercato_dead_letters_total")
    event_id, payload = new_id(), confirmed(email=email)
    for _ in range(3):
        await publisher.publish(CONFIRMED, payload, event_id)
    await publisher.publish(CONFIRMED, payload)  # published anew under another id, as after a restored backup
    await publisher.publish(CONFIRMED, confirmed(email=last))
    await inboxes.mail_to(last)
    assert len(await inboxes.mails_to(email)) == 1
    assert await process.metric("mercato_dead_letters_total") == put_aside


async def test_hostile_input_stays_text(publisher: Publisher, inboxes: Inboxes) -> None:
    victim, other = new_email(), new_email()
    order = confirmed(
        email=victim, number=f"M-1\r\nBcc: {other}\r\n\r\n{HOSTILE}", lines=[line(title=HOSTILE, sku="A\nB")]
    )
    await publisher.publish(CONFIRMED, order)
    mail = await inboxes.mail_to(victim)
    assert mail["subject"] == f"Your order M-1 Bcc: {other} {HOSTILE} is confirmed"
    assert "Bcc" not in mail["headers"]
    assert "<img" not in mail["html"]
    assert await inboxes.mails_to(other) == []


async def test_a_poisoned_message_among_a_hundred_costs_no_other_its_effect(
    process: Running, publisher: Publisher, inboxes: Inboxes
) -> None:
    domain, poison = new_domain(), str(new_id())
    for number in range(100):
        if number == 50:
            await publisher.send(CONFIRMED, b'{"orderId": ', poison)
        else:
            await publisher.publish(CONFIRMED, confirmed(email=f"buyer-{number}@{domain}"))

    async def all_mails() -> list[str]:
        recipients = await inboxes.recipients(domain)
        return recipients if len(recipients) >= 99 else []

    recipients = await eventually(all_mails, "99 mails", 60)
    assert recipients == sorted(f"buyer-{number}@{domain}" for number in range(100) if number != 50)
    topic = "notifications.dead-letters.v1"
    message = await first_message(process, topic, lambda candidate: candidate.key == poison.encode())
    headers = dict(message.headers)
    assert message.value == b'{"orderId": '
    assert headers["ce_type"] == CONFIRMED.encode()
    assert headers["dl_topic"] == b"orders.order.v1"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([], b"{}"),
        ([("ce_id", b"1")], b"{}"),
        (None, b""),
        (None, b"\xff"),
        (None, b"[]"),
        (None, orjson.dumps({"orderId": "1"})),
        (None, orjson.dumps(confirmed(email="ada@example.com\r\nBcc: all@example.com"))),
        (None, orjson.dumps(confirmed(lines=[line(quantity=0)]))),
    ],
)
async def test_a_malformed_message_is_put_aside_and_the_partition_moves_on(
    process: Running, publisher: Publisher, inboxes: Inboxes, headers: list[tuple[str, bytes]] | None, body: bytes
) -> None:
    key, after = str(new_id()), new_email()
    if headers is None:
        await publisher.send(CONFIRMED, body, key)
    else:
        await publisher.send_raw("orders.order.v1", body, headers, key)
    await publisher.publish(CONFIRMED, confirmed(email=after))
    await inboxes.mail_to(after)
    topic = "notifications.dead-letters.v1"
    message = await first_message(process, topic, lambda candidate: candidate.key == key.encode())
    assert message.value == body


async def test_events_of_other_kinds_are_passed_over(process: Running, publisher: Publisher, inboxes: Inboxes) -> None:
    email, after = new_email(), new_email()
    before = await process.metric("mercato_dead_letters_total")
    await publisher.publish("mercato.orders.OrderPlaced", confirmed(email=email))
    await publisher.publish(
        REFUNDED, refunded({"source": "DISPUTE", "lines": []}, email=email)
    )  # the bank tells it itself
    await publisher.send_raw("orders.order.v1", b"{}", encode_headers(new_id(), "mercato.orders.OrderPraised", NOW, {}))
    await publisher.publish(CONFIRMED, confirmed(email=after))
    await inboxes.mail_to(after)
    assert await inboxes.mails_to(email) == []
    assert await process.metric("mercato_dead_letters_total") == before


async def test_what_was_sent_is_published_as_the_contract_says(process: Running, publisher: Publisher) -> None:
    order = confirmed(email=new_email())
    await publisher.publish(CONFIRMED, order)

    async def sent() -> list[asyncpg.Record]:
        return await rows(
            process, "SELECT id FROM notifications WHERE order_id = $1 AND sent_at IS NOT NULL", order["orderId"]
        )

    (row,) = await eventually(sent, "the message is sent")
    message = await first_message(
        process, "notifications.notification.v1", lambda found: found.key == str(row["id"]).encode()
    )
    assert_matches_contract("notifications", message)
    payload = orjson.loads(message.value)
    assert (payload["kind"], payload["userId"]) == ("ORDER_CONFIRMED", order["customerId"])
