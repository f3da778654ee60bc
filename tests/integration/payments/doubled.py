"""Payments at the double of Stripe:
a shop whose provider can be told to fail, and whose webhooks a test sends by hand.
"""

import json
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.persistence import db
from subgraphs.payments.domain.ports import Providers
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.doubles.running import Double
from tests.integration.payments.webhooks import signature_of
from tilt.embedded.backends.localstripe import API_KEY

ACTING_CARD = "pm_card_authenticationRequired"


@dataclass(frozen=True)
class DoubledShop:
    """``routes`` are payments' own webhooks."""

    double: Double
    provider: StripeProvider
    routes: httpx.AsyncClient
    secret: str

    @property
    def providers(self) -> Providers:
        return {"stripe": self.provider}

    async def reference(self, order_id: UUID) -> str:
        """The provider's only payment of an order."""
        (payment,) = [each for each in await self.double.ledger() if each["ours"].get("order_id") == str(order_id)]
        return str(payment["reference"])

    async def books(self, order_id: UUID) -> dict[str, Any]:
        """What the provider says of the order's money."""
        return await self.double.payment(await self.reference(order_id))

    async def counts(self, order_id: UUID) -> dict[str, int]:
        """How often each kind of movement happened."""
        counts: dict[str, int] = {
            kind: count for kind, count in (await self.books(order_id))["counts"].items() if count
        }
        return counts

    async def intent(self, order_id: UUID) -> dict[str, Any]:
        """The provider's object."""
        return await self.read(f"/v1/payment_intents/{await self.reference(order_id)}")

    async def act(self, path: str, **form: str) -> None:
        """Does something at the provider past our own code, as a person at its dashboard does."""
        async with self._api() as api:
            (await api.post(path, data=form)).raise_for_status()

    async def read(self, path: str, **parameters: str) -> dict[str, Any]:
        async with self._api() as api:
            found: dict[str, Any] = (await api.get(path, params=parameters)).raise_for_status().json()
            return found

    async def events(self, order_id: UUID) -> list[dict[str, Any]]:
        """All events about an order's payment, oldest first."""
        reference = await self.reference(order_id)
        listed = (await self.read("/v1/events", limit="100"))["data"]
        return [each for each in reversed(listed) if reference in json.dumps(each["data"]["object"])]

    async def tell(self, *events: dict[str, Any]) -> list[str]:
        """Sends events to the shop, and answers what came of each."""
        outcomes = []
        for event in events:
            body = json.dumps(event).encode()
            headers = {"stripe-signature": signature_of(body, self.secret)}
            answer = await self.routes.post("/webhooks/stripe", content=body, headers=headers)
            assert answer.status_code in (200, 503), answer.text
            outcome = await db.fetch_value("SELECT outcome FROM webhook_events WHERE event_id = $1", event["id"])
            outcomes.append(outcome if answer.status_code == 200 else "LATER")
        return outcomes

    async def tell_until_heard(self, events: list[dict[str, Any]], seed: int) -> None:
        """Sends all events three times in any order, and again whatever the shop can't take yet."""
        shuffled = events * 3
        random.Random(seed).shuffle(shuffled)
        while shuffled:
            outcomes = await self.tell(*shuffled)
            shuffled = [event for event, outcome in zip(shuffled, outcomes, strict=True) if outcome == "LATER"]

    def _api(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.double.url, auth=(API_KEY, ""), timeout=30)


async def make_due(order_id: UUID) -> None:
    """As if nobody had come for the payment for long."""
    await db.execute("UPDATE payments SET follow_at = now() - interval '1 second' WHERE order_id = $1", order_id)
