"""Refunds that fail later at the buyer's bank:
the money is in our books again, whoever gave it back and however we learn.
"""

from uuid import UUID

import pytest

from shared.persistence import db
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.metrics import REFUND_FAILURES
from tests.integration.payments.builders import captured, events_of, follow_all, movements_of, status_of, told_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import find_changes, refund_payment, refund_remaining
from tests.integration.payments.test_late_payments import paid_late

REASON = "lost_or_stolen_card"


async def refund_of(shop: DoubledShop, order_id: UUID) -> str:
    """The provider's id of an order's latest refund."""
    listed = await shop.read("/v1/refunds", payment_intent=await shop.reference(order_id))
    return str(listed["data"][0]["id"])


async def sent_back(shop: DoubledShop, order_id: UUID) -> str:
    """The bank sends the latest refund of an order back; which one that was."""
    refund = await refund_of(shop, order_id)
    await shop.double.fail_refund(refund, REASON)
    return refund


async def refunded_minor(order_id: UUID) -> int:
    found: int = await db.fetch_value("SELECT refunded_minor FROM payments WHERE order_id = $1", order_id)
    return found


async def hears(shop: DoubledShop, order_id: UUID) -> list[str]:
    """All that the provider told of an order comes, and what follows from it is done."""
    outcomes = await shop.tell(*await shop.events(order_id))
    await follow_all(shop.provider)
    return outcomes


async def test_a_refund_of_ours_that_fails_is_booked_back_and_told_with_its_key(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 1990, "key", shop.providers)
    failures = REFUND_FAILURES.labels("stripe")._value.get()
    refund = await sent_back(shop, order_id)
    await hears(shop, order_id)
    assert (await status_of(order_id), await refunded_minor(order_id)) == (PaymentStatus.CAPTURED, 0)
    assert (await movements_of(order_id))[-2:] == [("REFUND", 1990), ("REFUND_FAILED", 1990)]
    (told,) = await told_of(order_id, "PaymentRefundFailed")
    assert (told["amountMinor"], told["cause"], told["refundKey"]) == (1990, "REQUESTED", "key")
    assert (told["refundReference"], told["reason"]) == (refund, REASON)
    assert REFUND_FAILURES.labels("stripe")._value.get() == failures + 1


async def test_by_the_poll_alone_it_is_found_however_old_the_refund_is(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 500, "key", shop.providers)
    await find_changes(shop.provider)
    await follow_all(shop.provider)
    await sent_back(shop, order_id)
    await find_changes(shop.provider)
    await follow_all(shop.provider)
    assert await refunded_minor(order_id) == 0
    await find_changes(shop.provider)
    assert await db.fetch_value("SELECT follow_at FROM payments WHERE order_id = $1", order_id) is None
    assert len(await told_of(order_id, "PaymentRefundFailed")) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_the_order_of_webhooks_it_is_booked_back_once(shop: DoubledShop, seed: int) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 500, "first", shop.providers)
    await refund_payment(order_id, 490, "second", shop.providers)
    await sent_back(shop, order_id)
    await shop.double.refund(await shop.reference(order_id), 300)
    await shop.tell_until_heard(await shop.events(order_id), seed)
    await follow_all(shop.provider)
    await shop.tell_until_heard([await again(event) for event in await shop.events(order_id)], seed)
    await follow_all(shop.provider)
    assert await refunded_minor(order_id) == 800
    (told,) = await told_of(order_id, "PaymentRefundFailed")
    assert (told["amountMinor"], told["refundKey"]) == (490, "second")
    assert sum(each["amountMinor"] for each in await told_of(order_id, "PaymentRefunded")) == 500 + 490 + 300


async def again(event: dict[str, object]) -> dict[str, object]:
    """The same news as another event, as if it came late."""
    return {**event, "id": f"{event['id']}_late"}


async def test_a_refund_by_somebody_at_the_provider_fails_too(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    refund = await shop.double.refund(await shop.reference(order_id), 700)
    await hears(shop, order_id)
    await shop.double.fail_refund(refund, REASON)
    await hears(shop, order_id)
    (told,) = await told_of(order_id, "PaymentRefundFailed")
    assert (told["amountMinor"], told["cause"], told["refundKey"]) == (700, "PROVIDER", None)
    assert await refunded_minor(order_id) == 0


async def test_one_that_failed_before_anybody_heard_of_it_never_was(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    refund = await shop.double.refund(await shop.reference(order_id), 700)
    await shop.double.fail_refund(refund, REASON)
    await make_due(order_id)
    await follow_all(shop.provider)
    await find_changes(shop.provider)
    await follow_all(shop.provider)
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]
    assert await hears(shop, order_id)
    assert await refunded_minor(order_id) == 0


async def test_what_came_back_can_be_refunded_again_by_another_key(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 1990, "key", shop.providers)
    await sent_back(shop, order_id)
    await hears(shop, order_id)
    given = await refund_remaining(order_id, "again", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (1990, 1990)
    assert await status_of(order_id) is PaymentStatus.REFUNDED


async def test_a_rest_is_asked_for_before_anybody_heard_and_has_what_came_back(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 500, "key", shop.providers)
    await sent_back(shop, order_id)
    given = await refund_remaining(order_id, "rest", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (1990, 1990)


async def test_money_that_came_too_late_and_came_back_is_refunded_once_more_and_then_waits_for_a_person(
    shop: DoubledShop,
) -> None:
    order_id = await paid_late(shop, "taken")
    await make_due(order_id)
    await follow_all(shop.provider)
    for _ in range(2):
        assert await status_of(order_id) is PaymentStatus.REFUNDED
        await sent_back(shop, order_id)
        await hears(shop, order_id)
    counts = await shop.counts(order_id)
    assert (counts["refund"], counts["refund_failed"]) == (2, 2)
    assert [told["cause"] for told in await told_of(order_id, "PaymentRefundFailed")] == ["LATE", "LATE"]
    assert (await status_of(order_id), await refunded_minor(order_id)) == (PaymentStatus.VOIDED, 0)
