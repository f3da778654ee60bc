"""Captures, voids and refunds against localstripe."""

import asyncio

import pytest

from shared.errors import Conflict, FailedPrecondition
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.integration.payments.builders import (
    WANTS_3D_SECURE,
    authorization,
    authorized,
    captured,
    events_of,
    movements_of,
    only,
    secret_of,
    status_of,
)
from tests.integration.payments.performed import authorize_payment, capture_payment, refund_payment, void_payment
from tests.integration.payments.stripe_account import StripeAccount


async def test_a_capture_takes_the_amount_once(provider: StripeProvider, account: StripeAccount) -> None:
    order_id = await authorized(provider, 4711)
    first = await capture_payment(order_id, only(provider))
    assert await capture_payment(order_id, only(provider)) == first
    assert (await account.intent(order_id))["status"] == "succeeded"
    assert await movements_of(order_id) == [("AUTHORIZATION", 4711), ("CAPTURE", 4711)]
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]


async def test_ten_captures_at_once_take_the_amount_once(provider: StripeProvider, account: StripeAccount) -> None:
    order_id = await authorized(provider)
    outcomes = await asyncio.gather(*(capture_payment(order_id, only(provider)) for _ in range(10)))
    assert len(set(outcomes)) == 1
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]


async def test_a_void_lets_go_once(provider: StripeProvider, account: StripeAccount) -> None:
    order_id = await authorized(provider)
    await asyncio.gather(*(void_payment(order_id, only(provider)) for _ in range(10)))
    assert (await account.intent(order_id))["status"] == "canceled"
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentVoided"]
    _, decline = await capture_payment(order_id, only(provider))
    assert decline is not None
    assert decline.code == "authorization_ended"


async def test_a_void_while_3d_secure_is_open_ends_it(provider: StripeProvider, account: StripeAccount) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    await authorize_payment(wanted, only(provider))
    await void_payment(wanted.order_id, only(provider))
    assert (await account.intent(wanted.order_id))["status"] == "canceled"
    assert await status_of(wanted.order_id) is PaymentStatus.VOIDED
    assert await events_of(wanted.order_id) == []


async def test_a_void_finds_the_hold_that_3d_secure_made_meanwhile(
    provider: StripeProvider, account: StripeAccount
) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    asked = await authorize_payment(wanted, only(provider))
    await account.authenticate((await account.intent(wanted.order_id))["id"], secret_of(asked), success=True)
    await void_payment(wanted.order_id, only(provider))
    assert await movements_of(wanted.order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]


async def test_a_void_and_a_capture_at_once_never_both_happen(provider: StripeProvider) -> None:
    for _ in range(5):
        order_id = await authorized(provider)
        await asyncio.gather(
            capture_payment(order_id, only(provider)), void_payment(order_id, only(provider)), return_exceptions=True
        )
        kinds = [kind for kind, _ in await movements_of(order_id)]
        assert kinds in (["AUTHORIZATION", "CAPTURE"], ["AUTHORIZATION", "VOID"])


async def test_a_payment_is_refunded_in_parts_and_then_refunded(
    provider: StripeProvider, account: StripeAccount
) -> None:
    order_id = await captured(provider, 1000)
    await refund_payment(order_id, 300, "first", only(provider))
    assert await status_of(order_id) is PaymentStatus.CAPTURED
    await refund_payment(order_id, 700, "second", only(provider))
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert sorted(await account.refunded(order_id)) == [300, 700]
    assert [amount for kind, amount in await movements_of(order_id) if kind == "REFUND"] == [300, 700]


async def test_a_refund_is_given_once_for_its_key(provider: StripeProvider, account: StripeAccount) -> None:
    order_id = await captured(provider, 1000)
    await asyncio.gather(*(refund_payment(order_id, 300, "key", only(provider)) for _ in range(10)))
    assert await account.refunded(order_id) == [300]
    with pytest.raises(Conflict):
        await refund_payment(order_id, 301, "key", only(provider))


async def test_never_more_is_refunded_than_was_captured(provider: StripeProvider, account: StripeAccount) -> None:
    order_id = await captured(provider, 1000)
    outcomes = await asyncio.gather(
        *(refund_payment(order_id, 300, f"key {number}", only(provider)) for number in range(6)), return_exceptions=True
    )
    rejected = [outcome for outcome in outcomes if isinstance(outcome, FailedPrecondition)]
    assert len(rejected) == 3
    assert {rejection.field for rejection in rejected} == {("amount_minor",)}
    assert await account.refunded(order_id) == [300, 300, 300]
