"""What the provider's word on refunds and disputes makes of a payment."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.money import Money
from subgraphs.payments.domain.dispute import follow_dispute
from subgraphs.payments.domain.failed_refund import arrived_minor
from subgraphs.payments.domain.following import AS_IT_IS, DISPUTED_SECONDS
from subgraphs.payments.domain.ledger import MovementKind
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent, ProviderRefund, RefundState
from subgraphs.payments.domain.rejections import DisputeMismatch
from subgraphs.payments.domain.status import PaymentStatus
from tests.unit.payments.shop import Shop

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
REFUNDS = [ProviderRefund("re_1", 500, RefundState.GIVEN), ProviderRefund("re_2", 300, RefundState.FAILED, "word")]


def told(outcome: DisputeOutcome, amount_minor: int = 700, fee_minor: int = 0) -> Dispute:
    return Dispute("du_1", "pi_1", outcome, Money(amount_minor, "EUR"), fee_minor, "fraudulent", NOW)


@pytest.mark.parametrize(("refunded_minor", "arrived"), [(800, 500), (500, 500), (200, 200)])
def test_what_failed_did_not_arrive_whatever_the_provider_adds_up(refunded_minor: int, arrived: int) -> None:
    intent = Intent("pi_1", PaymentStatus.CAPTURED, Money(1990, "EUR"), refunded_minor=refunded_minor)
    assert arrived_minor(intent, REFUNDS) == arrived


async def test_a_dispute_is_asked_about_while_it_is_open_and_no_longer(shop: Shop) -> None:
    payment = await shop.captured()
    opened = follow_dispute(payment, None, told(DisputeOutcome.OPENED), NOW)
    assert opened is not None
    assert opened.change.follow_in == DISPUTED_SECONDS
    after = replace(payment, standing=opened.change.standing)
    closed = follow_dispute(after, opened.dispute, told(DisputeOutcome.LOST), NOW)
    assert closed is not None
    assert (closed.change.follow_in, closed.dispute.id) == (AS_IT_IS, opened.dispute.id)
    assert follow_dispute(after, closed.dispute, told(DisputeOutcome.LOST), NOW) is None


async def test_a_fee_is_booked_once_and_by_what_it_grew(shop: Shop) -> None:
    payment = await shop.captured()
    known, fees = None, []
    for fee_minor in (1500, 0, 2000, 1500):
        followed = follow_dispute(payment, known, told(DisputeOutcome.OPENED, fee_minor=fee_minor), NOW)
        if followed is not None:
            moved = followed.change.movements
            fees += [each.amount_minor for each in moved if each.kind is MovementKind.FEE]
            known = followed.dispute
    assert fees == [1500, 500]


@pytest.mark.parametrize("amount", [Money(1991, "EUR"), Money(0, "EUR"), Money(700, "USD")])
async def test_a_dispute_is_about_what_was_taken(shop: Shop, amount: Money) -> None:
    payment = await shop.captured()
    with pytest.raises(DisputeMismatch):
        follow_dispute(payment, None, replace(told(DisputeOutcome.OPENED), amount=amount), NOW)
