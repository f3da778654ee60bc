"""What the provider refuses while a dispute is open goes on by itself once the bank has decided."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, manager, provider_of, quiet, seen, sources
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import CARD_THAT_TAKES_NOTHING_BACK
from tests.integration.orders.shipping import confirmed, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import eventually


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop, and the banks behind it."""
    async with provider_of(shop) as found:
        yield found
    shop.payments.takes_refunds = True


async def disputed(shop: Shop, provider: Provider, minor: int, *faults: Fault) -> tuple[str, JsonObject]:
    """A variant with five units, and an order of two at 10.00
    of which the provider gives nothing back while a dispute is open.
    """
    variant = await shop.variant(*faults, stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2, paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    await provider.disputes(order["id"], minor)
    shop.payments.takes_refunds = False
    return variant, order


async def decides(shop: Shop, provider: Provider, order_id: str, minor: int, outcome: str) -> None:
    shop.payments.takes_refunds = True
    await provider.decides(order_id, minor, outcome)


@pytest.mark.parametrize("outcome", ["WON", "LOST"])
async def test_a_cancellation_that_a_dispute_keeps_goes_on_when_it_is_decided(
    shop: Shop, provider: Provider, outcome: str
) -> None:
    staff = manager(shop)
    variant, order = await disputed(shop, provider, 1500)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await eventually(lambda: shop.has_step(order["id"], "STUCK"), "the provider refuses")
    assert "goes on by itself" in (await seen(staff, order["id"]))["attention"]
    await decides(shop, provider, order["id"], 1500, outcome)
    await staff.becomes(order["id"], "CANCELLED")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["attention"], found["refunded"]["amount"], found["availableActions"]) == (None, "20.00", [])
    assert shop.payments.given_back[order["id"]] == (2000 if outcome == "WON" else 500)
    assert await shop.stock(variant) == (5, 0)


async def refused_refund(shop: Shop, staff: Buyer, order: JsonObject) -> None:
    await staff.done("orderRefund", {"orderId": order["id"], "reason": "broken", "restock": True, **some(order, 1)})
    await quiet(shop, order["id"])
    assert sources(await seen(staff, order["id"])) == [("REQUESTED", "10.00", "FAILED")]


@pytest.mark.parametrize("outcome", ["WON", "LOST"])
async def test_a_refund_that_a_dispute_keeps_goes_on_when_it_is_decided(
    shop: Shop, provider: Provider, outcome: str
) -> None:
    staff = manager(shop)
    variant, order = await disputed(shop, provider, 500)
    await refused_refund(shop, staff, order)
    await decides(shop, provider, order["id"], 500, outcome)
    await eventually(lambda: is_given(staff, order["id"]), "the refund is DONE")
    await quiet(shop, order["id"])
    assert await shop.stock(variant) == (4, 0)
    assert (await seen(staff, order["id"]))["attention"] is None


async def is_given(staff: Buyer, order_id: str) -> bool:
    return ("REQUESTED", "10.00", "DONE") in sources(await seen(staff, order_id))


async def test_a_refund_that_is_refused_after_the_decision_too_waits_for_a_person(
    shop: Shop, provider: Provider
) -> None:
    staff = manager(shop)
    _, order = await disputed(shop, provider, 500)
    await refused_refund(shop, staff, order)
    await provider.decides(order["id"], 500, "WON")
    await quiet(shop, order["id"])
    assert "RETRY" in actions(await seen(staff, order["id"]))
    assert sources(await seen(staff, order["id"])) == [("REQUESTED", "10.00", "FAILED")]


@pytest.mark.parametrize("outcome", ["WON", "LOST"])
async def test_a_refusal_that_is_heard_after_the_decision_keeps_nothing(
    shop: Shop, provider: Provider, outcome: str
) -> None:
    stall, staff = Fault("REFUND", When.AFTER, Kind.STALL), manager(shop)
    variant, order = await disputed(shop, provider, 1500, stall)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await eventually(lambda: shop.has_stalled(order["id"], stall), "the provider has refused, and nobody heard of it")
    await decides(shop, provider, order["id"], 1500, outcome)
    stall.go.set()
    await staff.becomes(order["id"], "CANCELLED")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["attention"], found["refunded"]["amount"]) == (None, "20.00")
    assert await shop.stock(variant) == (5, 0)
