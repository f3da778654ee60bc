"""What is done with money at PayPal is found without any webhook."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio

from shared.errors import FailedPrecondition
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.paypal_provider import PayPalProvider
from tests.backends import Backends
from tests.doubles.running import Double, double_of_paypal
from tests.integration.payments.builders import authorization, events_of, follow_all, only, status_of, told_of
from tests.integration.payments.doubled import make_due
from tests.integration.payments.paypal import paypal_provider
from tests.integration.payments.performed import (
    authorize_payment,
    capture_payment,
    find_changes,
    refund_payment,
    refund_remaining,
)
from tests.subgraphs import eventually


@dataclass(frozen=True)
class PayPalShop:
    """Payments at PayPal's double, which sends nothing by itself."""

    double: Double
    provider: PayPalProvider

    async def captured(self) -> tuple[UUID, str]:
        """An order that was paid, and PayPal's reference of it."""
        wanted = authorization("paypal")
        await authorize_payment(wanted, only(self.provider))
        query = "SELECT provider_reference FROM payments WHERE order_id = $1"
        reference: str = await db.fetch_value(query, wanted.order_id)
        await self.double.buyer_acts(reference, approves=True)
        assert (await authorize_payment(wanted, only(self.provider))).status is PaymentStatus.AUTHORIZED
        assert (await capture_payment(wanted.order_id, only(self.provider)))[1] is None
        return wanted.order_id, reference

    async def looked(self) -> None:
        """A scheduled look, and all that follows from it."""
        await find_changes(self.provider)
        await follow_all(self.provider)


@pytest_asyncio.fixture(scope="module")
async def double(backends: Backends) -> AsyncIterator[Double]:
    double, _ = await double_of_paypal(backends.settings.mercato_data_dir, None)
    yield double
    await double.stop()


@pytest_asyncio.fixture
async def shop(payments: Subgraph, double: Double) -> AsyncIterator[PayPalShop]:
    async with paypal_provider(double) as provider:
        yield PayPalShop(double, provider)
        await double.reset()


async def test_refunds_and_disputes_at_paypal_are_found(shop: PayPalShop) -> None:
    (refunded, first), (disputed, second) = await shop.captured(), await shop.captured()
    await shop.double.refund(first, 300)
    await shop.double.refund(first)
    dispute = await shop.double.dispute(second)
    await shop.looked()
    assert await status_of(refunded) is PaymentStatus.REFUNDED
    assert {told["cause"] for told in await told_of(refunded, "PaymentRefunded")} == {"PROVIDER"}
    (opened,) = await told_of(disputed, "PaymentDisputed")
    assert opened["evidenceDueAt"]
    await shop.double.decide(dispute, "won")
    await make_due(disputed)
    await follow_all(shop.provider)
    assert (await events_of(disputed))[-1] == "PaymentDisputeClosed"


async def test_our_own_refunds_are_no_news(shop: PayPalShop) -> None:
    order_id, _ = await shop.captured()
    await refund_payment(order_id, 300, "key", only(shop.provider))
    await find_changes(shop.provider)
    assert await db.fetch_value("SELECT follow_at FROM payments WHERE order_id = $1", order_id) is None


async def test_the_rest_waits_for_the_dispute_that_paypal_wants_decided_first(shop: PayPalShop) -> None:
    order_id, reference = await shop.captured()
    dispute = await shop.double.dispute(reference, amount=1500)
    with pytest.raises(FailedPrecondition, match="by its word "):
        await refund_remaining(order_id, "rest", only(shop.provider))
    await shop.double.decide(dispute, "lost")
    given = await refund_remaining(order_id, "rest", only(shop.provider))
    assert (given.amount_minor, given.refunded_minor) == (490, 490)


async def test_a_refund_that_is_on_its_way_is_asked_about_until_it_fails(shop: PayPalShop) -> None:
    order_id, reference = await shop.captured()
    await shop.double.slow_refund()
    await refund_payment(order_id, 300, "key", only(shop.provider))
    for _ in range(2):
        assert await db.fetch_value("SELECT follow_at > now() FROM payments WHERE order_id = $1", order_id)
        await make_due(order_id)
        await follow_all(shop.provider)
    (refund,) = await shop.provider.refunds(reference)
    await shop.double.fail_refund(refund.reference)
    await make_due(order_id)
    await follow_all(shop.provider)
    (told,) = await told_of(order_id, "PaymentRefundFailed")
    assert (told["amountMinor"], told["refundKey"], told["reason"]) == (300, "key", "ECHECK")
    assert await db.fetch_value("SELECT follow_at FROM payments WHERE order_id = $1", order_id) is None


async def test_a_dispute_that_is_decided_otherwise_later_is_found(shop: PayPalShop) -> None:
    order_id, reference = await shop.captured()
    dispute = await shop.double.dispute(reference)

    async def outcomes() -> list[str]:
        await shop.looked()  # what happened a moment ago may be in the next one's lists alone
        return [told["outcome"] for told in await told_of(order_id, "PaymentDisputeClosed")]

    async def are(*expected: str) -> bool:
        return await outcomes() == [*expected]

    await shop.double.decide(dispute, "lost")
    await eventually(lambda: are("LOST"), "the bank's decision is found")
    await shop.double.decide(dispute, "appealed")
    await eventually(lambda: are("LOST", "WON"), "the other decision is found")
