"""Refunds that the provider refuses: what is owed stays owed until it is given back, and is given back once."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, manager, provider_of, quiet, seen
from tests.integration.orders.peers import CARD_THAT_TAKES_NOTHING_BACK
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.integration.orders.test_backorders import Stockroom, stockroom
from tests.integration.orders.test_refunds import asked_for, paid, settled

__all__ = ["stockroom"]  # a fixture


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    async with provider_of(shop) as provider:
        yield provider


@pytest.fixture(autouse=True)
def refunds_again(shop: Shop) -> Iterator[None]:
    """Whatever a test had the provider refuse, it takes again for the next."""
    yield
    shop.payments.takes_refunds = True


async def refusing(shop: Shop, *prices: int, quantity: int = 1) -> JsonObject:
    """A confirmed order of lines at these prices, whose provider takes nothing back for now."""
    return await refusing_of(shop, *[await shop.variant(stock=5, price=price) for price in prices], quantity=quantity)


async def refusing_of(shop: Shop, *variants: str, quantity: int) -> JsonObject:
    order = await paid(shop, *variants, quantity=quantity, paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    shop.payments.takes_refunds = False
    return order


async def refused(staff: Buyer, order: JsonObject, line: int, restock: bool = False) -> str:
    """The id of a refund of one unit of a line, which was refused."""
    lines = [{"lineId": order["lines"][line]["id"], "quantity": 1}]
    refund_id: str = (await asked_for(staff, order["id"], lines=lines, restock=restock))["id"]
    await settled(staff, order["id"], refund_id, "FAILED")
    return refund_id


async def statuses(staff: Buyer, order_id: str) -> dict[str, str]:
    return {refund["id"]: refund["status"] for refund in (await seen(staff, order_id))["refunds"]}


async def test_a_refused_refund_stays_owed_when_something_else_is_given_back(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, 700), manager(shop)
    first = await refused(staff, order, 0)
    shop.payments.takes_refunds = True
    other = await asked_for(staff, order["id"], lines=[{"lineId": order["lines"][1]["id"], "quantity": 1}])
    await settled(staff, order["id"], other["id"])
    after = await seen(staff, order["id"])
    assert "orderRetry" in after["attention"]
    assert "RETRY" in actions(after)
    await staff.done("orderRetry", {"orderId": order["id"]})
    await settled(staff, order["id"], first)
    assert shop.payments.given_back[order["id"]] == 1700


async def test_a_refused_refund_is_given_back_once_when_another_one_is_for_the_same_line(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, quantity=2), manager(shop)
    first = await refused(staff, order, 0)
    shop.payments.takes_refunds = True
    another = await asked_for(staff, order["id"], lines=[{"lineId": order["lines"][0]["id"], "quantity": 1}])
    await settled(staff, order["id"], another["id"])
    await quiet(shop, order["id"])
    after = await seen(staff, order["id"])
    assert (after["attention"], "RETRY" in actions(after)) == (None, False)
    assert await statuses(staff, order["id"]) == {first: "FAILED", another["id"]: "DONE"}
    assert shop.payments.given_back[order["id"]] == 1000


async def test_of_a_refused_refund_what_is_left_is_given_back_after_a_part_went_back_elsewhere(
    shop: Shop, provider: Provider
) -> None:
    order, staff = await refusing(shop, 1000), manager(shop)
    first = await asked_for(staff, order["id"], restock=True)
    await settled(staff, order["id"], first["id"], "FAILED")
    await provider.gives_back(order["id"], 400)
    shop.payments.takes_refunds = True
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    after = await seen(staff, order["id"])
    assert (after["status"], after["attention"]) == ("REFUNDED", None)
    assert [(each["amount"]["amount"], each["status"]) for each in after["refunds"]] == [
        ("10.00", "FAILED"),
        ("4.00", "DONE"),
        ("6.00", "DONE"),
    ]
    reasons = [change["reason"] for change in after["history"]]
    assert "of a refused refund of 10.00 EUR only 6.00 are left to give back; the buyer has the rest" in reasons
    assert after["lines"][0]["refundedQuantity"] == 1
    variant = order["lines"][0]["variant"]["id"]
    assert (await shop.stock(variant), shop.payments.given_back[order["id"]]) == ((5, 0), 600)


async def test_units_of_a_refused_refund_that_stay_out_of_stock_stay_out_when_the_order_is_cancelled(
    shop: Shop,
) -> None:
    order, staff = await refusing(shop, 1000, quantity=3), manager(shop)
    await refused(staff, order, 0)
    shop.payments.takes_refunds = True
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert (await shop.stock(order["lines"][0]["variant"]["id"]))[0] == 4
    assert shop.payments.given_back[order["id"]] == 3000


async def test_a_refused_refund_of_an_amount_is_no_obstacle_to_a_cancellation(shop: Shop) -> None:
    order, staff = await refusing(shop, 1000, quantity=2), manager(shop)
    refund = await asked_for(staff, order["id"], amount={"amount": "5.00", "currency": "EUR"})
    await settled(staff, order["id"], refund["id"], "FAILED")
    shop.payments.takes_refunds = True
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert (await shop.stock(order["lines"][0]["variant"]["id"]), shop.payments.given_back[order["id"]]) == (
        (5, 0),
        2000,
    )


async def test_units_that_never_came_are_waited_for_no_more_when_their_refused_refund_keeps_them_out(
    shop: Shop, stockroom: Stockroom
) -> None:
    variant, staff = await stockroom.variant(2), manager(shop)
    order = await refusing_of(shop, variant, quantity=3)
    await refused(staff, order, 0)
    shop.payments.takes_refunds = True
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert (await stockroom.waiting(variant), await shop.stock(variant)) == (0, (2, 0))


async def test_units_of_a_refused_refund_that_stay_out_of_stock_stay_out_when_all_is_given_back_elsewhere(
    shop: Shop, provider: Provider, stockroom: Stockroom
) -> None:
    here, waited_for, staff = await shop.variant(stock=5), await stockroom.variant(2), manager(shop)
    order = await refusing_of(shop, here, waited_for, quantity=3)
    lines = {line["variant"]["id"]: line["id"] for line in order["lines"]}
    kept = [{"lineId": lines[here], "quantity": 1}, {"lineId": lines[waited_for], "quantity": 3}]
    refund = await asked_for(staff, order["id"], lines=kept, restock=False)
    await settled(staff, order["id"], refund["id"], "FAILED")
    await provider.gives_back(order["id"], 6 * 1990)
    await staff.becomes(order["id"], "REFUNDED")
    await quiet(shop, order["id"])
    assert (await shop.stock(here), await shop.stock(waited_for)) == ((4, 0), (0, 0))
    assert await stockroom.waiting(waited_for) == 0
    after = await seen(staff, order["id"])
    assert (after["attention"], actions(after)) == (None, set())
