"""What payments tells everybody, as Kafka has it."""

import asyncio
from uuid import UUID

from aiokafka import AIOKafkaConsumer

from shared.events.cloudevents import decode
from shared.ids import new_id
from tests.contracts import assert_matches_contract
from tests.integration.payments.test_paid_outside_process import pay_outside
from tests.integration.payments.test_payments_process import Caller
from tests.subgraphs import Running


async def test_every_event_is_published_as_the_contract_says(payments_process: Running) -> None:
    caller = Caller(payments_process)
    refunded, voided, declined, outside = new_id(), new_id(), new_id(), new_id()
    consumer = AIOKafkaConsumer(
        "payments.payment.v1",
        bootstrap_servers=payments_process.environment["KAFKA_BOOTSTRAP_SERVERS"],
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        await caller.authorize(refunded)
        await caller.capture(refunded)
        await caller.refund(refunded, 1990)
        await caller.authorize(voided)
        await caller.void(voided)
        await caller.authorize(declined, payment_method_id="pm_card_chargeCustomerFail")
        await caller.authorize(outside)
        await caller.capture(outside)
        await pay_outside(caller, outside, "transfer 4711", amount_minor=500)
        told = await told_of(consumer, {refunded: 3, voided: 2, declined: 1, outside: 3})
    finally:
        await consumer.stop()
    assert told[refunded] == ["PaymentAuthorized", "PaymentCaptured", "PaymentRefunded"]
    assert told[voided] == ["PaymentAuthorized", "PaymentVoided"]
    assert told[declined] == ["PaymentDeclined"]
    assert told[outside] == ["PaymentAuthorized", "PaymentCaptured", "PaymentRefunded"]


async def told_of(consumer: AIOKafkaConsumer, expected: dict[UUID, int]) -> dict[UUID, list[str]]:
    """The events about some orders, each held against the contract, until as many have come as are expected."""
    told: dict[UUID, list[str]] = {order_id: [] for order_id in expected}
    async with asyncio.timeout(30):
        while any(len(told[order_id]) < count for order_id, count in expected.items()):
            message = await consumer.getone()
            assert_matches_contract("payments", message)
            event = decode(message.headers, message.value)
            assert message.key.decode() == event.payload["orderId"]
            told.get(UUID(event.payload["orderId"]), []).append(event.type.rpartition(".")[2])
    return told
