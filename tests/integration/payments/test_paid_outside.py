"""What the shop pays a buyer back outside of the provider: booked once, whether the provider is there or not."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from shared.persistence import db
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.ports import Providers
from subgraphs.payments.domain.provider import ProviderRecord
from subgraphs.payments.domain.reconciliation import (
    Difference,
    audit_ledger,
    compare_money,
    compare_refunds,
    compare_with_provider,
    judge_provider,
)
from subgraphs.payments.domain.records import OrderRecord
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.builders import (
    captured,
    follow_all,
    movements_of,
    status_of,
    told_of,
)
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import (
    find_changes,
    pay_outside,
    refund_payment,
    refund_remaining,
    void_payment,
)
from tests.integration.payments.test_failed_refunds import sent_back
from tests.integration.payments.test_provider_missing import NOBODY, attention_of, books_of

TRANSFER = "bank transfer 4711"
RECEIVABLE = "receivable"

Booking = Callable[[UUID, Providers, int], Awaitable[tuple[int, int]]]


async def paid(order_id: UUID, providers: Providers, amount_minor: int, key: str = "outside") -> tuple[int, int]:
    """What was booked as paid outside, and what was given back in all."""
    given = await pay_outside(order_id, PaidOutside(key, amount_minor, TRANSFER), providers)
    return given.amount_minor, given.refunded_minor


async def paid_rest(order_id: UUID, providers: Providers, paid_minor: int, key: str = "outside") -> tuple[int, int]:
    """The same for all that was left."""
    given = await pay_outside(order_id, PaidOutside(key, paid_minor, TRANSFER, is_rest=True), providers)
    return given.amount_minor, given.refunded_minor


async def refunds_of(order_id: UUID) -> list[tuple[int, str, str | None]]:
    """The refunds that were told of: how much, why, and by which key."""
    told = await told_of(order_id, "PaymentRefunded")
    return [(refund["amountMinor"], refund["cause"], refund["refundKey"]) for refund in told]


async def keys_of(order_id: UUID) -> list[tuple[str, str | None]]:
    """The keys of an order's refunds, each with how it was paid outside of the provider."""
    rows = await db.fetch(
        "SELECT refund.idempotency_key, refund.paid_outside FROM refunds AS refund"
        " JOIN payments ON payments.id = refund.payment_id"
        " WHERE payments.order_id = $1 ORDER BY refund.id",
        order_id,
    )
    return [tuple(row) for row in rows]


async def record_of(shop: DoubledShop, order_id: UUID) -> ProviderRecord:
    """An order's payment in the provider's own books."""
    reference = await shop.reference(order_id)
    records: AsyncIterator[ProviderRecord] = shop.provider.records(
        await db.fetch_value("SELECT now() - interval '1 hour'")
    )
    (record,) = [record async for record in records if record.reference == reference]
    return record


async def differences(
    shop: DoubledShop, order_id: UUID, refunded_minor: int, status: str = "CONFIRMED"
) -> list[Difference]:
    """All that the reconciler finds of an order's money, for an order that was paid 1990 and has given back so much."""
    books, record = await books_of(order_id), await record_of(shop, order_id)
    is_bought = status == "CONFIRMED"
    order = OrderRecord(order_id, status, "EUR", 1990, refunded_minor, is_bought, False, is_settled=True, lines={})
    found = [*audit_ledger(books), *compare_money(order, [books]), *compare_with_provider(books, record)]
    return [
        *found,
        *compare_refunds(books, await shop.provider.retrieve(record.reference)),
        *judge_provider(books, ["stripe"]),
    ]


async def test_an_amount_is_booked_once_for_its_key_and_the_provider_is_asked_for_no_money(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.reset()
    assert await asyncio.gather(*(paid(order_id, shop.providers, 700) for _ in range(10))) == [(700, 700)] * 10
    assert {request["method"] for request in await shop.double.requests()} == {"GET"}
    assert await status_of(order_id) is PaymentStatus.CAPTURED
    assert (await movements_of(order_id))[2:] == [("PAID_OUTSIDE", 700)]
    assert await refunds_of(order_id) == [(700, "OUTSIDE", "outside")]
    assert await keys_of(order_id) == [("outside", TRANSFER)]
    assert await differences(shop, order_id, 700) == []


async def test_the_rest_ends_the_payment_and_leaves_no_difference_with_or_without_its_provider(
    shop: DoubledShop,
) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 490, "part", shop.providers)
    assert await paid(order_id, shop.providers, 500, "some") == (500, 990)
    assert await paid_rest(order_id, NOBODY, 1000) == (1000, 1990)
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await refunds_of(order_id) == [
        (490, "REQUESTED", "part"),
        (500, "OUTSIDE", "some"),
        (1000, "OUTSIDE", "outside"),
    ]
    assert await differences(shop, order_id, 1990) == []
    assert await differences(shop, order_id, 1990, "CANCELLED") == []
    assert await attention_of(order_id) is None
    assert list(judge_provider(await books_of(order_id), ())) == []


async def test_the_ledger_tells_what_the_provider_still_owes_and_what_the_shop_paid_from_elsewhere(
    shop: DoubledShop,
) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 490, "part", shop.providers)
    await paid_rest(order_id, shop.providers, 1500)
    ledger = (await books_of(order_id)).ledger
    assert sum(ledger.values()) == 0
    assert (ledger["paid_outside"], ledger["own_funds"], ledger[RECEIVABLE]) == (1500, -1500, 1500)


async def test_after_all_was_paid_outside_nothing_is_left_for_the_provider_to_give_back(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await paid_rest(order_id, shop.providers, 1990)
    given = await refund_remaining(order_id, "rest", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (0, 1990)
    await void_payment(order_id, shop.providers)
    assert (await shop.books(order_id))["refunded"] == 0


async def test_a_rest_at_the_provider_is_what_was_not_paid_outside(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await paid(order_id, shop.providers, 700)
    given = await refund_remaining(order_id, "rest", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (1290, 1990)
    assert await refund_remaining(order_id, "rest", shop.providers) == given
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert (await shop.books(order_id))["refunded"] == 1290


async def test_what_a_bank_has_taken_back_is_not_left(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id), amount=1500)
    await shop.tell(*await shop.events(order_id))
    assert await paid_rest(order_id, NOBODY, 490) == (490, 490)
    await shop.double.decide(dispute, "won")
    await shop.tell(*await shop.events(order_id))
    assert await paid_rest(order_id, NOBODY, 1500, "rest after the dispute") == (1500, 1990)


@pytest.mark.parametrize("is_told", [True, False])
async def test_what_somebody_gives_back_at_the_provider_besides_is_booked_and_stays_over(
    shop: DoubledShop, is_told: bool
) -> None:
    order_id = await captured(shop.provider)
    await paid_rest(order_id, shop.providers, 1990)
    await shop.double.refund(await shop.reference(order_id), 1990)
    if is_told:
        await shop.tell(*await shop.events(order_id))
    else:
        await find_changes(shop.provider)
        await follow_all(shop.provider)
    assert await refunds_of(order_id) == [(1990, "OUTSIDE", "outside"), (1990, "PROVIDER", None)]
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await differences(shop, order_id, 1990) == []
    await sent_back(shop, order_id)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await differences(shop, order_id, 1990) == []


async def test_a_refund_that_comes_back_can_be_paid_outside(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 1990, "refund", shop.providers)
    await sent_back(shop, order_id)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert await paid(order_id, shop.providers, 1990) == (1990, 1990)
    assert await status_of(order_id) is PaymentStatus.REFUNDED
    assert await differences(shop, order_id, 1990) == []


async def test_one_line_of_the_log_tells_of_it_without_how_it_was_paid(
    shop: DoubledShop, caplog: pytest.LogCaptureFixture
) -> None:
    order_id = await captured(shop.provider)
    with caplog.at_level(logging.INFO, "subgraphs.payments"):
        await paid(order_id, shop.providers, 700)
        await paid(order_id, shop.providers, 700)
    (line,) = [record for record in caplog.records if record.name.startswith("subgraphs.payments")]
    assert (line.levelno, TRANSFER in line.getMessage()) == (logging.INFO, False)
    assert "7.00 EUR" in line.getMessage()
