"""A payment that succeeds after it was over here is put right once, by itself."""

import asyncio
from uuid import UUID

import pytest

from shared.ids import new_id
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.metrics import LATE_SUCCESSES
from subgraphs.payments.queries.payments import Viewer, payments_by_order
from tests.integration.payments.builders import authorization, events_of, follow_all, movements_of, status_of, told_of
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due
from tests.integration.payments.performed import authorize_payment

PUT_RIGHT = {"held": (PaymentStatus.DECLINED, "VOID"), "taken": (PaymentStatus.REFUNDED, "REFUND")}


async def declined(shop: DoubledShop) -> UUID:
    """A payment whose buyer failed to authenticate, as a webhook told; its intent is not barred yet."""
    wanted = authorization(ACTING_CARD)
    await authorize_payment(wanted, shop.providers)
    await shop.double.buyer_acts(await shop.reference(wanted.order_id), approves=False)
    assert await shop.tell((await shop.events(wanted.order_id))[-1]) == ["APPLIED"]
    assert await status_of(wanted.order_id) is PaymentStatus.DECLINED
    return wanted.order_id


async def paid_late(shop: DoubledShop, how: str) -> UUID:
    """One that the buyer paid by another card at the very moment."""
    order_id = await declined(shop)
    path = f"/v1/payment_intents/{await shop.reference(order_id)}"
    await shop.act(f"{path}/confirm", payment_method="pm_card_visa")
    if how == "taken":
        await shop.act(f"{path}/capture")
    return order_id


async def test_a_failed_authentication_bars_the_intent_so_that_nobody_pays_it_later(shop: DoubledShop) -> None:
    order_id = await declined(shop)
    assert await events_of(order_id) == ["PaymentDeclined"]
    await follow_all(shop.provider)
    assert (await shop.intent(order_id))["status"] == "canceled"
    assert await status_of(order_id) is PaymentStatus.DECLINED
    assert await events_of(order_id) == ["PaymentDeclined"]


@pytest.mark.parametrize("how", PUT_RIGHT)
async def test_money_that_came_too_late_goes_back_once(shop: DoubledShop, how: str) -> None:
    order_id = await paid_late(shop, how)
    counted = LATE_SUCCESSES._value.get()
    status, last = PUT_RIGHT[how]
    for _ in range(3):
        await shop.tell(*await shop.events(order_id))
        await make_due(order_id)
        await follow_all(shop.provider)
    assert await status_of(order_id) is status
    assert [kind for kind, _ in await movements_of(order_id)] == [
        "AUTHORIZATION",
        *(["CAPTURE"] * (how == "taken")),
        last,
    ]
    assert LATE_SUCCESSES._value.get() == counted + 1
    counts = await shop.counts(order_id)
    assert counts["refund" if how == "taken" else "release"] == 1


async def test_staff_are_told_while_a_provider_rejects_to_give_back_what_came_too_late(shop: DoubledShop) -> None:
    order_id = await paid_late(shop, "taken")
    assert await attention_of(order_id) is None
    await shop.double.on_requests("fail", "/v1/refunds", method="POST", when="before", status=400, times=None)
    await make_due(order_id)
    await follow_all(shop.provider)
    told = await attention_of(order_id)
    assert told
    assert "give it back on the provider's own page" in told
    await shop.double.reset()
    await shop.double.refund(await shop.reference(order_id))
    await make_due(order_id)
    await follow_all(shop.provider)
    assert await attention_of(order_id) is None
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert [refund["cause"] for refund in await told_of(order_id, "PaymentRefunded")] == ["LATE"]


async def attention_of(order_id: UUID) -> str | None:
    """What staff are told of an order's payment."""
    found = await payments_by_order([order_id], Viewer([new_id()], is_staff=True, configured=("stripe",)))
    (payment,) = found[order_id].payments
    return payment.attention


@pytest.mark.parametrize("how", PUT_RIGHT)
@pytest.mark.parametrize("when", ["before", "during", "after"])
@pytest.mark.parametrize("fault", ["fail", "drop"])
async def test_putting_right_is_taken_up_again_wherever_it_broke_off(
    shop: DoubledShop, how: str, when: str, fault: str
) -> None:
    if (fault, when) == ("drop", "during"):
        when = "before"
    order_id = await paid_late(shop, how)
    path = "/v1/refunds" if how == "taken" else "/v1/payment_intents/*/cancel"
    await shop.double.on_requests(fault, path, method="POST", when=when)
    for _ in range(3):
        await make_due(order_id)
        await follow_all(shop.provider)
    await shop.double.met()
    assert await status_of(order_id) is PUT_RIGHT[how][0]
    assert [kind for kind, _ in await movements_of(order_id)][-1] == PUT_RIGHT[how][1]


async def test_two_workers_put_right_once(shop: DoubledShop) -> None:
    order_id = await paid_late(shop, "taken")
    await make_due(order_id)
    await shop.double.on_requests("delay", "/v1/refunds", method="POST", when="before", seconds=0.3)
    await asyncio.gather(follow_all(shop.provider), follow_all(shop.provider))
    assert (await shop.counts(order_id))["refund"] == 1
    assert await status_of(order_id) is PaymentStatus.REFUNDED
