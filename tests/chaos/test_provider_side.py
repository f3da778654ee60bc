"""What is done at the provider itself, by people and banks.

Orders book it and hold what must not leave, and all books agree.

With the processes of the mesh, a double of Stripe, and its webhooks; ``pytest -rP`` shows what staff see.
"""

import secrets
from typing import Any

from tests.chaos.buyers import Buyer, JsonObject
from tests.chaos.elsewhere import becomes, dispute, give_back, seen
from tests.chaos.shop import Shop
from tests.subgraphs import eventually

_SHIP = """mutation ($input: ShipmentCreateInput!, $key: String!) {
  shipmentCreate(input: $input, idempotencyKey: $key) { order { status } errors { code message field } } }"""


async def ship(staff: Buyer, order_id: str) -> JsonObject:
    """The payload of ``shipmentCreate``."""
    given = {"input": {"orderId": order_id, "carrier": "DHL"}, "key": secrets.token_hex(16)}
    payload: JsonObject = (await staff.ask(_SHIP, given))["shipmentCreate"]
    return payload


async def bought(shop: Shop, variant: str, units: int = 2) -> tuple[str, Buyer]:
    """A confirmed order, and staff."""
    order_id = await shop.buyer().placed({variant: units})
    await shop.settled()
    return order_id, shop.staff()


def show(title: str, order: JsonObject) -> None:
    print(f"\n{title}: {order['status']}, refunded {order['refunded']['amount']}")
    for name in ("refunds", "hold", "attention", "availableActions"):
        print(f"  {name}: {order[name]}")
    for move in order["history"]:
        print(f"  {move['from']} -> {move['to']} by {move['actor']}: {move['reason']}")


async def _half(shop: Shop, order_id: str) -> int:
    return (await shop.charges())[order_id] // 2


async def test_a_refund_in_two_halves_at_the_provider_ends_refunded_and_the_units_are_back(shop: Shop) -> None:
    variant = await shop.variant(10)
    order_id, staff = await bought(shop, variant)
    await give_back(shop, order_id, await _half(shop, order_id))
    show("half is given back there", await becomes(staff, order_id, "CONFIRMED", refunds=1))
    await give_back(shop, order_id)
    show("the other half", await becomes(staff, order_id, "REFUNDED", refunds=2))
    refused = await ship(staff, order_id)
    print(f"  shipmentCreate: {refused['errors']}")
    assert [error["code"] for error in refused["errors"]] == ["WRONG_STATUS"]
    await shop.assert_reconciled()
    assert await shop.available(variant) == 10


async def test_an_order_of_which_a_part_is_back_already_is_cancelled(shop: Shop) -> None:
    variant = await shop.variant(10)
    order_id, staff = await bought(shop, variant)
    await give_back(shop, order_id, 700)
    assert (await staff.cancel(order_id))["errors"] == []  # payments may not know yet
    show("cancelled after a part refund", await becomes(staff, order_id, "CANCELLED", refunds=2))
    await shop.assert_reconciled()
    assert await shop.available(variant) == 10
    assert order_id not in await shop.charges()


async def test_a_dispute_holds_the_order_until_it_is_won(shop: Shop) -> None:
    order_id, staff = await bought(shop, await shop.variant(10))
    dispute_id = await dispute(shop, order_id)
    show("disputed", await becomes(staff, order_id, "CONFIRMED", is_held=True))
    refused = await ship(staff, order_id)
    print(f"  shipmentCreate: {refused['errors']}")
    assert [error["code"] for error in refused["errors"]] == ["WRONG_STATUS"]
    await shop.stripe.decide(dispute_id, "won")
    show("won", await becomes(staff, order_id, "CONFIRMED"))
    assert (await ship(staff, order_id))["order"]["status"] == "SHIPPED"
    await shop.assert_reconciled()


async def test_a_dispute_that_is_lost_counts_as_given_back(shop: Shop) -> None:
    variant = await shop.variant(10)
    order_id, staff = await bought(shop, variant)
    dispute_id = await dispute(shop, order_id)
    await becomes(staff, order_id, "CONFIRMED", is_held=True)
    await shop.stripe.decide(dispute_id, "lost")
    show("lost", await becomes(staff, order_id, "REFUNDED", refunds=1))
    await shop.assert_reconciled()
    assert await shop.available(variant) == 10


async def test_a_dispute_of_an_order_that_is_cancelled_meanwhile_is_won_and_given_back(shop: Shop) -> None:
    variant = await shop.variant(10)
    order_id, staff = await bought(shop, variant)
    dispute_id = await dispute(shop, order_id, amount=700)
    await becomes(staff, order_id, "CONFIRMED", is_held=True)
    assert (await staff.cancel(order_id))["errors"] == []
    show("cancelled during a dispute", await becomes(staff, order_id, "CANCELLED", is_held=True, refunds=1))
    await shop.assert_reconciled()
    await shop.stripe.decide(dispute_id, "won")
    show("won afterwards", await becomes(staff, order_id, "CANCELLED", refunds=2))
    await shop.assert_reconciled()
    assert order_id not in await shop.charges()
    assert await shop.available(variant) == 10


async def test_a_refund_that_meets_one_at_the_provider_says_so_and_the_rest_has_a_way_out(shop: Shop) -> None:
    order_id, staff = await bought(shop, await shop.variant(10))
    await shop.stripe.on_webhooks("lose", times=None)
    try:
        total = (await shop.charges())[order_id]
        await give_back(shop, order_id, total - 100)
        assert (await staff.refund(order_id))["errors"] == []  # of all that orders knows to be left
        order = await becomes(staff, order_id, "CONFIRMED", refunds=1)
        show("refused, and what payments found is booked", order)
        await becomes_stuck(staff, order_id)
        show("the way out", await seen(staff, order_id))
        assert (await staff.refund(order_id))["errors"] == []
        show("the rest is given back", await becomes(staff, order_id, "REFUNDED", refunds=2))
        await shop.assert_reconciled()
    finally:
        await shop.stripe.reset()


async def becomes_stuck(staff: Buyer, order_id: str) -> None:
    """Waits until a refund waits for a person."""

    async def look() -> Any:
        return (await seen(staff, order_id))["attention"]

    await eventually(look, "the refund waits for a person")
