"""Somebody who shops through a router."""

import secrets
from dataclasses import dataclass
from typing import Any

from tests.integration.router.processes import Router
from tests.subgraphs import eventually

ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}
GOOD_CARD = "pm_card_visa"
DECLINED_CARD = "pm_card_chargeCustomerFail"
PASSWORD = secrets.token_urlsafe(12)

LISTING = """query Listing($after: String) { products(first: 20, after: $after) { pageInfo { endCursor } nodes {
  id title priceRange { min { amount currency } } category { name slug }
  defaultVariant { id title price { amount currency } stock { available status } } } } }"""
ORDER_DETAIL = """query OrderDetail($id: ID!) { order(id: $id) { id number status placedAt total { amount currency }
  cancellation { code message lineIds } shippingAddress { city country }
  lines { id title quantity unitPrice { amount } total { amount }
    variant { sku title product { title slug } stock { available status } } }
  payments { status amount { amount } transactions { kind amount { amount } } }
  notifications { kind subject sentAt } } }"""
CART = """id isOrdered totalQuantity total { amount currency }
  lines { id title quantity unitPrice { amount } total { amount } problems { code message } }"""
ERRORS = "errors { code message field }"
CREATE_CART = f"mutation {{ cartCreate {{ cart {{ {CART} }} {ERRORS} }} }}"
ADD_LINES = f"mutation ($input: CartAddLinesInput!) {{ cartAddLines(input: $input) {{ cart {{ {CART} }} {ERRORS} }} }}"
UPDATE_LINES = (
    f"mutation ($input: CartUpdateLinesInput!) {{ cartUpdateLines(input: $input) {{ cart {{ {CART} }} {ERRORS} }} }}"
)
REMOVE_LINES = (
    f"mutation ($input: CartRemoveLinesInput!) {{ cartRemoveLines(input: $input) {{ cart {{ {CART} }} {ERRORS} }} }}"
)
PLACE = f"""mutation ($input: CheckoutPlaceOrderInput!, $key: String!) {{
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) {{ order {{ id number status }} {ERRORS} }} }}"""
PAY = f"""mutation ($input: OrderPayInput!, $key: String!) {{
  orderPay(input: $input, idempotencyKey: $key) {{ order {{ id status }} {ERRORS} }} }}"""
REGISTER = f"""mutation ($input: UserRegisterInput!) {{
  userRegister(input: $input) {{ user {{ id }} tokens {{ accessToken refreshToken }} {ERRORS} }} }}"""


@dataclass(frozen=True)
class Shopper:
    """A registered user with a token."""

    router: Router
    email: str
    user_id: str
    token: str

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation that must go well."""
        answer = await self.router.ask(query, self.token, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def mutate(self, query: str, **variables: Any) -> dict[str, Any]:
        """The payload of a mutation, errors included."""
        (payload,) = (await self.ask(query, **variables)).values()
        result: dict[str, Any] = payload
        return result

    async def cart_with(self, *lines: tuple[str, int]) -> dict[str, Any]:
        """A new cart of the shopper's."""
        cart_id = (await self.mutate(CREATE_CART))["cart"]["id"]
        wanted = [{"variantId": variant_id, "quantity": quantity} for variant_id, quantity in lines]
        added = await self.mutate(ADD_LINES, input={"cartId": cart_id, "lines": wanted})
        assert added["errors"] == []
        cart: dict[str, Any] = added["cart"]
        return cart

    async def place(
        self, cart_id: str, card: str = GOOD_CARD, key: str | None = None, **changes: Any
    ) -> dict[str, Any]:
        """The payload of placing an order; ``changes`` replace parts of a good input."""
        given = {"cartId": cart_id, "email": self.email, "shippingAddress": ADDRESS, "paymentMethodId": card, **changes}
        return await self.mutate(PLACE, input=given, key=key or secrets.token_hex(16))

    async def pay(self, order_id: str, card: str = GOOD_CARD, key: str | None = None) -> dict[str, Any]:
        """The payload of paying an order again."""
        given = {"orderId": order_id, "paymentMethodId": card}
        return await self.mutate(PAY, input=given, key=key or secrets.token_hex(16))

    async def settled(self, order_id: str) -> dict[str, Any]:
        """The order's detail once its saga has ended."""

        async def look() -> dict[str, Any] | None:
            order: dict[str, Any] = (await self.ask(ORDER_DETAIL, id=order_id))["order"]
            return None if order["status"] == "PENDING" else order

        return await eventually(look, "the saga ends")


async def register(router: Router) -> Shopper:
    """A new shopper."""
    email = f"{secrets.token_hex(6)}@example.com"
    given = {"email": email, "password": PASSWORD, "name": "Ada Lovelace"}
    payload = (await router.ask(REGISTER, None, input=given))["data"]["userRegister"]
    assert payload["errors"] == []
    return Shopper(router, email, payload["user"]["id"], payload["tokens"]["accessToken"])


async def offers(router: Router, at_least: int = 5) -> list[dict[str, Any]]:
    """Variants of the first page that have this many units in stock."""

    async def look() -> list[dict[str, Any]] | None:
        answer = await router.ask(LISTING)
        variants = [node["defaultVariant"] for node in answer["data"]["products"]["nodes"]]
        return [
            variant for variant in variants if variant["stock"] and variant["stock"]["available"] >= at_least
        ] or None

    return await eventually(look, "there are offers")
