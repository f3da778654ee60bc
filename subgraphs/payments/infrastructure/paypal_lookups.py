"""How things stand at PayPal that its events are about;
source: PayPal's API reference, "Payments v2" and "Disputes v1".
"""

from typing import Protocol

from subgraphs.payments.domain.provider import Dispute, Intent
from subgraphs.payments.infrastructure.paypal_api import Fields, PayPalApi
from subgraphs.payments.infrastructure.paypal_disputes import DISPUTES, order_of_capture, order_of_dispute, read_dispute
from subgraphs.payments.infrastructure.paypal_errors import RETRIEVE, Missing
from subgraphs.payments.infrastructure.paypal_orders import order_of, segment

_CAPTURES = "/v2/payments/captures/"


class _Intents(Protocol):
    async def retrieve(self, reference: str) -> Intent:
        """An order as it is now."""


class PayPalLookups:
    """Answers None for what PayPal does not know, or what is of no order.
    Any call may raise Unavailable or Internal.
    """

    def __init__(self, api: PayPalApi, intents: _Intents) -> None:
        self._api = api
        self._intents = intents

    async def intent(self, order: str) -> Intent:
        """An order as it is now."""
        return await self._intents.retrieve(order)

    async def intent_of_movement(self, movement: Fields) -> Intent | None:
        """The order of an authorization, a capture or a refund."""
        order = order_of(movement)
        if order is None and (capture := refunded_capture(movement)):
            order = await order_of_capture(self._api, capture)
        return None if order is None else await self.intent(order)

    async def dispute(self, reference: str) -> Dispute | None:
        """A dispute as it is now."""
        try:
            fields = await self._api.read(RETRIEVE, f"{DISPUTES}/{segment(reference)}")
        except Missing:
            return None
        order = await order_of_dispute(self._api, fields)
        return None if order is None else read_dispute(fields, order)


def refunded_capture(refund: Fields) -> str | None:
    """A refund names its capture only by a link."""
    links = refund.get("links", ())
    addresses = (str(link["href"]) for link in links if link["rel"] == "up" and _CAPTURES in link["href"])
    return next((address.rpartition("/")[2] for address in addresses), None)
