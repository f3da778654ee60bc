"""The two ends of notifications: events that come in, mail that goes out."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import orjson
from aiokafka import AIOKafkaProducer

from shared.events.cloudevents import encode_headers
from shared.ids import new_id
from tests.contracts import assert_payload_matches
from tests.subgraphs import eventually

REGISTERED = "mercato.users.UserRegistered"
CONFIRMED = "mercato.orders.OrderConfirmed"
CANCELLED = "mercato.orders.OrderCancelled"
PAYMENT_ACTION_REQUIRED = "mercato.orders.OrderPaymentActionRequired"
SHIPPED = "mercato.orders.OrderShipped"
DELIVERED = "mercato.orders.OrderDelivered"
REFUNDED = "mercato.orders.OrderRefunded"
_TOPICS = {"users": "users.user.v1", "orders": "orders.order.v1"}
_KEYS = {"users": "userId", "orders": "orderId"}


@dataclass(frozen=True)
class Publisher:
    """Sends events to Kafka as the relays of users and orders do.

    All go to one partition, so that they are read in this order.
    """

    producer: AIOKafkaProducer

    async def publish(self, event_type: str, payload: dict[str, Any], event_id: UUID | None = None) -> None:
        """Sends an event that is what the contract says."""
        assert_payload_matches(event_type, payload)
        await self.send(event_type, orjson.dumps(payload), payload[_KEYS[event_type.split(".")[1]]], event_id)

    async def send(self, event_type: str, body: bytes, key: str, event_id: UUID | None = None) -> None:
        """Sends an event, whatever its body."""
        headers = encode_headers(event_id or new_id(), event_type, datetime.now(UTC), {})
        await self.send_raw(_TOPICS[event_type.split(".")[1]], body, headers, key)

    async def send_raw(self, topic: str, body: bytes, headers: list[tuple[str, bytes]], key: str = "key") -> None:
        """Sends any message."""
        await self.producer.send_and_wait(topic, body, key=key.encode(), headers=headers, partition=0)


@dataclass(frozen=True)
class Inboxes:
    """What the mail server holds."""

    url: str

    async def mails_to(self, address: str) -> list[dict[str, Any]]:
        """All mail to one address, latest first, with text, HTML and headers."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as http:
            listed = (await http.get("/messages", params={"to": address})).json()
            return [(await http.get(f"/messages/{mail['id']}")).json() for mail in listed]

    async def mail_to(self, address: str) -> dict[str, Any]:
        """The latest mail to an address, as soon as there is one."""
        return (await eventually(lambda: self.mails_to(address), f"mail to {address}"))[0]

    async def recipients(self, domain: str) -> list[str]:
        """Whom there is mail for in a domain, once for each mail."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as http:
            listed = (await http.get("/messages")).json()
        return sorted(address for mail in listed for address in mail["to"] if address.endswith(f"@{domain}"))


def new_domain() -> str:
    """A domain that nobody has mail in yet."""
    return f"{secrets.token_hex(6)}.example"


def new_email() -> str:
    """An address that nobody has yet."""
    return f"ada@{new_domain()}"
