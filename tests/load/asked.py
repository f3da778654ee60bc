"""What routers ask subgraphs for a listing and for a checkout, one kind of request after the other."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.load.client import GraphQLClient

PAGE = 20
LISTING = """query Listing($after: String) { products(first: 20, after: $after) { nodes {
  id title priceRange { min { amount currency } } category { name }
  defaultVariant { __typename id price { amount } } } } }"""
STOCK = """query Listing($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on ProductVariant { stock { available status } } } }"""
PAYMENTS = """query FollowOrder($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Order { payments { id status declineCode transactions { kind amount { amount currency } } } } } }"""
ME = "{ me { __typename id name } }"
CREATE = "mutation CreateCart { cartCreate { cart { id } errors { code message field } } }"
ADD = """mutation AddToCart($input: CartAddLinesInput!) { cartAddLines(input: $input) { cart { id
  lines { id title quantity unitPrice { amount currency } problems { code message } } total { amount currency } }
  errors { code message field } } }"""
LOOK = "query LookAtCart($id: ID!) { cart(id: $id) { lines { title problems { code message } } } }"
PLACE = """mutation PlaceOrder($input: CheckoutPlaceOrderInput!, $key: String!) { checkoutPlaceOrder(input: $input,
  idempotencyKey: $key) { order { id number status total { amount currency } } errors { code message field } } }"""
FOLLOW = """query FollowOrder($id: ID!) { order(id: $id) {
  __typename id number status cancellation { code message lineIds } lines { id title quantity } } }"""
ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}

Ask = Callable[[int], Awaitable[object]]


@dataclass
class Shop:
    """The subgraphs of one tree, and what their clients know by now."""

    clients: Mapping[str, GraphQLClient]
    token: str
    cursors: list[str]
    variants: list[str]
    carts: list[str] = field(default_factory=list)
    full_carts: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def kinds(self) -> dict[tuple[str, str], Ask]:
        """Each kind of request by what it is and who answers it, in an order in which each finds what it needs."""
        return {
            ("a listing of 20", "products"): self.listing,
            ("the stock of 20", "inventory"): self.stock,
            ("who asks", "users"): self.me,
            ("a cart created", "orders"): self.create_cart,
            ("a line added", "orders"): self.add_line,
            ("a cart read", "orders"): self.read_cart,
            ("an order placed", "orders"): self.place,
            ("an order followed", "orders"): self.follow,
            ("its payments", "payments"): self.payments,
        }

    async def listing(self, number: int) -> None:
        await self.clients["products"].ask(LISTING, {"after": self.cursors[number % len(self.cursors)]})

    async def stock(self, number: int) -> None:
        first = number % (len(self.variants) - PAGE)
        await self._entities("inventory", STOCK, "ProductVariant", self.variants[first : first + PAGE])

    async def me(self, _: int) -> None:
        await self._ask("users", ME)

    async def create_cart(self, _: int) -> None:
        self.carts.append((await self._ask("orders", CREATE))["cartCreate"]["cart"]["id"])

    async def add_line(self, number: int) -> None:
        cart_id, line = self.carts.pop(), {"variantId": self.variants[number % len(self.variants)], "quantity": 1}
        await self._accepted(ADD, {"input": {"cartId": cart_id, "lines": [line]}}, "cartAddLines")
        self.full_carts.append(cart_id)

    async def read_cart(self, number: int) -> None:
        await self._ask("orders", LOOK, {"id": self.full_carts[number % len(self.full_carts)]})

    async def place(self, _: int) -> None:
        given = {"cartId": self.full_carts.pop(), "email": "load@example.com", "shippingAddress": ADDRESS}
        variables = {"input": {**given, "paymentMethodId": "pm_card_visa"}, "key": secrets.token_hex(16)}
        self.orders.append((await self._accepted(PLACE, variables, "checkoutPlaceOrder"))["order"]["id"])

    async def follow(self, number: int) -> None:
        await self._ask("orders", FOLLOW, {"id": self.orders[number % len(self.orders)]})

    async def payments(self, number: int) -> None:
        # Of no order: an unpaid one costs the same, and whether one is paid is not this subgraph's doing alone.
        await self._entities("payments", PAYMENTS, "Order", [self.variants[number % len(self.variants)]])

    async def _entities(self, subgraph: str, query: str, typename: str, ids: list[str]) -> None:
        await self._ask(subgraph, query, {"representations": [{"__typename": typename, "id": each} for each in ids]})

    async def _accepted(self, query: str, variables: Mapping[str, Any], name: str) -> dict[str, Any]:
        payload: dict[str, Any] = (await self._ask("orders", query, variables))[name]
        if payload["errors"]:
            raise RuntimeError(payload["errors"][0]["message"])
        return payload

    async def _ask(self, subgraph: str, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return await self.clients[subgraph].ask(query, variables or {}, self.token)
