"""A shop to buy from: variants with prices and stock, and buyers who ask over GraphQL as the router would."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from shared.ids import new_id
from tests.identity import Issuer
from tests.integration.orders.faults import Fault, Faults
from tests.integration.orders.peers import GOOD_CARD, PaymentsDouble
from tests.subgraphs import Running, eventually

CART = """{
  id isOrdered totalQuantity total { amount currency }
  lines { id quantity title unitPrice { amount } total { amount } variant { id } problems { code message } }
}"""
ORDER = """{
  id number status email placedAt updatedAt total { amount currency }
  cancellation { code message lineIds }
  customer { id }
  shippingAddress { recipient line1 line2 postalCode city country phone countryArea company }
  billingAddress { recipient line1 line2 postalCode city country phone countryArea company }
  lines { id title sku quantity unitPrice { amount } total { amount } variant { id } }
}"""
ENDS = {"CONFIRMED", "CANCELLED"}
ERRORS = "errors { code message field }"
ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "1 Analytical Way",
    "postalCode": "N1 9GU",
    "city": "London",
    "country": "GB",
}

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """Orders with all that it needs; ``catalogue`` and ``stockroom`` are the databases of orders and inventory."""

    orders: Running
    issuer: Issuer
    catalogue: asyncpg.Connection
    stockroom: asyncpg.Connection
    payments: PaymentsDouble
    faults: Faults

    async def variant(self, *faults: Fault, stock: int = 100, price: int = 1990, title: str = "Linen Shirt") -> str:
        """A new variant on sale. What orders knows of its stock is what there is now, and is not kept up to date."""
        variant_id = new_id()
        await self.catalogue.execute(
            "INSERT INTO variants (id, product_id, sku, title, price_minor, currency, is_sold)"
            " VALUES ($1, $2, 'LS', $3, $4, 'EUR', true)",
            variant_id,
            new_id(),
            title,
            price,
        )
        await self.known_stock(variant_id, stock)
        await self._put_in_stock(variant_id, stock)
        self.faults.plan(str(variant_id), *faults)
        return str(variant_id)

    async def known_stock(self, variant_id: UUID | str, available: int) -> None:
        """What orders believes of a variant's stock."""
        await self.catalogue.execute(
            "INSERT INTO known_stock (variant_id, version, available) VALUES ($1, 1, $2)"
            " ON CONFLICT (variant_id) DO UPDATE SET available = excluded.available",
            variant_id,
            available,
        )

    async def _put_in_stock(self, variant_id: UUID, stock: int) -> None:
        warehouse_id = await self.stockroom.fetchval(
            "INSERT INTO warehouses (id, code, name, country) VALUES ($1, 'HAM', 'Hamburg', 'DE')"
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name RETURNING id",
            new_id(),
        )
        await self.stockroom.execute("INSERT INTO stock_items (variant_id, version) VALUES ($1, 1)", variant_id)
        await self.stockroom.execute(
            "INSERT INTO stock_levels (variant_id, warehouse_id, on_hand) VALUES ($1, $2, $3)",
            variant_id,
            warehouse_id,
            stock,
        )

    async def stock(self, variant_id: str) -> tuple[int, int]:
        """What inventory has of a variant: on hand, and of it held."""
        row = await self.stockroom.fetchrow(
            "SELECT on_hand, held FROM stock_levels WHERE variant_id = $1", UUID(variant_id)
        )
        assert row is not None
        return row["on_hand"], row["held"]

    async def has_stalled(self, order_id: str, fault: Fault) -> bool:
        """Whether an order has come to its planned stall."""
        return (order_id, fault.step, fault.when) in self.faults.stalled

    async def has_step(self, order_id: str, step: str) -> bool:
        """Whether an order's saga is at a step."""
        at: str = await self.catalogue.fetchval("SELECT step FROM sagas WHERE id = $1", UUID(order_id))
        return at == step

    def buyer(self) -> "Buyer":
        """Somebody new with an account."""
        user_id = uuid4()
        return Buyer(self, user_id, self.issuer.token(user_id))

    def staff(self, *scopes: str) -> "Buyer":
        """Somebody new whose token has these scopes."""
        user_id = uuid4()
        return Buyer(self, user_id, self.issuer.token(user_id, " ".join(scopes)))

    def guest(self) -> "Buyer":
        """Somebody without one."""
        return Buyer(self, None, None)


@dataclass(frozen=True)
class Buyer:
    """Somebody who buys."""

    shop: Shop
    id: UUID | None
    token: str | None
    order_token: str | None = None

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> JsonObject:
        """The data of an answer without errors."""
        answer = await self._answer(query, variables)
        assert "errors" not in answer, answer
        data: JsonObject = answer["data"]
        return data

    async def _answer(self, query: str, variables: Mapping[str, Any] | None) -> JsonObject:
        return await self.shop.orders.graphql(query, variables, self.token, order_token=self.order_token)

    async def change(self, mutation: str, given: Mapping[str, Any]) -> JsonObject:
        """The payload of a mutation of carts."""
        input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = f"mutation ($input: {input_type}!) {{ it: {mutation}(input: $input) {{ cart {CART} {ERRORS} }} }}"
        payload: JsonObject = (await self.ask(document, {"input": given}))["it"]
        return payload

    async def new_cart(self) -> str:
        """The id of an empty cart."""
        cart_id: str = (await self.ask(f"mutation {{ cartCreate {{ cart {CART} {ERRORS} }} }}"))["cartCreate"]["cart"][
            "id"
        ]
        return cart_id

    async def filled_cart(self, *variants: str, quantity: int = 1) -> str:
        """The id of a cart with these variants in it."""
        cart_id = await self.new_cart()
        payload = await self.add(cart_id, *variants, quantity=quantity)
        assert payload["errors"] == []
        return cart_id

    async def add(self, cart_id: str, *variants: str, quantity: int = 1) -> JsonObject:
        """Adds variants."""
        lines = [{"variantId": variant, "quantity": quantity} for variant in variants]
        return await self.change("cartAddLines", {"cartId": cart_id, "lines": lines})

    async def cart(self, cart_id: str) -> JsonObject | None:
        """A cart as this buyer sees it."""
        cart: JsonObject | None = (await self.ask(f"query ($id: ID!) {{ cart(id: $id) {CART} }}", {"id": cart_id}))[
            "cart"
        ]
        return cart

    async def checkout(self, cart_id: str, key: str | None = None, **changes: Any) -> JsonObject:
        """The whole answer to ``checkoutPlaceOrder``."""
        document = (
            "mutation ($input: CheckoutPlaceOrderInput!, $key: String!)"
            f" {{ checkoutPlaceOrder(input: $input, idempotencyKey: $key)"
            f" {{ order {ORDER} orderToken orderTokenExpiresAt {ERRORS} }} }}"
        )
        given = {
            "cartId": cart_id,
            "email": "ada@example.com",
            "shippingAddress": ADDRESS,
            "paymentMethodId": GOOD_CARD,
            **changes,
        }
        return await self._answer(document, {"input": given, "key": key or str(uuid4())})

    async def place(self, cart_id: str, key: str | None = None, **changes: Any) -> JsonObject:
        """The payload of ``checkoutPlaceOrder``."""
        answer = await self.checkout(cart_id, key, **changes)
        assert "errors" not in answer, answer
        payload: JsonObject = answer["data"]["checkoutPlaceOrder"]
        return payload

    async def placed(self, *variants: str, quantity: int = 1, **changes: Any) -> str:
        """The id of a new order of these variants."""
        payload = await self.place(await self.filled_cart(*variants, quantity=quantity), **changes)
        assert payload["errors"] == []
        order_id: str = payload["order"]["id"]
        return order_id

    async def order(self, order_id: str) -> JsonObject | None:
        """An order as this buyer sees it."""
        order: JsonObject | None = (await self.ask(f"query ($id: ID!) {{ order(id: $id) {ORDER} }}", {"id": order_id}))[
            "order"
        ]
        return order

    async def act(
        self, mutation: str, given: Mapping[str, Any], selection: str = "", key: str | None = None
    ) -> JsonObject:
        """The whole answer to a mutation of orders that takes an idempotencyKey."""
        input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = (
            f"mutation ($input: {input_type}!, $key: String!)"
            f" {{ it: {mutation}(input: $input, idempotencyKey: $key)"
            f" {{ order {{ id status }} {selection} {ERRORS} }} }}"
        )
        return await self._answer(document, {"input": given, "key": key or str(uuid4())})

    async def done(
        self, mutation: str, given: Mapping[str, Any], selection: str = "", key: str | None = None
    ) -> JsonObject:
        """The payload of such a mutation, which made no mistake."""
        answer = await self.act(mutation, given, selection, key)
        assert "errors" not in answer, answer
        payload: JsonObject = answer["data"]["it"]
        assert payload["errors"] == []
        return payload

    async def asked(self, order_id: str, selection: str) -> JsonObject:
        """Some fields of an order."""
        order: JsonObject = (
            await self.ask(f"query ($id: ID!) {{ order(id: $id) {{ {selection} }} }}", {"id": order_id})
        )["order"]
        return order

    async def becomes(self, order_id: str, status: str) -> JsonObject:
        """An order, once it has a status."""

        async def look() -> JsonObject | None:
            order = await self.order(order_id)
            return order if order and order["status"] == status else None

        return await eventually(look, f"order {order_id} is {status}")

    async def ended(self, order_id: str) -> JsonObject:
        """An order, once it is confirmed or cancelled."""

        async def look() -> JsonObject | None:
            order = await self.order(order_id)
            return order if order and order["status"] in ENDS else None

        return await eventually(look, f"order {order_id} is confirmed or cancelled")
