"""An order that is tried again has a payment for each attempt;
what comes late of an earlier one is let go or given back.
"""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from shared.errors import FailedPrecondition
from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.commands.authorize_payment import AuthorizePayment
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.queries.books import PostgresBooks
from subgraphs.payments.queries.payments import Viewer, payments_by_order
from tests.integration.payments.builders import GOOD_CARD, authorization, follow_all, told_of
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due
from tests.integration.payments.performed import (
    authorize_payment,
    capture_payment,
    refund_payment,
    refund_remaining,
    void_payment,
)

DECLINED_CARD = "pm_card_chargeDeclined"


def attempt_of(first: AuthorizePayment, attempt: int, card: str = GOOD_CARD) -> AuthorizePayment:
    """What the order saga asks for when an order is tried again."""
    return replace(first, key=f"{first.order_id}:authorize:{attempt}", payment_method_id=card, order_attempt=attempt)


async def statuses(order_id: UUID) -> list[PaymentStatus]:
    """What has become of each of an order's payments."""
    rows = await db.fetch("SELECT status FROM payments WHERE order_id = $1 ORDER BY order_attempt", order_id)
    return [PaymentStatus(row["status"]) for row in rows]


async def kept(shop: DoubledShop, order_id: UUID) -> tuple[int, int]:
    """What the provider holds and keeps of an order's money, all attempts together."""
    found = [each for each in await shop.double.ledger() if each["ours"].get("order_id") == str(order_id)]
    held = sum(each["held"] for each in found)
    return held, sum(each["captured"] - each["refunded"] for each in found)


async def test_a_declined_attempt_is_followed_by_one_that_pays_and_both_are_listed(shop: DoubledShop) -> None:
    first = authorization(DECLINED_CARD)
    assert (await authorize_payment(first, shop.providers)).status is PaymentStatus.DECLINED
    second = await authorize_payment(attempt_of(first, 2), shop.providers)
    assert second.status is PaymentStatus.AUTHORIZED
    assert await capture_payment(first.order_id, shop.providers, 2) == (second.id, None)
    views = await payments_by_order(
        [first.order_id], Viewer([first.customer_id], is_staff=False, configured=("stripe",))
    )
    assert [view.status for view in views[first.order_id].payments or ()] == [
        PaymentStatus.DECLINED,
        PaymentStatus.CAPTURED,
    ]
    assert [told["attempt"] for told in await told_of(first.order_id, "PaymentCaptured")] == [2]
    assert (await kept(shop, first.order_id))[1] == 1990


async def taken(order_id: UUID, shop: DoubledShop) -> None:
    """Takes the money of the first attempt;
    raises FailedPrecondition when the answer is that nothing is held any more, too.
    """
    _, decline = await capture_payment(order_id, shop.providers)
    if decline is not None:
        raise FailedPrecondition(decline.message)


Late = Callable[[DoubledShop, UUID], Coroutine[Any, Any, Any]]
LATE: dict[str, tuple[Late, type[Exception] | None]] = {
    "void": (lambda shop, order_id: void_payment(order_id, shop.providers), None),
    "capture": (lambda shop, order_id: taken(order_id, shop), FailedPrecondition),
    "refund": (lambda shop, order_id: refund_payment(order_id, 1990, "late", shop.providers), FailedPrecondition),
    "refund of all": (lambda shop, order_id: refund_remaining(order_id, "late", shop.providers), None),
}


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("first_ended", ["declined", "voided"])
async def test_a_late_command_of_the_first_attempt_changes_nothing_of_the_second(
    shop: DoubledShop, late: str, first_ended: str
) -> None:
    first = authorization(DECLINED_CARD if first_ended == "declined" else GOOD_CARD)
    await authorize_payment(first, shop.providers)
    if first_ended == "voided":
        await void_payment(first.order_id, shop.providers)
    await authorize_payment(attempt_of(first, 2), shop.providers)
    await capture_payment(first.order_id, shop.providers, 2)
    command, rejection = LATE[late]
    if rejection:
        with pytest.raises(rejection):
            await command(shop, first.order_id)
    else:
        await command(shop, first.order_id)
    await follow_all(shop.provider)
    assert (await statuses(first.order_id))[1] is PaymentStatus.CAPTURED
    assert (await kept(shop, first.order_id))[1] == 1990


@pytest.mark.parametrize("taken", [False, True])
async def test_an_approval_of_the_first_attempt_after_the_second_is_paid_is_refunded(
    shop: DoubledShop, taken: bool
) -> None:
    first = authorization(ACTING_CARD)
    await authorize_payment(first, shop.providers)
    reference = await shop.reference(first.order_id)
    await shop.double.buyer_acts(reference, approves=False)
    await shop.tell((await shop.events(first.order_id))[-1])
    await authorize_payment(attempt_of(first, 2), shop.providers)
    await capture_payment(first.order_id, shop.providers, 2)
    await shop.act(f"/v1/payment_intents/{reference}/confirm", payment_method=GOOD_CARD)
    if taken:
        await shop.act(f"/v1/payment_intents/{reference}/capture")
    await make_due(first.order_id)
    await follow_all(shop.provider)
    assert await statuses(first.order_id) == [
        PaymentStatus.REFUNDED if taken else PaymentStatus.DECLINED,
        PaymentStatus.CAPTURED,
    ]
    assert await kept(shop, first.order_id) == (0, 1990)
    causes = Counter((told["attempt"], told["cause"]) for told in await told_of(first.order_id, "PaymentRefunded"))
    assert causes == ({(1, "LATE"): 1} if taken else {})


async def test_the_books_of_an_order_hold_all_of_its_payments_however_the_pages_fall(
    shop: DoubledShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subgraphs.payments.queries.books._OF_ORDERS", _by_page_of_two())
    orders = sorted(new_id() for _ in range(3))
    for order_id in orders:
        first = authorization(DECLINED_CARD, order_id=order_id)
        await authorize_payment(first, shop.providers)
        for attempt in (2, 3):
            await authorize_payment(attempt_of(first, attempt, DECLINED_CARD), shop.providers)
    found = {
        books.order_id: [its.attempt for its in books.payments]
        async for books in PostgresBooks().by_order(UUID(int=0), 0)
    }
    assert {order_id: found[order_id] for order_id in orders} == {order_id: [1, 2, 3] for order_id in orders}


def _by_page_of_two() -> str:
    from subgraphs.payments.queries import books

    return books._OF_ORDERS.replace("LIMIT 500", "LIMIT 2")
