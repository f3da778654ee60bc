"""What happens to an order's money at the provider itself:
what payments tells of it over Kafka, and has in its books.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from aiokafka import AIOKafkaProducer

from shared.events.cloudevents import encode_headers
from shared.ids import new_id
from shared.json import dumps
from tests.contracts import assert_payload_matches
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import eventually

SEEN = (
    "id status attention availableActions { action by shipmentId }"
    " hold { reason message since evidenceDueAt disputed { amount currency } }"
    " refunded { amount }"
    " refunds { id status source amount { amount } reason failure restock lines { lineId quantity } }"
    " lines { id quantity shippedQuantity refundedQuantity } shipments { id status } history { from to reason actor }"
)
DUE = "2026-12-06T23:59:59Z"


@dataclass(frozen=True)
class Provider:
    """Somebody at the provider's page, and the buyers' banks."""

    shop: Shop
    producer: AIOKafkaProducer

    async def gives_back(self, order_id: str, minor: int, cause: str | None = "PROVIDER") -> None:
        """Somebody gives money back there, and payments has noticed."""
        if cause == "PROVIDER":
            self.shop.payments.given_elsewhere[order_id] += minor
        told: JsonObject = {"cause": cause, "refundKey": None} if cause else {}
        await self.tells("PaymentRefunded", order_id, minor, **told)

    async def sends_back(self, order_id: str, minor: int, key: str | None = None, event_id: UUID | None = None) -> UUID:
        """The buyer's bank does not take what was given back:
        by the refund of ours that has this key, or by somebody there.
        """
        given = self.shop.payments.given_back if key else self.shop.payments.given_elsewhere
        given[order_id] -= minor
        about: JsonObject = {"attempt": 1, "refundReference": "re_1", "reason": "lost_or_stolen_card", "refundKey": key}
        about["cause"] = "REQUESTED" if key else "PROVIDER"
        return await self.tells("PaymentRefundFailed", order_id, minor, event_id, **about)

    async def disputes(self, order_id: str, minor: int, reference: str = "dp_1", due: str | None = DUE) -> None:
        """A bank takes money back until it has decided."""
        self.shop.payments.disputed[order_id] += minor
        await self.tells("PaymentDisputed", order_id, minor, **_dispute(reference, due))

    async def asks_sooner(self, order_id: str, minor: int, due: str, reference: str = "dp_1") -> None:
        """The provider takes evidence until another time."""
        await self.tells("PaymentDisputeChanged", order_id, minor, **_dispute(reference, due))

    async def decides(self, order_id: str, minor: int, outcome: str, reference: str = "dp_1") -> None:
        """A bank has decided: what is won is the provider's again."""
        self.shop.payments.disputed[order_id] -= minor if outcome == "WON" else 0
        await self.tells("PaymentDisputeClosed", order_id, minor, **_dispute(reference, None), outcome=outcome)

    async def tells(self, name: str, order_id: str, minor: int, event_id: UUID | None = None, **more: Any) -> UUID:
        """An event of payments. The same id is the same event again."""
        event_type, event_id = f"mercato.payments.{name}", event_id or new_id()
        payload = payload_of(event_type, order_id, minor, **more)
        headers = encode_headers(event_id, event_type, datetime.now(UTC), {})
        await self.producer.send_and_wait("payments.payment.v1", dumps(payload), key=order_id.encode(), headers=headers)
        await eventually(lambda: self._is_heard(event_id), f"orders has heard {name}")
        return event_id

    async def _is_heard(self, event_id: UUID) -> bool:
        return bool(
            await self.shop.catalogue.fetchval("SELECT EXISTS (SELECT FROM inbox WHERE event_id = $1)", event_id)
        )


def payload_of(event_type: str, order_id: str, minor: int, **more: Any) -> JsonObject:
    """What payments tells, as its contract says."""
    about: JsonObject = {"paymentId": str(uuid4()), "orderId": order_id, "provider": "stripe", "currency": "EUR"}
    payload = about | {"amountMinor": minor, "occurredAt": datetime.now(UTC).isoformat()} | more
    assert_payload_matches(event_type, payload)
    return payload


def _dispute(reference: str, due: str | None) -> JsonObject:
    return {"disputeReference": reference, "disputeId": str(uuid4()), "reason": "fraudulent", "evidenceDueAt": due}


@asynccontextmanager
async def provider_of(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of a shop."""
    producer = AIOKafkaProducer(bootstrap_servers=shop.orders.environment["KAFKA_BOOTSTRAP_SERVERS"])
    await producer.start()
    try:
        yield Provider(shop, producer)
    finally:
        await producer.stop()


def manager(shop: Shop) -> Buyer:
    """Somebody of the shop who may do everything."""
    return shop.staff("orders:read", "orders:refund", "orders:retry", "orders:cancel", "orders:ship")


async def seen(staff: Buyer, order_id: str) -> JsonObject:
    """An order as staff see it."""
    return await staff.asked(order_id, SEEN)


async def quiet(shop: Shop, order_id: str) -> None:
    """Waits until nothing of an order is under way."""

    async def look() -> bool:
        under_way = "SELECT NOT EXISTS (SELECT FROM sagas WHERE order_id = $1 AND due_at IS NOT NULL)"
        return bool(await shop.catalogue.fetchval(under_way, UUID(order_id)))

    await eventually(look, f"nothing of order {order_id} is under way")


def sources(order: JsonObject) -> list[tuple[str, str, str]]:
    """Source, amount and status of each refund."""
    return [(refund["source"], refund["amount"]["amount"], refund["status"]) for refund in order["refunds"]]


def actions(order: JsonObject) -> set[str]:
    """What may be done, by whomever."""
    return {action["action"] for action in order["availableActions"]}


async def events_of(shop: Shop, order_id: str) -> list[str]:
    """The names of the events that orders has published of an order; each is as its contract says."""
    rows = await shop.catalogue.fetch("SELECT type, payload FROM outbox WHERE key = $1 ORDER BY id", order_id)
    for row in rows:
        assert_payload_matches(row["type"], orjson.loads(row["payload"]))
    return [row["type"].rpartition(".")[2] for row in rows]
