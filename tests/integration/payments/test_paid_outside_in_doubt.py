"""Paid outside of the provider in doubt of what that has done, will do or still holds:
nobody is paid twice by our doing.
"""

from uuid import UUID

import pytest

from shared.errors import FailedPrecondition, Unavailable
from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.domain.reconciliation import judge_provider
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.queries.payments import Viewer, payments_by_order
from tests.integration.payments.builders import (
    authorization,
    authorized,
    captured,
    events_of,
    follow_all,
    movements_of,
    status_of,
)
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due
from tests.integration.payments.performed import authorize_payment, refund_payment, refund_remaining
from tests.integration.payments.test_late_payments import paid_late
from tests.integration.payments.test_paid_outside import TRANSFER, Booking, keys_of, paid, paid_rest, refunds_of
from tests.integration.payments.test_provider_missing import NOBODY, attention_of, books_of


async def test_a_refund_that_the_provider_rejects_for_good_is_paid_outside(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.on_requests("fail", "/v1/refunds", method="POST", when="before", status=400, times=None)
    with pytest.raises(FailedPrecondition, match="by its word "):
        await refund_payment(order_id, 700, "refund", shop.providers)
    assert await paid(order_id, shop.providers, 700) == (700, 700)
    with pytest.raises(FailedPrecondition, match="by its word "):
        await refund_remaining(order_id, "rest", shop.providers)
    assert await paid_rest(order_id, shop.providers, 1290, "rest outside") == (1290, 1990)


async def test_a_refund_without_a_provider_is_paid_outside_for_its_amount_or_for_the_rest(shop: DoubledShop) -> None:
    for booked in (paid, paid_rest):
        order_id = await captured(shop.provider)
        with pytest.raises(FailedPrecondition, match="not configured"):
            await refund_payment(order_id, 1990, "refund", NOBODY)
        assert await keys_of(order_id) == []
        assert await booked(order_id, NOBODY, 1990) == (1990, 1990)
        assert await status_of(order_id) is PaymentStatus.REFUNDED


async def broken_off(shop: DoubledShop, when: str, amount_minor: int) -> UUID:
    """An order of which a refund broke off before or after the provider had given it."""
    order_id = await captured(shop.provider)
    await shop.double.on_requests("drop", "/v1/refunds", method="POST", when=when)
    with pytest.raises(Unavailable):
        await refund_payment(order_id, amount_minor, "refund", shop.providers)
    return order_id


@pytest.mark.parametrize("booked", [paid, paid_rest])
async def test_a_refund_that_broke_off_is_given_up_where_no_provider_can_tell_what_became_of_it(
    shop: DoubledShop, booked: Booking
) -> None:
    order_id = await broken_off(shop, "before", 1990)
    assert await booked(order_id, NOBODY, 1990) == (1990, 1990)
    assert await keys_of(order_id) == [("outside", TRANSFER)]
    with pytest.raises(FailedPrecondition, match=r"Only 0\.00 EUR"):
        await refund_payment(order_id, 1990, "refund", shop.providers)


@pytest.mark.parametrize("amount_minor", [700, 1500])
async def test_without_a_provider_one_of_another_amount_is_given_up_too(shop: DoubledShop, amount_minor: int) -> None:
    order_id = await broken_off(shop, "before", 1000)
    assert await paid(order_id, NOBODY, amount_minor) == (amount_minor, amount_minor)
    assert await keys_of(order_id) == [("outside", TRANSFER)]


async def test_a_refund_that_the_provider_has_given_all_the_same_is_not_left(shop: DoubledShop) -> None:
    order_id = await broken_off(shop, "after", 500)
    assert await paid_rest(order_id, shop.providers, 1490) == (1490, 1990)
    assert await refunds_of(order_id) == [(500, "REQUESTED", "refund"), (1490, "OUTSIDE", "outside")]


async def test_a_refund_that_there_is_room_for_may_yet_be_given(shop: DoubledShop) -> None:
    order_id = await broken_off(shop, "before", 1000)
    assert await paid(order_id, shop.providers, 990) == (990, 990)
    assert (await refund_payment(order_id, 1000, "refund", shop.providers)).refunded_minor == 1990


async def test_a_refund_that_there_is_no_room_for_besides_is_given_up(shop: DoubledShop) -> None:
    order_id = await broken_off(shop, "before", 1000)
    assert await paid(order_id, shop.providers, 991) == (991, 991)
    assert await keys_of(order_id) == [("outside", TRANSFER)]
    with pytest.raises(FailedPrecondition, match=r"Only 9\.99 EUR"):
        await refund_payment(order_id, 1000, "refund", shop.providers)


@pytest.mark.parametrize(("key", "amount_minor"), [("outside", 1990), ("refund", 1990), ("refund", 500)])
async def test_what_was_paid_takes_the_place_of_the_refund_of_its_key_or_that_there_is_no_room_for_besides(
    shop: DoubledShop, key: str, amount_minor: int
) -> None:
    order_id = await broken_off(shop, "before", amount_minor)
    assert await paid(order_id, shop.providers, amount_minor, key) == (amount_minor, amount_minor)
    assert await keys_of(order_id) == [(key, TRANSFER)]


async def test_while_the_provider_can_not_tell_what_became_of_a_refund_nothing_is_booked(shop: DoubledShop) -> None:
    order_id = await broken_off(shop, "after", 700)
    await shop.double.on_requests("fail", "/v1/refunds", method="GET", when="before", status=500, times=None)
    with pytest.raises(Unavailable):
        await paid_rest(order_id, shop.providers, 1290)
    assert await refunds_of(order_id) == []
    await shop.double.reset()
    assert await paid_rest(order_id, shop.providers, 1290) == (1290, 1990)


async def test_what_was_booked_is_answered_again_whatever_is_in_doubt_since(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await paid(order_id, shop.providers, 500)
    await shop.double.on_requests("drop", "/v1/refunds", method="POST", when="after")
    with pytest.raises(Unavailable):
        await refund_payment(order_id, 700, "refund", shop.providers)
    await shop.double.on_requests("fail", "/v1/refunds", method="GET", when="before", status=500, times=None)
    assert await paid(order_id, shop.providers, 500) == (500, 500)
    await shop.double.reset()
    assert (await refund_payment(order_id, 700, "refund", shop.providers)).refunded_minor == 1200


async def test_what_is_held_is_not_paid_while_its_provider_is_there(shop: DoubledShop) -> None:
    order_id = await authorized(shop.provider)
    with pytest.raises(FailedPrecondition, match="did not let go"):
        await paid_rest(order_id, shop.providers, 1990)
    with pytest.raises(FailedPrecondition, match="AUTHORIZED"):
        await paid(order_id, NOBODY, 500)
    assert await status_of(order_id) is PaymentStatus.AUTHORIZED
    await shop.act(f"/v1/payment_intents/{await shop.reference(order_id)}/capture")
    assert await paid_rest(order_id, shop.providers, 1990) == (1990, 1990)


async def waiting(shop: DoubledShop) -> UUID:
    """An order whose buyer has to authenticate."""
    wanted = authorization(ACTING_CARD)
    await authorize_payment(wanted, shop.providers)
    return wanted.order_id


async def test_what_is_held_without_a_provider_is_over_and_let_go_once_the_provider_is_back(shop: DoubledShop) -> None:
    order_id = await authorized(shop.provider)
    assert await paid_rest(order_id, NOBODY, 0) == (0, 0)
    assert await status_of(order_id) is PaymentStatus.VOIDED
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentVoided"]
    assert await attention_of(order_id) is None
    assert list(judge_provider(await books_of(order_id), ())) == []
    assert await db.fetch_value("SELECT follow_at > now() FROM payments WHERE order_id = $1", order_id)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert (await shop.books(order_id))["held"] == 0
    assert await status_of(order_id) is PaymentStatus.VOIDED


async def test_what_waits_for_its_buyer_without_a_provider_is_over_and_can_not_be_paid_once_the_provider_is_back(
    shop: DoubledShop,
) -> None:
    order_id = await waiting(shop)
    assert await paid_rest(order_id, NOBODY, 0) == (0, 0)
    assert await status_of(order_id) is PaymentStatus.VOIDED
    viewer = Viewer([new_id()], is_staff=True, configured=())
    (payment,) = (await payments_by_order([order_id], viewer))[order_id].payments
    assert (payment.action, payment.attention) == (None, None)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert (await shop.intent(order_id))["status"] == "canceled"


async def test_what_came_too_late_is_sent_back_by_the_provider_and_not_booked_as_paid(shop: DoubledShop) -> None:
    order_id = await paid_late(shop, "taken")
    await shop.double.on_requests("fail", "/v1/refunds", method="POST", when="before", status=400, times=None)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert (await books_of(order_id)).kept_minor == 1990
    assert await paid_rest(order_id, NOBODY, 0) == (0, 0)
    await shop.double.reset()
    await make_due(order_id)
    await follow_all(shop.provider)
    assert [kind for kind, _ in await movements_of(order_id)] == ["AUTHORIZATION", "CAPTURE", "REFUND"]
