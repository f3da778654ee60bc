"""What payments shows of a guest's order: to whoever has its token, and to the account that it became."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from aiokafka import AIOKafkaProducer

from shared.events.cloudevents import encode_headers
from shared.ids import new_id
from shared.json import dumps
from shared.security.capability import capability, holder_id
from tests.identity import Issuer
from tests.integration.payments.test_payments_process import Caller
from tests.subgraphs import Running, eventually


async def test_an_order_token_shows_the_payments_of_its_order_and_the_way_to_act(payments_process: Running) -> None:
    expiry = datetime.now(UTC) + timedelta(days=1)
    orders = {each: capability("key", "order", each, expiry) for each in (new_id(), new_id())}
    for order_id, token in orders.items():
        await Caller(payments_process).authorize(order_id, customer_id=str(holder_id(token)))
    query = "query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on Order { id payments { status } } } }"
    ids = {"ids": [{"__typename": "Order", "id": str(order_id)} for order_id in orders]}
    for order_id, token in orders.items():
        answer = await payments_process.graphql(query, ids, order_token=token)
        shown = {entity["id"]: len(entity["payments"]) for entity in answer["data"]["_entities"]}
        assert shown == {str(each): int(each == order_id) for each in orders}


async def test_an_account_sees_the_payments_of_a_guests_order_that_became_its(
    payments_process: Running, issuer: Issuer
) -> None:
    order_id, user_id, guest_id = new_id(), new_id(), new_id()
    await attached(payments_process, order_id, user_id)
    await Caller(payments_process).authorize(order_id, customer_id=str(guest_id))

    async def statuses() -> list[str]:
        answer = await payments_process.entities(
            "Order", [str(order_id)], "{ payments { status } }", issuer.token(user_id)
        )
        return [payment["status"] for payment in answer["data"]["_entities"][0]["payments"]]

    assert await eventually(statuses, "the payment is shown, though it began after the news") == ["AUTHORIZED"]


async def attached(process: Running, order_id: UUID, user_id: UUID) -> None:
    """Tells payments, as orders does, that a guest's order became an account's."""
    producer = AIOKafkaProducer(bootstrap_servers=process.environment["KAFKA_BOOTSTRAP_SERVERS"])
    await producer.start()
    try:
        name = "mercato.orders.OrderCustomerAttached"
        headers = encode_headers(new_id(), name, datetime.now(UTC), {})
        told = dumps({"orderId": str(order_id), "customerId": str(user_id)})
        await producer.send_and_wait("orders.order.v1", told, key=str(order_id).encode(), headers=headers)
    finally:
        await producer.stop()
