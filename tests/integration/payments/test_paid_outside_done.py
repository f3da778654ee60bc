"""What was paid outside is done: it is booked whatever the provider gave meanwhile, once that was asked,
and nobody forgets it.
"""

import logging
from uuid import UUID

import pytest

from shared.errors import FailedPrecondition, Unavailable
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.builders import authorized, captured, events_of, follow_all, status_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import refund_payment, refund_remaining, void_payment
from tests.integration.payments.test_late_payments import paid_late
from tests.integration.payments.test_paid_outside import (
    TRANSFER,
    Booking,
    differences,
    keys_of,
    paid,
    paid_rest,
    refunds_of,
)
from tests.integration.payments.test_paid_outside_in_doubt import broken_off
from tests.integration.payments.test_provider_missing import NOBODY


async def given_unheard(shop: DoubledShop, amount_minor: int) -> UUID:
    """An order of which somebody gave back a part at the provider, which nobody has told us of."""
    order_id = await captured(shop.provider)
    await shop.double.refund(await shop.reference(order_id), amount_minor)
    return order_id


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log warns of."""
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


async def test_what_was_paid_is_booked_whole_though_less_is_left(
    shop: DoubledShop, caplog: pytest.LogCaptureFixture
) -> None:
    order_id = await given_unheard(shop, 500)
    for _ in range(2):
        assert await paid(order_id, shop.providers, 1990) == (1990, 2490)
    assert await refunds_of(order_id) == [(500, "PROVIDER", None), (1990, "OUTSIDE", "outside")]
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await differences(shop, order_id, 1990) == []
    (warning,) = warnings(caplog)
    assert "24.90 EUR back, which is more than the 19.90" in warning
    assert TRANSFER not in warning


async def test_what_a_bank_has_taken_back_does_not_undo_what_was_paid(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.dispute(await shop.reference(order_id), amount=1500)
    await shop.tell(*await shop.events(order_id))
    assert await paid(order_id, shop.providers, 1990) == (1990, 1990)


async def test_refunds_that_there_is_no_room_for_besides_are_given_up_the_newest_first(shop: DoubledShop) -> None:
    order_id = await broken_off(shop, "before", 600)
    await shop.double.on_requests("drop", "/v1/refunds", method="POST", when="before")
    with pytest.raises(Unavailable):
        await refund_payment(order_id, 700, "newer", shop.providers)
    assert await paid(order_id, shop.providers, 1000) == (1000, 1000)
    assert await keys_of(order_id) == [("refund", None), ("outside", TRANSFER)]
    assert (await refund_payment(order_id, 600, "refund", shop.providers)).refunded_minor == 1600
    with pytest.raises(FailedPrecondition, match=r"Only 3\.90 EUR"):
        await refund_payment(order_id, 700, "newer", shop.providers)


async def test_a_rest_that_the_provider_was_asked_for_by_the_same_key_is_paid_with_what_is_left_by_now(
    shop: DoubledShop,
) -> None:
    order_id = await captured(shop.provider)
    await shop.double.on_requests("drop", "/v1/refunds", method="POST", when="before")
    with pytest.raises(Unavailable):
        await refund_remaining(order_id, "rest", shop.providers)
    await shop.double.refund(await shop.reference(order_id), 490)
    assert await paid_rest(order_id, shop.providers, 1500, "rest") == (1500, 1990)
    assert await keys_of(order_id) == [("rest", TRANSFER)]


@pytest.mark.parametrize("given_minor", [500, 1990])
async def test_more_than_all_that_is_left_is_booked_whole(
    shop: DoubledShop, caplog: pytest.LogCaptureFixture, given_minor: int
) -> None:
    order_id = await given_unheard(shop, given_minor)
    assert await paid_rest(order_id, shop.providers, 1990) == (1990, 1990 + given_minor)
    assert await differences(shop, order_id, 1990) == []
    assert len(warnings(caplog)) == 1


async def test_where_nothing_was_taken_nothing_can_have_been_paid_back(shop: DoubledShop) -> None:
    held, voided, late = (
        await authorized(shop.provider),
        await authorized(shop.provider),
        await paid_late(shop, "taken"),
    )
    await void_payment(voided, shop.providers)
    for order_id in (held, voided, late):
        status, events = await status_of(order_id), await events_of(order_id)
        with pytest.raises(FailedPrecondition, match=r"^Nothing was taken .* 19\.90 .* say 0\.00\.$") as rejection:
            await paid_rest(order_id, NOBODY, 1990)
        assert rejection.value.field == ("paid_minor",)
        assert (await status_of(order_id), await events_of(order_id)) == (status, events)
    await make_due(late)
    await follow_all(shop.provider)
    assert (await shop.books(late))["refunded"] == 1990, "what came too late goes back by itself"


@pytest.mark.parametrize("booked", [paid, paid_rest])
@pytest.mark.parametrize("asked", ["/v1/payment_intents/*", "/v1/disputes"])
async def test_while_the_provider_does_not_tell_what_it_has_given_nothing_is_booked(
    shop: DoubledShop, booked: Booking, asked: str
) -> None:
    order_id = await captured(shop.provider)
    await shop.double.on_requests("fail", asked, method="GET", when="before", status=500, times=None)
    with pytest.raises(Unavailable):
        await booked(order_id, shop.providers, 1990)
    assert await refunds_of(order_id) == []
    assert await booked(order_id, NOBODY, 1990) == (1990, 1990)
