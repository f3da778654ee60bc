"""What providers tell by themselves, without a server."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.commands.decide_dispute import DecideDispute, decide_dispute
from subgraphs.payments.commands.receive_notice import ReceiveNotice, receive_notice
from subgraphs.payments.commands.refund_payment import RefundPayment, refund_payment
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.ledger import Account
from subgraphs.payments.domain.notice import Notice, NoticeOutcome
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent
from subgraphs.payments.domain.rejections import DisputeNotFound, ProviderDecides
from subgraphs.payments.domain.status import PaymentStatus
from tests.fakes.payment_provider import ACTING
from tests.unit.payments.shop import Shop


def about(payment: Payment, status: PaymentStatus, refunded_minor: int = 0) -> Intent:
    return Intent(payment.reference, status, payment.amount, refunded_minor=refunded_minor)


async def receive(shop: Shop, **what: object) -> NoticeOutcome:
    """What comes of an event."""
    notice = Notice("stripe", f"evt_{new_id()}", "type", "{}", **what)  # type: ignore[arg-type]
    assert await shop.perform(receive_notice, ReceiveNotice(notice))
    return shop.tables.notices["stripe", notice.event_id][1]


async def open_dispute(shop: Shop, payment: Payment, amount_minor: int = 700) -> Dispute:
    dispute = shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, amount_minor)
    assert await receive(shop, dispute=dispute) is NoticeOutcome.APPLIED
    return dispute


async def test_what_is_told_is_applied_once(shop: Shop) -> None:
    payment = await shop.authorized(ACTING)
    held = about(payment, PaymentStatus.AUTHORIZED)
    assert await receive(shop, intent=held) is NoticeOutcome.APPLIED
    assert await receive(shop, intent=held) is NoticeOutcome.UNCHANGED
    assert (shop.now(payment).status, shop.told()) == (PaymentStatus.AUTHORIZED, ["PaymentAuthorized"])


async def test_an_event_that_comes_again_changes_nothing(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    payment = await shop.authorized(ACTING)
    event = Notice("stripe", "evt_1", "type", "{}", intent=about(payment, PaymentStatus.AUTHORIZED))
    assert await shop.perform(receive_notice, ReceiveNotice(event))
    assert not await shop.perform(receive_notice, ReceiveNotice(event))
    assert shop.alarms.counted == {}
    other = replace(event, body='{"a": 1}', intent=about(payment, PaymentStatus.CAPTURED))
    assert not await shop.perform(receive_notice, ReceiveNotice(other))
    assert (shop.alarms.counted, shop.now(payment).status) == ({"reused notice": 1}, PaymentStatus.AUTHORIZED)
    assert "came again with another content" in caplog.text


async def test_what_is_about_nothing_or_nobodys_is_kept(shop: Shop) -> None:
    payment = replace(await shop.authorized(), provider_reference="pi_of_nobody")
    nobodys = about(payment, PaymentStatus.CAPTURED)
    assert await receive(shop) is NoticeOutcome.IGNORED
    assert await receive(shop, intent=nobodys) is NoticeOutcome.UNKNOWN_PAYMENT
    assert await receive(shop, failed_refund_of="pi_of_nobody") is NoticeOutcome.UNKNOWN_PAYMENT
    dispute = Dispute("du_1", "pi_of_nobody", DisputeOutcome.OPENED, payment.amount, 0, "fraudulent")
    assert await receive(shop, dispute=dispute) is NoticeOutcome.UNKNOWN_PAYMENT


async def test_another_amount_is_not_applied(shop: Shop) -> None:
    payment = await shop.authorized()
    told = replace(about(payment, PaymentStatus.CAPTURED), amount=Money(1, "EUR"))
    assert await receive(shop, intent=told) is NoticeOutcome.MISMATCHED
    assert shop.alarms.counted == {"mismatch": 1}


async def test_money_of_a_payment_that_is_over_is_asked_about(shop: Shop) -> None:
    payment = await shop.authorized()
    await shop.perform_alone(void_payment, VoidPayment(payment.order_id))
    assert await receive(shop, intent=about(payment, PaymentStatus.AUTHORIZED)) is NoticeOutcome.ASKED
    assert shop.now(payment).follow_at is not None


async def test_an_approval_is_asked_about(shop: Shop) -> None:
    payment = await shop.authorized(ACTING)
    approved = replace(about(payment, PaymentStatus.PENDING), awaits_confirmation=True)
    assert await receive(shop, intent=approved) is NoticeOutcome.ASKED


async def test_a_refund_is_somebody_elses_unless_one_of_ours_is_under_way_or_one_has_failed(shop: Shop) -> None:
    payment = await shop.captured()
    assert await receive(shop, intent=about(payment, PaymentStatus.CAPTURED, 300)) is NoticeOutcome.APPLIED
    shop.provider.failures["refund"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 500, "key"))
    assert await receive(shop, intent=about(payment, PaymentStatus.CAPTURED, 800)) is NoticeOutcome.ASKED
    shop.tables.refunds.clear()
    shop.provider.refund_there(payment.reference, 300)
    shop.provider.fail_refunds(payment.reference)
    assert await receive(shop, failed_refund_of=payment.reference) is NoticeOutcome.ASKED
    await shop.followed(payment)
    assert await receive(shop, intent=about(payment, PaymentStatus.CAPTURED, 300)) is NoticeOutcome.ASKED


async def test_a_dispute_tells_of_the_capture_too(shop: Shop) -> None:
    payment = await shop.authorized()
    dispute = shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 1990)
    assert await receive(shop, dispute=dispute) is NoticeOutcome.APPLIED
    after = shop.now(payment)
    assert (after.status, after.standing.disputed_minor) == (PaymentStatus.CAPTURED, 1990)
    assert shop.told() == ["PaymentAuthorized", "PaymentCaptured", "PaymentDisputed"]


async def test_a_dispute_of_a_part_does_not_tell_how_much_was_taken(shop: Shop) -> None:
    payment = await shop.authorized()
    dispute = shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 700)
    assert await receive(shop, dispute=dispute) is NoticeOutcome.ASKED
    assert shop.now(payment).standing.captured_minor == 0


async def test_a_dispute_of_what_is_over_is_to_be_told_again(shop: Shop) -> None:
    payment = await shop.authorized()
    await shop.perform_alone(void_payment, VoidPayment(payment.order_id))
    dispute = shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 1990)
    with pytest.raises(Unavailable):
        await receive(shop, dispute=dispute)
    assert shop.tables.notices == {}


async def test_a_dispute_about_more_than_was_taken_is_not_applied(shop: Shop) -> None:
    payment = await shop.captured()
    dispute = shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 1991)
    assert await receive(shop, dispute=dispute) is NoticeOutcome.MISMATCHED


async def test_a_decision_closes_a_dispute_and_another_one_is_asked_about(shop: Shop) -> None:
    payment = await shop.captured()
    dispute = await open_dispute(shop, payment)
    lost = replace(dispute, outcome=DisputeOutcome.LOST)
    assert await receive(shop, dispute=lost) is NoticeOutcome.APPLIED
    assert await receive(shop, dispute=lost) is NoticeOutcome.UNCHANGED
    assert await receive(shop, dispute=dispute) is NoticeOutcome.UNCHANGED
    assert await receive(shop, dispute=replace(dispute, outcome=DisputeOutcome.WON)) is NoticeOutcome.ASKED
    assert (shop.balance(Account.CHARGED_BACK), shop.balance(Account.DISPUTED)) == (700, 0)


async def test_another_time_for_evidence_is_asked_about_and_then_told(shop: Shop) -> None:
    payment = await shop.captured()
    dispute = await open_dispute(shop, payment)
    assert dispute.evidence_due_at is not None
    moved = replace(dispute, evidence_due_at=dispute.evidence_due_at + timedelta(days=3))
    assert await receive(shop, dispute=moved) is NoticeOutcome.ASKED
    shop.provider.intents[payment.reference].disputes = [moved]
    await shop.followed(payment)
    assert shop.told()[-1] == "PaymentDisputeChanged"


async def test_a_person_decides_where_no_provider_is_left_and_the_last_word_counts(shop: Shop) -> None:
    payment = await shop.captured()
    await open_dispute(shop, payment)
    ((dispute, _),) = shop.tables.disputes.values()
    with pytest.raises(ProviderDecides):
        await shop.perform(decide_dispute, DecideDispute(dispute.id, DisputeOutcome.WON))
    with pytest.raises(DisputeNotFound):
        await shop.perform(decide_dispute, DecideDispute(new_id(), DisputeOutcome.WON))
    shop.forget_provider()
    for outcome, disputed_minor in ((DisputeOutcome.LOST, 700), (DisputeOutcome.WON, 0)):
        assert await shop.perform(decide_dispute, DecideDispute(dispute.id, outcome)) == Money(700, "EUR")
        assert shop.now(payment).standing.disputed_minor == disputed_minor


async def test_another_amount_of_what_is_over_is_not_even_asked_about(shop: Shop) -> None:
    payment = await shop.authorized()
    await shop.perform_alone(void_payment, VoidPayment(payment.order_id))
    told = replace(about(payment, PaymentStatus.CAPTURED), amount=Money(1, "EUR"))
    assert await receive(shop, intent=told) is NoticeOutcome.MISMATCHED
