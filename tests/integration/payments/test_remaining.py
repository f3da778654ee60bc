"""All that is left is given back, whatever was done at the provider meanwhile."""

import asyncio
from uuid import UUID

import pytest

from shared.errors import FailedPrecondition, Unavailable
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.builders import authorized, captured, movements_of, status_of, told_of
from tests.integration.payments.doubled import DoubledShop
from tests.integration.payments.performed import refund_payment, refund_remaining


async def refund_there(shop: DoubledShop, order_id: UUID, amount: int) -> None:
    """Somebody gives money back at the provider's dashboard, and no webhook tells."""
    await shop.double.refund(await shop.reference(order_id), amount)


async def remaining(shop: DoubledShop, order_id: UUID, key: str = "rest") -> tuple[int, int]:
    """What a refund of the rest gave back, and what was given back in all."""
    given = await refund_remaining(order_id, key, shop.providers)
    return given.amount_minor, given.refunded_minor


async def refunds_of(order_id: UUID) -> list[tuple[int, str, str | None]]:
    """The refunds that were told of: how much, why, and by which key."""
    told = await told_of(order_id, "PaymentRefunded")
    return [(refund["amountMinor"], refund["cause"], refund["refundKey"]) for refund in told]


async def test_all_is_refunded_of_what_nobody_touched(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    assert await remaining(shop, order_id) == (1990, 1990)
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await refunds_of(order_id) == [(1990, "REQUESTED", "rest")]


async def test_what_was_refunded_at_the_provider_is_learned_first(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_there(shop, order_id, 500)
    assert await remaining(shop, order_id) == (1490, 1990)
    assert await refunds_of(order_id) == [(500, "PROVIDER", None), (1490, "REQUESTED", "rest")]
    assert (await shop.books(order_id))["refunded"] == 1990


async def test_nothing_left_is_a_success(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_there(shop, order_id, 1990)
    assert await remaining(shop, order_id) == (0, 1990)
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await refunds_of(order_id) == [(1990, "PROVIDER", None)]


async def test_a_capture_whose_answer_was_lost_is_learned_first(shop: DoubledShop) -> None:
    order_id = await authorized(shop.provider)
    await shop.act(f"/v1/payment_intents/{await shop.reference(order_id)}/capture")
    assert await remaining(shop, order_id) == (1990, 1990)


async def test_ten_at_once_give_back_once(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    answers = await asyncio.gather(*(remaining(shop, order_id) for _ in range(10)))
    assert set(answers) == {(1990, 1990)}
    assert (await shop.counts(order_id))["refund"] == 1


@pytest.mark.parametrize("fault", ["fail", "drop"])
@pytest.mark.parametrize("when", ["before", "during", "after"])
async def test_a_lost_answer_gives_back_once(shop: DoubledShop, fault: str, when: str) -> None:
    if (fault, when) == ("drop", "during"):
        when = "before"
    order_id = await captured(shop.provider)
    await shop.double.on_requests(fault, "/v1/refunds", method="POST", when=when)
    for _ in range(2):
        try:
            answer = await remaining(shop, order_id)
            break
        except Unavailable:
            continue
    assert answer == (1990, 1990)
    assert await refunds_of(order_id) == [(1990, "REQUESTED", "rest")]
    assert (await shop.counts(order_id))["refund"] == 1


async def test_less_is_refunded_when_somebody_was_faster_at_the_provider(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.on_requests("drop", "/v1/refunds", method="POST", when="before")
    with pytest.raises(Unavailable):
        await remaining(shop, order_id)
    await refund_there(shop, order_id, 600)
    assert await remaining(shop, order_id) == (1390, 1990)
    assert await refunds_of(order_id) == [(600, "PROVIDER", None), (1390, "REQUESTED", "rest")]


async def test_a_refund_by_another_key_that_broke_off_is_given_up_or_counted(shop: DoubledShop) -> None:
    for when, left in (("before", 1990), ("after", 1490)):
        order_id = await captured(shop.provider)
        await shop.double.on_requests("drop", "/v1/refunds", method="POST", when=when)
        with pytest.raises(Unavailable):
            await refund_payment(order_id, 500, "part", shop.providers)
        assert await remaining(shop, order_id) == (left, 1990)
        assert sum(amount for kind, amount in await movements_of(order_id) if kind == "REFUND") == 1990


async def test_a_rejected_refund_learns_what_was_done_at_the_provider(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_there(shop, order_id, 1500)
    with pytest.raises(FailedPrecondition, match="by its word "):
        await refund_payment(order_id, 500, "key", shop.providers)
    assert await refunds_of(order_id) == [(1500, "PROVIDER", None)]
    given = await refund_payment(order_id, 490, "less", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (490, 1990)
