"""Orders of which units are still to come, with a real inventory and its events over Kafka."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest_asyncio

from shared.ids import new_id
from tests.contracts import assert_payload_matches
from tests.integration.inventory.staff import MUTATIONS
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.shipping import confirmed, deliver, mistakes, ship, shipper, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import Running, eventually

WAITS = "lines { id waitingQuantity expectedFrom shippedQuantity refundedQuantity } status"
DAY, LATER = "2999-12-01", "2999-12-24"


@dataclass(frozen=True)
class Stockroom:
    """A shop and the people in its stockroom."""

    shop: Shop
    inventory: Running
    token: str

    async def variant(self, stock: int, limit: int | None = None, *faults: Fault) -> str:
        """A variant of which more may be ordered than there are, once orders knows that."""
        variant_id = await self.shop.variant(*faults, stock=stock)
        await self.allow(variant_id, limit)
        return variant_id

    async def allow(
        self, variant_id: str, limit: int | None = None, day: str | None = DAY, is_allowed: bool = True
    ) -> None:
        """New rules, once orders knows them."""
        backorder = {"isAllowed": is_allowed, "availableFrom": day, "limit": limit}
        await self._done("stockSetPolicy", {"variantId": variant_id, "backorder": backorder})
        version = await self.shop.stockroom.fetchval(
            "SELECT version FROM stock_items WHERE variant_id = $1", UUID(variant_id)
        )

        async def is_known() -> bool:
            known = await self.shop.catalogue.fetchval(
                "SELECT version FROM known_stock WHERE variant_id = $1", UUID(variant_id)
            )
            return bool(known == version)

        await eventually(is_known, "orders knows the new rules")

    async def receive(self, variant_id: str, quantity: int) -> None:
        """Units come in."""
        warehouse_id = await self.shop.stockroom.fetchval("SELECT id FROM warehouses WHERE code = 'HAM'")
        await self._done(
            "stockReceive", {"variantId": variant_id, "warehouseId": str(warehouse_id), "quantity": quantity}
        )

    async def waiting(self, variant_id: str) -> int:
        """How many units inventory has orders wait for."""
        units: int = await self.shop.stockroom.fetchval(
            "SELECT waiting FROM stock_items WHERE variant_id = $1", UUID(variant_id)
        )
        return units

    async def _done(self, mutation: str, given: JsonObject) -> None:
        variables = {"input": given, **({} if mutation == "stockSetPolicy" else {"key": str(uuid4())})}
        answer = await self.inventory.graphql(MUTATIONS[mutation], variables, self.token)
        assert answer.get("errors") is None, answer
        assert answer["data"][mutation]["errors"] == []


@pytest_asyncio.fixture(scope="package")
async def stockroom(shop: Shop, inventory_server: Running) -> Stockroom:
    return Stockroom(shop, inventory_server, shop.issuer.token(new_id(), "inventory:read inventory:write"))


async def waits(staff: Buyer, order_id: str) -> list[tuple[int, str | None]]:
    """How many units of each line are still to come, and when."""
    lines = (await staff.asked(order_id, WAITS))["lines"]
    return [(line["waitingQuantity"], line["expectedFrom"]) for line in lines]


async def waits_for(staff: Buyer, order_id: str, *units: int) -> None:
    """Until an order's lines wait for so many units."""

    async def is_so() -> bool:
        return [quantity for quantity, _ in await waits(staff, order_id)] == list(units)

    await eventually(is_so, f"order {order_id} waits for {units}")


async def event(shop: Shop, order_id: str, name: str) -> JsonObject:
    """The payload of the latest event of an order, as the contract says."""
    stored = await shop.catalogue.fetchval(
        "SELECT payload FROM outbox WHERE key = $1 AND type = $2 ORDER BY id DESC LIMIT 1",
        order_id,
        f"mercato.orders.{name}",
    )
    payload: JsonObject = orjson.loads(stored)
    assert_payload_matches(f"mercato.orders.{name}", payload)
    return payload


async def test_what_is_here_is_shipped_and_what_waits_follows_when_it_has_come(stockroom: Stockroom) -> None:
    shop, staff = stockroom.shop, shipper(stockroom.shop)
    variant = await stockroom.variant(2)
    order = await confirmed(shop, variant, quantity=5)
    line_id = order["lines"][0]["id"]
    assert await waits(staff, order["id"]) == [(3, DAY)]
    told = {"lineId": line_id, "quantity": 3, "expectedFrom": DAY}
    assert (await event(shop, order["id"], "OrderConfirmed"))["waiting"] == [told]
    refused = await ship(staff, order["id"], **some(order, 3))
    assert mistakes(refused) == [("EXCEEDS_REMAINING", ["lines", "0", "quantity"])]
    assert (
        "Of this line 2 can be shipped now and 3 pieces wait, expected from 2999-12-01"
        in refused["errors"][0]["message"]
    )
    first = await ship(staff, order["id"])
    assert (first["shipment"]["lines"], first["order"]["status"]) == (
        [{"lineId": line_id, "quantity": 2}],
        "PARTIALLY_SHIPPED",
    )
    shipped = await event(shop, order["id"], "OrderShipped")
    assert (shipped["waiting"], shipped["shipment"]["isLast"]) == ([told], False)
    refused = await ship(staff, order["id"])
    assert mistakes(refused) == [("EXCEEDS_REMAINING", ["orderId"])]
    assert "3 pieces wait, expected from 2999-12-01" in refused["errors"][0]["message"]
    await stockroom.receive(variant, 1)
    await waits_for(staff, order["id"], 2)
    await stockroom.receive(variant, 2)
    await waits_for(staff, order["id"], 0)
    last = await ship(staff, order["id"])
    assert (last["shipment"]["lines"], last["order"]["status"]) == ([{"lineId": line_id, "quantity": 3}], "SHIPPED")
    assert (await event(shop, order["id"], "OrderShipped"))["waiting"] == []
    await deliver(staff, first["shipment"]["id"])
    assert (await deliver(staff, last["shipment"]["id"]))["order"]["status"] == "DELIVERED"


async def test_the_cart_knows_how_many_may_follow_and_is_told_when_others_take_them(stockroom: Stockroom) -> None:
    shop, buyer = stockroom.shop, stockroom.shop.buyer()
    variant = await stockroom.variant(1, 2)
    cart_id = await buyer.filled_cart(variant, quantity=50)
    payload = await buyer.place(cart_id)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [
        ("LINE_HAS_PROBLEMS", ["cartId", "lines", "0"])
    ]
    assert "Only 3 of Linen Shirt can be had, 1 at once and 2 later" in payload["errors"][0]["message"]
    fitting = await buyer.filled_cart(variant, quantity=3)
    shown = await buyer.ask(
        "query ($id: ID!) { cart(id: $id) { lines { waitingQuantity expectedFrom } } }", {"id": fitting}
    )
    assert shown["cart"]["lines"] == [{"waitingQuantity": 2, "expectedFrom": DAY}]
    await confirmed(shop, variant, quantity=2)

    async def is_short() -> bool:
        line = (await buyer.cart(fitting) or {})["lines"][0]
        return [(its["code"], its["message"]) for its in line["problems"]] == [
            ("INSUFFICIENT_STOCK", "Only 1 of Linen Shirt can be had, and later; lower the quantity.")
        ]

    await eventually(is_short, "the cart is told that others took what may follow")


async def test_an_order_of_which_all_waits_can_be_cancelled_and_leaves_its_place(stockroom: Stockroom) -> None:
    shop, staff = stockroom.shop, stockroom.shop.staff("orders:read", "orders:ship", "orders:cancel")
    variant = await stockroom.variant(0)
    first, second = await confirmed(shop, variant, quantity=2), await confirmed(shop, variant, quantity=1)
    assert mistakes(await ship(staff, first["id"])) == [("EXCEEDS_REMAINING", ["orderId"])]
    await staff.done("orderCancel", {"orderId": first["id"]})
    await staff.becomes(first["id"], "CANCELLED")
    assert await waits(staff, first["id"]) == [(0, None)]
    await stockroom.receive(variant, 1)
    await waits_for(staff, second["id"], 0)
    assert (await ship(staff, second["id"]))["order"]["status"] == "SHIPPED"
    assert await stockroom.waiting(variant) == 0


async def refund(staff: Buyer, order: JsonObject, restock: bool, *quantities: int) -> None:
    """Gives money back for units, and waits until that is done."""
    given = {"orderId": order["id"], **some(order, *quantities), "restock": restock, "reason": "changed their mind"}
    await staff.done("orderRefund", given)

    async def is_done() -> bool:
        open_sagas = "SELECT count(*) FROM sagas WHERE order_id = $1 AND due_at IS NOT NULL"
        return not await staff.shop.catalogue.fetchval(open_sagas, UUID(order["id"]))

    await eventually(is_done, "the refund is done")


async def test_a_refund_is_for_the_units_that_wait_and_their_place_goes_to_the_next(stockroom: Stockroom) -> None:
    shop, staff = stockroom.shop, stockroom.shop.staff("orders:read", "orders:ship", "orders:refund")
    variant = await stockroom.variant(1)
    orders = [await confirmed(shop, variant, quantity=quantity) for quantity in (4, 1)]
    await refund(staff, orders[0], False, 1)
    assert [quantity for quantity, _ in await waits(staff, orders[0]["id"])] == [2]
    await refund(staff, orders[0], True, 1)
    assert [quantity for quantity, _ in await waits(staff, orders[0]["id"])] == [1]
    await stockroom.receive(variant, 2)
    await waits_for(staff, orders[1]["id"], 0)
    await waits_for(staff, orders[0]["id"], 0)
    assert [(await ship(staff, order["id"]))["order"]["status"] for order in orders] == ["SHIPPED", "SHIPPED"]
    assert await shop.stock(variant) == (0, 0)


async def test_an_order_whose_money_is_all_back_waits_no_longer(stockroom: Stockroom) -> None:
    shop, staff = stockroom.shop, stockroom.shop.staff("orders:read", "orders:ship", "orders:refund")
    variant = await stockroom.variant(0)
    order, other = await confirmed(shop, variant, quantity=2), await confirmed(shop, variant)
    given = {"orderId": order["id"], "amount": order["total"], "restock": False, "reason": "will not come"}
    await staff.done("orderRefund", given)
    await staff.becomes(order["id"], "REFUNDED")
    assert await waits(staff, order["id"]) == [(0, None)]
    await stockroom.receive(variant, 1)
    await waits_for(staff, other["id"], 0)


async def test_an_arrival_that_is_told_before_the_reservation_is_answered_is_not_undone_by_the_answer(
    stockroom: Stockroom,
) -> None:
    shop, staff, buyer = stockroom.shop, shipper(stockroom.shop), stockroom.shop.buyer()
    stall = Fault("RESERVE", When.AFTER, Kind.STALL)
    variant = await stockroom.variant(0, None, stall)
    order_id = await buyer.placed(variant, quantity=2)
    await eventually(lambda: shop.has_stalled(order_id, stall), "the answer is held back")
    await stockroom.receive(variant, 2)

    async def is_told() -> bool:
        told: Any = await shop.catalogue.fetchval(
            "SELECT waiting_version FROM order_lines WHERE order_id = $1", UUID(order_id)
        )
        return bool(told > 0)

    await eventually(is_told, "the arrival is told")
    stall.go.set()
    assert (await buyer.ended(order_id))["status"] == "CONFIRMED"
    assert await waits(staff, order_id) == [(0, None)]
    assert (await ship(staff, order_id))["order"]["status"] == "SHIPPED"


async def test_an_order_whose_hold_expired_may_have_to_wait_for_what_others_took_meanwhile(
    stockroom: Stockroom,
) -> None:
    shop, staff, buyer = stockroom.shop, shipper(stockroom.shop), stockroom.shop.buyer()
    stall = Fault("COMMIT", When.BEFORE, Kind.STALL)
    variant = await stockroom.variant(2, None, stall)
    order_id = await buyer.placed(variant, quantity=2)
    await eventually(lambda: shop.has_stalled(order_id, stall), "the order is about to be sold")
    await shop.stockroom.execute("UPDATE reservations SET expires_at = now() WHERE order_id = $1", UUID(order_id))

    async def has_expired() -> bool:
        state = await shop.stockroom.fetchval("SELECT state FROM reservations WHERE order_id = $1", UUID(order_id))
        return bool(state == "EXPIRED")

    await eventually(has_expired, "the hold expires")
    shop.faults.plan(variant)
    assert await waits(staff, (await confirmed(shop, variant))["id"]) == [(0, None)]
    stall.go.set()
    assert (await buyer.ended(order_id))["status"] == "CONFIRMED"
    assert await waits(staff, order_id) == [(1, DAY)]
    assert (await event(shop, order_id, "OrderConfirmed"))["waiting"][0]["quantity"] == 1
    shipment = (await ship(staff, order_id))["shipment"]
    assert [line["quantity"] for line in shipment["lines"]] == [1]


async def test_an_order_tells_the_day_that_is_expected_now_even_when_no_more_can_be_ordered(
    stockroom: Stockroom,
) -> None:
    shop, staff = stockroom.shop, shipper(stockroom.shop)
    variant = await stockroom.variant(0, 2)
    order = await confirmed(shop, variant, quantity=2)
    assert await waits(staff, order["id"]) == [(2, DAY)]
    await stockroom.allow(variant, 2, LATER)
    assert await waits(staff, order["id"]) == [(2, LATER)]
    told = await event(shop, order["id"], "OrderExpectedDayChanged")
    assert told["waiting"] == [{"lineId": order["lines"][0]["id"], "quantity": 2, "expectedFrom": LATER}]
    await stockroom.allow(variant, None, None, is_allowed=False)
    assert await waits(staff, order["id"]) == [(2, LATER)]
    assert (await event(shop, order["id"], "OrderExpectedDayChanged"))["changeId"] == told["changeId"]
    await stockroom.allow(variant, 1, None)
    assert await waits(staff, order["id"]) == [(2, None)]
    assert (await event(shop, order["id"], "OrderExpectedDayChanged"))["waiting"][0]["expectedFrom"] is None
    await shop.catalogue.execute(
        "UPDATE known_stock SET expected_from = '2026-01-01' WHERE variant_id = $1", UUID(variant)
    )
    assert await waits(staff, order["id"]) == [(2, None)]
    refused = await ship(staff, order["id"], **some(order, 1))
    assert "2 pieces wait, and nobody knows yet until when" in refused["errors"][0]["message"]
