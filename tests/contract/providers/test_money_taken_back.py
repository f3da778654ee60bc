"""The contract of ``PaymentProvider`` about money that goes back without our doing:
by somebody at the provider, or by a bank.
"""

from datetime import UTC, datetime, timedelta

import pytest

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.provider import Change, DisputeOutcome, RefundState
from tests.contract.providers.shops import DoubleShop, Shop
from tests.contract.providers.steps import AMOUNT, a_moment_ago, captured, held

LATER = timedelta(minutes=1)


async def changes(shop: Shop, since: datetime) -> list[Change]:
    """What the provider lists of refunds and disputes from then on."""
    return [change async for change in shop.provider.changes(since, datetime.now(UTC) + LATER)]


async def test_what_nobody_disputes_has_no_disputes(shop: Shop) -> None:
    for _, intent in (await held(shop), await captured(shop)):
        assert list(await shop.provider.disputes(intent.reference)) == []


async def test_a_dispute_is_told_with_all_that_staff_need(double_shop: DoubleShop) -> None:
    _, intent = await captured(double_shop)
    reference = await double_shop.double.dispute(intent.reference, amount=1500, reason="duplicate")
    (dispute,) = await double_shop.provider.disputes(intent.reference)
    assert (dispute.reference, dispute.intent_reference, dispute.outcome) == (
        reference,
        intent.reference,
        DisputeOutcome.OPENED,
    )
    assert (dispute.amount, dispute.reason) == (Money(1500, "EUR"), "duplicate")
    assert dispute.evidence_due_at
    assert dispute.evidence_due_at > datetime.now(UTC)


async def test_the_time_for_evidence_can_be_moved(double_shop: DoubleShop) -> None:
    _, intent = await captured(double_shop)
    moved = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    await double_shop.double.move_evidence(await double_shop.double.dispute(intent.reference), int(moved.timestamp()))
    (dispute,) = await double_shop.provider.disputes(intent.reference)
    assert dispute.evidence_due_at == moved


@pytest.mark.parametrize(("outcome", "expected"), [("won", DisputeOutcome.WON), ("lost", DisputeOutcome.LOST)])
async def test_a_decision_is_told(double_shop: DoubleShop, outcome: str, expected: DisputeOutcome) -> None:
    _, intent = await captured(double_shop)
    await double_shop.double.decide(await double_shop.double.dispute(intent.reference), outcome)
    (dispute,) = await double_shop.provider.disputes(intent.reference)
    assert (dispute.outcome, dispute.amount) == (expected, AMOUNT)


async def test_two_disputes_of_a_payment_are_both_told(double_shop: DoubleShop) -> None:
    _, intent = await captured(double_shop)
    references = {await double_shop.double.dispute(intent.reference, amount=amount) for amount in (500, 600)}
    assert {dispute.reference for dispute in await double_shop.provider.disputes(intent.reference)} == references


async def test_refunds_are_listed_by_the_time_that_they_were_given(shop: Shop) -> None:
    since = a_moment_ago()
    (_, ours), (_, untouched) = await captured(shop), await captured(shop)
    refund = (await shop.provider.refund(ours.reference, new_id(), Money(500, "EUR"))).reference
    listed = await changes(shop, since)
    assert Change(refund, ours.reference, is_dispute=False) in listed
    assert untouched.reference not in {change.intent_reference for change in listed}
    assert Change(refund, ours.reference, is_dispute=False) not in await changes(
        shop, datetime.now(UTC) + timedelta(hours=4)
    )


async def test_refunds_by_somebody_at_the_provider_are_listed_and_told(double_shop: DoubleShop) -> None:
    since = a_moment_ago()
    _, intent = await captured(double_shop)
    for amount, refunded in ((500, 500), (None, AMOUNT.minor)):
        await double_shop.double.refund(intent.reference, amount)
        assert (await double_shop.provider.retrieve(intent.reference)).refunded_minor == refunded
    listed = [change for change in await changes(double_shop, since) if change.intent_reference == intent.reference]
    assert [change.is_dispute for change in listed] == [False, False]


async def test_disputes_are_listed_by_the_time_that_they_began(double_shop: DoubleShop) -> None:
    since = a_moment_ago()
    _, intent = await captured(double_shop)
    dispute = await double_shop.double.dispute(intent.reference)
    assert Change(dispute, intent.reference, is_dispute=True) in await changes(double_shop, since)


async def test_what_a_bank_has_is_not_refunded_and_what_it_gave_to_us_again_is(double_shop: DoubleShop) -> None:
    _, intent = await captured(double_shop)
    dispute = await double_shop.double.dispute(intent.reference)
    await double_shop.double.decide(dispute, "won")
    await double_shop.provider.refund(intent.reference, new_id(), AMOUNT)
    assert (await double_shop.books(intent.reference)).refunded == AMOUNT.minor


async def test_a_refund_that_fails_later_is_told_and_refunded_no_more(double_shop: DoubleShop) -> None:
    _, intent = await captured(double_shop)
    kept, failed = [
        await double_shop.provider.refund(intent.reference, new_id(), Money(minor, "EUR")) for minor in (500, 600)
    ]
    assert {each.state for each in await double_shop.provider.refunds(intent.reference)} == {RefundState.GIVEN}
    await double_shop.double.fail_refund(failed.reference)
    told = {each.reference: each for each in await double_shop.provider.refunds(intent.reference)}
    assert (told[kept.reference].state, told[kept.reference].amount_minor) == (RefundState.GIVEN, 500)
    assert (told[failed.reference].state, told[failed.reference].amount_minor) == (RefundState.FAILED, 600)
    assert told[failed.reference].failure
    assert (await double_shop.provider.retrieve(intent.reference)).refunded_minor == 500
    assert (await double_shop.books(intent.reference)).refunded == 500
    await double_shop.provider.refund(intent.reference, new_id(), Money(AMOUNT.minor - 500, "EUR"))


async def test_a_payment_has_no_refunds_before_any_was_given(shop: Shop) -> None:
    _, intent = await captured(shop)
    assert list(await shop.provider.refunds(intent.reference)) == []
