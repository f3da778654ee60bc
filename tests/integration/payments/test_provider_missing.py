"""A payment whose provider is not configured any more:
nothing is said to be done that was not, and a person is told.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio

from shared.errors import FailedPrecondition
from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.domain.ports import Providers
from subgraphs.payments.domain.reconciliation import Kind, judge_provider
from subgraphs.payments.domain.records import Books
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.entrypoints.reconciliation import note_missing
from subgraphs.payments.infrastructure.metrics import WITHOUT_PROVIDER
from subgraphs.payments.queries.books import PostgresBooks, count_without_provider
from subgraphs.payments.queries.payments import Viewer, payments_by_order
from tests.integration.payments.builders import authorization, authorized, captured, movements_of, status_of
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due
from tests.integration.payments.performed import (
    authorize_payment,
    capture_payment,
    follow_due,
    refund_payment,
    refund_remaining,
    void_payment,
)

NOBODY: Providers = {}
NOT_CONFIGURED = "its provider stripe is not configured here; configure it, then orderRetry"


async def waiting(shop: DoubledShop) -> UUID:
    """A payment whose buyer has to authenticate."""
    wanted = authorization(ACTING_CARD)
    await authorize_payment(wanted, shop.providers)
    return wanted.order_id


async def refunded(shop: DoubledShop) -> UUID:
    """A payment that was wholly given back."""
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 1990, "all", shop.providers)
    return order_id


async def attention_of(order_id: UUID, *configured: str) -> str | None:
    """What staff are told of an order's payment."""
    found = await payments_by_order([order_id], Viewer([new_id()], is_staff=True, configured=configured))
    (payment,) = found[order_id].payments
    return payment.attention


async def books_of(order_id: UUID) -> Books:
    """What the reconciler reads of an order's payment."""
    (payment,) = (await anext(PostgresBooks().by_order(UUID(int=order_id.int - 1), 0))).payments
    return payment


async def test_what_is_held_is_neither_voided_nor_taken_and_goes_on_once_the_provider_is_back(
    shop: DoubledShop,
) -> None:
    order_id = await authorized(shop.provider)
    for command in (void_payment, capture_payment):
        with pytest.raises(FailedPrecondition, match=NOT_CONFIGURED):
            await command(order_id, NOBODY)
    assert await status_of(order_id) is PaymentStatus.AUTHORIZED
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990)]
    await void_payment(order_id, shop.providers)
    assert await status_of(order_id) is PaymentStatus.VOIDED


async def test_what_waits_for_its_buyer_is_not_declined_and_goes_on_once_the_provider_is_back(
    shop: DoubledShop,
) -> None:
    wanted = authorization(ACTING_CARD)
    await authorize_payment(wanted, shop.providers)
    with pytest.raises(FailedPrecondition, match=NOT_CONFIGURED):
        await authorize_payment(wanted, NOBODY)
    with pytest.raises(FailedPrecondition, match=NOT_CONFIGURED):
        await void_payment(wanted.order_id, NOBODY)
    assert await status_of(wanted.order_id) is PaymentStatus.REQUIRES_ACTION
    await shop.double.buyer_acts(await shop.reference(wanted.order_id), approves=True)
    assert (await authorize_payment(wanted, shop.providers)).status is PaymentStatus.AUTHORIZED


async def test_taken_money_is_not_refunded_and_is_once_the_provider_is_back(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    with pytest.raises(FailedPrecondition, match=NOT_CONFIGURED):
        await refund_payment(order_id, 500, "part", NOBODY)
    with pytest.raises(FailedPrecondition, match=NOT_CONFIGURED):
        await refund_remaining(order_id, "rest", NOBODY)
    assert (await refund_payment(order_id, 500, "part", shop.providers)).amount_minor == 500
    assert (await refund_remaining(order_id, "rest", shop.providers)).amount_minor == 1490


async def test_the_worker_keeps_following_without_an_end_and_without_an_error(shop: DoubledShop) -> None:
    for order_id in (await waiting(shop), await authorized(shop.provider), await captured(shop.provider)):
        before = await status_of(order_id)
        await make_due(order_id)
        while await follow_due(NOBODY):
            pass
        assert await status_of(order_id) is before
        assert await db.fetch_value("SELECT follow_at > now() FROM payments WHERE order_id = $1", order_id)


async def test_staff_are_told_of_it_as_long_as_it_may_have_money(shop: DoubledShop) -> None:
    for order_id in (await waiting(shop), await authorized(shop.provider), await captured(shop.provider)):
        told = await attention_of(order_id)
        assert told
        assert "stripe is not configured" in told
        assert await attention_of(order_id, "stripe") is None
    assert await attention_of(await refunded(shop)) is None


async def test_the_reconciler_tells_of_it_as_long_as_it_may_have_money(shop: DoubledShop) -> None:
    for order_id in (await waiting(shop), await authorized(shop.provider), await captured(shop.provider)):
        books = await books_of(order_id)
        assert [found.kind for found in judge_provider(books, ())] == [Kind.PROVIDER_MISSING]
        assert list(judge_provider(books, ("stripe",))) == []
    assert list(judge_provider(await books_of(await refunded(shop)), ())) == []


@pytest_asyncio.fixture
async def no_metric_left() -> AsyncIterator[None]:
    yield
    WITHOUT_PROVIDER.clear()


@pytest.mark.usefixtures("no_metric_left")
async def test_a_metric_counts_such_payments_by_provider_and_status(shop: DoubledShop) -> None:
    before = (await count_without_provider(())).get(("stripe", PaymentStatus.AUTHORIZED), 0)
    await authorized(shop.provider)
    note_missing(await count_without_provider(()))
    assert WITHOUT_PROVIDER.labels("stripe", "AUTHORIZED")._value.get() == before + 1
    note_missing(await count_without_provider(("stripe", "paypal")))
    assert WITHOUT_PROVIDER._metrics == {}
