"""The shop's account at localstripe, seen through its own API: what really happened to the money."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tilt.embedded.backends.localstripe import API_KEY

_EVERYTHING = 100_000


Object = dict[str, Any]


@dataclass(frozen=True)
class Books:
    """Everything that localstripe has, at one moment."""

    intents: list[Object]
    charges: list[Object]
    refunds: list[Object]

    def intents_of(self, order_id: UUID) -> list[Object]:
        """All intents that were ever created for an order."""
        return [intent for intent in self.intents if intent["metadata"].get("order_id") == str(order_id)]

    def charges_of(self, order_id: UUID) -> list[Object]:
        """All authorizations that were ever tried for an order."""
        ids = {intent["id"] for intent in self.intents_of(order_id)}
        return [charge for charge in self.charges if charge["payment_intent"] in ids]

    def refunds_of(self, order_id: UUID) -> list[int]:
        """The amounts that were given back of an order."""
        charges = {charge["id"] for charge in self.charges_of(order_id)}
        return [refund["amount"] for refund in self.refunds if refund["charge"] in charges]


class StripeAccount:
    """Asks localstripe directly, past the code under test."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, auth=(API_KEY, ""), timeout=30)

    async def close(self) -> None:
        await self._http.aclose()

    async def books(self) -> Books:
        """What there is now."""
        kinds = ("payment_intents", "charges", "refunds")
        return Books(*[await self._list(kind) for kind in kinds])

    async def intents(self, order_id: UUID) -> list[Object]:
        """All intents that were ever created for an order."""
        return (await self.books()).intents_of(order_id)

    async def intent(self, order_id: UUID) -> Object:
        """The only intent of an order."""
        (intent,) = await self.intents(order_id)
        return intent

    async def charges(self, order_id: UUID) -> list[Object]:
        """All authorizations that were ever tried for an order."""
        return (await self.books()).charges_of(order_id)

    async def refunded(self, order_id: UUID) -> list[int]:
        """The amounts that were given back of an order."""
        return (await self.books()).refunds_of(order_id)

    async def card(self, number: str) -> str:
        """A payment method for a card number."""
        card = {"number": number, "exp_month": "12", "exp_year": "2030", "cvc": "123"}
        form = {"type": "card", **{f"card[{name}]": value for name, value in card.items()}}
        answer = (await self._http.post("/v1/payment_methods", data=form)).raise_for_status()
        return str(answer.json()["id"])

    async def authenticate(self, intent_id: str, client_secret: str, success: bool) -> None:
        """What the buyer's browser does when asked for 3-D Secure."""
        form = {"client_secret": client_secret, "success": str(success).lower()}
        await self._http.post(f"/v1/payment_intents/{intent_id}/_authenticate", data=form)

    async def _list(self, kind: str) -> list[Object]:
        answer = (await self._http.get(f"/v1/{kind}", params={"limit": _EVERYTHING})).raise_for_status()
        objects: list[Object] = answer.json()["data"]
        return objects
