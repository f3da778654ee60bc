"""Buyers who do not give up: whatever fails on the way is asked again with the same idempotency key."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

GOOD_CARD = "pm_card_visa"
ACTING_CARD = "pm_card_authenticationRequired"
ACTING_IN_VAIN_CARD = (
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"  # is declined once its buyer has confirmed
)
DECLINED_CARD = "pm_card_chargeDeclined"
ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "1 Analytical Way",
    "postalCode": "N1 9GU",
    "city": "London",
    "country": "GB",
}
PATIENCE_SECONDS = 300.0  # a process that dies at each of its boundaries is away for minutes on a busy machine
_PAUSE_SECONDS = 0.1

_PLACE = """mutation ($input: CheckoutPlaceOrderInput!, $key: String!) {
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) { order { id status } errors { code message field } }
}"""
_PAY = """mutation ($input: OrderPayInput!, $key: String!) {
  orderPay(input: $input, idempotencyKey: $key) { order { id status } errors { code message field } }
}"""
_CANCEL = """mutation ($input: OrderCancelInput!, $key: String!) {
  orderCancel(input: $input, idempotencyKey: $key) { order { id status } errors { code message field } }
}"""
_REFUND = """mutation ($input: OrderRefundInput!, $key: String!) {
  orderRefund(input: $input, idempotencyKey: $key) { refund { id status } errors { code message field } }
}"""
_ADD = "mutation ($input: CartAddLinesInput!) { cartAddLines(input: $input) { cart { id } errors { code message } } }"

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Buyer:
    """Somebody with an account, asking orders as the router would."""

    http: httpx.AsyncClient
    router_secret: str
    user_id: UUID
    token: str

    async def cart(self, lines: Mapping[str, int] | list[tuple[str, int]]) -> str:
        """A cart with variants and how many of each."""
        created = await self.ask("mutation { cartCreate { cart { id } errors { code } } }")
        cart_id: str = created["cartCreate"]["cart"]["id"]
        pairs = lines.items() if isinstance(lines, Mapping) else lines
        wanted = [{"variantId": variant, "quantity": quantity} for variant, quantity in pairs]
        added = await self.ask(_ADD, {"input": {"cartId": cart_id, "lines": wanted}})
        assert added["cartAddLines"]["errors"] == [], added
        return cart_id

    async def place(self, cart_id: str, key: str | None = None, card: str = GOOD_CARD) -> JsonObject:
        """The payload of ``checkoutPlaceOrder``."""
        given = {"cartId": cart_id, "email": "ada@example.com", "shippingAddress": ADDRESS, "paymentMethodId": card}
        answer = await self.ask(_PLACE, {"input": given, "key": key or str(uuid4())})
        payload: JsonObject = answer["checkoutPlaceOrder"]
        return payload

    async def placed(self, lines: Mapping[str, int] | list[tuple[str, int]], card: str = GOOD_CARD) -> str:
        """The id of a new order."""
        payload = await self.place(await self.cart(lines), card=card)
        assert payload["errors"] == [], payload
        order_id: str = payload["order"]["id"]
        return order_id

    async def pay(self, order_id: str, key: str | None = None, card: str = GOOD_CARD) -> JsonObject:
        """The payload of ``orderPay``."""
        given = {"orderId": order_id, "paymentMethodId": card}
        payload: JsonObject = (await self.ask(_PAY, {"input": given, "key": key or str(uuid4())}))["orderPay"]
        return payload

    async def cancel(self, order_id: str, key: str | None = None) -> JsonObject:
        """The payload of ``orderCancel``."""
        answer = await self.ask(_CANCEL, {"input": {"orderId": order_id}, "key": key or str(uuid4())})
        payload: JsonObject = answer["orderCancel"]
        return payload

    async def refund(self, order_id: str, key: str | None = None, **changes: Any) -> JsonObject:
        """The payload of ``orderRefund``; the buyer has to be staff."""
        given = {"orderId": order_id, "reason": "scratched", **changes}
        answer = await self.ask(_REFUND, {"input": given, "key": key or str(uuid4())})
        payload: JsonObject = answer["orderRefund"]
        return payload

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> JsonObject:
        """The data of an answer; what is not available is asked again, for some minutes."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        while True:
            answer = await self._try(query, variables)
            if answer is not None and "errors" not in answer:
                data: JsonObject = answer["data"]
                return data
            assert answer is None or _may_pass(answer), answer
            assert loop.time() < deadline, f"not available for {PATIENCE_SECONDS:.0f} s: {answer}"
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _try(self, query: str, variables: Mapping[str, Any] | None) -> JsonObject | None:
        headers = {"x-router-secret": self.router_secret, "authorization": f"Bearer {self.token}"}
        try:
            response = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        except httpx.TransportError:
            return None
        answer: JsonObject = response.json()
        return answer


def _may_pass(answer: JsonObject) -> bool:
    return all(error.get("extensions", {}).get("code") == "UNAVAILABLE" for error in answer["errors"])
