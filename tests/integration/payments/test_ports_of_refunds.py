"""One contract for the ports of payments, in memory and in Postgres: refunds, disputes, notices and looks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from shared.ids import new_id
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.notice import Notice, NoticeOutcome
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import (
    DisputeOutcome,
    ProviderRefund,
    RefundState,
)
from subgraphs.payments.domain.refund import refund_of_rest
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.contract import NOW, followed, known_dispute, refund_of, told


async def test_a_refund_is_begun_and_completed_once(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    assert await work.refunds.of_key(payment.id, "key") is None
    refund = await refund_of(work, payment)
    asked = replace(refund, was_asked=True)
    assert await work.refunds.of_key(payment.id, "key") == asked
    assert await work.refunds.unfinished(payment.id) == [asked]
    assert await work.refunds.complete(refund.id, "re_1", 700)
    assert not await work.refunds.complete(refund.id, "re_2", 900)
    done = replace(asked, is_done=True, refunded_minor=700)
    assert (await work.refunds.of_key(payment.id, "key"), await work.refunds.unfinished(payment.id)) == (done, [])


async def test_what_is_given_up_begins_anew_and_what_is_done_stays(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    refunds = [await refund_of(work, payment, key=key) for key in ("a", "b", "c", "d")]
    await work.refunds.complete(refunds[0].id, "re_1", 500)
    await work.refunds.give_up(refunds[:2])
    assert await keys_of_unfinished(work, payment) == ["c", "d"]
    await work.refunds.give_up_all(payment.id)
    assert await keys_of_unfinished(work, payment) == []
    assert await work.refunds.of_key(payment.id, "a") is not None


async def keys_of_unfinished(work: PaymentsWork, payment: Payment) -> Sequence[str]:
    return [refund.key for refund in await work.refunds.unfinished(payment.id)]


async def test_a_rest_of_nothing_and_what_the_shop_paid_are_done_at_once(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    await work.refunds.add(payment.id, refund_of_rest("rest", 0, 1990))
    paid = await work.refunds.add_paid_outside(payment.id, PaidOutside("paid", 700, "transfer 4711"), 1990)
    for key, amount_minor, is_remaining in (("rest", 0, True), ("paid", 700, False)):
        kept = await work.refunds.of_key(payment.id, key)
        assert kept is not None
        assert (kept.amount_minor, kept.is_remaining, kept.is_done) == (amount_minor, is_remaining, True)
        assert kept.refunded_minor == 1990
    assert (paid.key, paid.is_done) == ("paid", True)


async def test_a_failure_is_news_once_and_known_by_its_key_when_it_is_ours(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    refund = await refund_of(work, payment)
    await work.refunds.complete(refund.id, "re_ours", 500)
    failed = [ProviderRefund(name, 500, RefundState.FAILED, "word") for name in ("re_ours", "re_theirs")]
    assert await work.refunds.failures_among(payment.id, failed) == failed
    assert not await work.refunds.has_failures(payment.id)
    await work.refunds.add_failure(payment.id, failed[0])
    assert await work.refunds.failures_among(payment.id, failed) == failed[1:]
    assert await work.refunds.has_failures(payment.id)
    assert await work.refunds.keys_of(payment.id, failed) == {"re_ours": "key"}


async def test_a_dispute_keeps_its_id_whatever_becomes_of_it(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    assert await work.disputes.known(payment.id, "du_1") is None
    known = known_dispute()
    await work.disputes.save(payment.id, told(payment), known)
    assert await work.disputes.known(payment.id, "du_1") == known
    assert await work.disputes.payment_of(known.id) == payment.id
    assert await work.disputes.payment_of(new_id()) is None
    assert await work.disputes.has_open(payment.id)
    lost = KnownDispute(new_id(), DisputeOutcome.LOST, 1500, NOW + timedelta(days=1))
    await work.disputes.save(payment.id, told(payment, DisputeOutcome.LOST), lost)
    assert await work.disputes.known(payment.id, "du_1") == replace(lost, id=known.id)
    assert not await work.disputes.has_open(payment.id)
    expected = replace(told(payment, DisputeOutcome.LOST), fee_minor=1500, evidence_due_at=NOW + timedelta(days=1))
    assert await work.disputes.told(known.id, payment) == expected


async def test_an_event_is_kept_once_and_its_outcome_with_it(work: PaymentsWork) -> None:
    notice = Notice("stripe", f"evt_{new_id()}", "charge.refunded", '{"id": 1}')
    assert await work.notices.add(notice)
    await work.notices.set_outcome(notice, NoticeOutcome.APPLIED)
    assert not await work.notices.add(notice)
    assert await work.notices.add(replace(notice, provider="paypal"))
    assert await work.notices.is_repeated(notice)
    assert not await work.notices.is_repeated(replace(notice, body='{"id": 2}'))


async def test_a_look_never_goes_back(work: PaymentsWork) -> None:
    assert await work.looks.until("stripe") is None
    for moment in (NOW, NOW - timedelta(hours=1)):
        await work.looks.note("stripe", moment)
    assert await work.looks.until("stripe") == NOW
    assert await work.looks.until("paypal") is None
