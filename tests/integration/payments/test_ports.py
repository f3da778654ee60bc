"""One contract for the ports of payments: the twins in memory and Postgres answer alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.payments.bootstrap import unit_of_work
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.notice import Notice, NoticeOutcome
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Beginning, Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import (
    Action,
    Change,
    Dispute,
    DisputeOutcome,
    Intent,
    ProviderRefund,
    RefundState,
    StoredCard,
)
from subgraphs.payments.domain.refund import Refund, begun_refund, refund_of_rest
from subgraphs.payments.domain.rejections import AttemptOver, PaymentNotFound
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure import leases
from tests.fakes.payment_work import MoneyTwin
from tests.integration.payments.performed import NOT_USED

AMOUNT = Money(1990, "EUR")
CARD = StoredCard("pm_1", "visa", "4242", 12, 2030, "number")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def in_memory() -> PaymentsWork:
    return MoneyTwin()


@pytest_asyncio.fixture
async def in_postgres(payments: Subgraph, monkeypatch: pytest.MonkeyPatch) -> PaymentsWork:
    """Tests share a database, and are kept apart by their orders: nothing of another one is due."""
    monkeypatch.setattr(leases, "_WAIT_SECONDS", 0.1)
    await db.execute("UPDATE payments SET follow_at = NULL")

    async def taken(_: None, work: PaymentsWork) -> PaymentsWork:
        return work

    return await unit_of_work(NOT_USED, NOT_USED, NOT_USED).perform_alone(taken, None)


@pytest.fixture(params=["in_memory", "in_postgres"])
def work(request: pytest.FixtureRequest) -> PaymentsWork:
    found: PaymentsWork = request.getfixturevalue(request.param)
    return found


def beginning(order_id: UUID | None = None, attempt: int = 1, method: str = "pm_card") -> Beginning:
    return Beginning(order_id or new_id(), new_id(), "stripe", method, None, AMOUNT, "key", attempt)


def held(payment: Payment, **more: object) -> Intent:
    """The provider holds the amount."""
    intent = Intent(f"pi_{payment.id}", PaymentStatus.AUTHORIZED, payment.amount)
    return replace(intent, **more)  # type: ignore[arg-type]


async def begun(work: PaymentsWork, wanted: Beginning | None = None) -> Payment:
    async with work.leases.of_beginning(wanted or beginning()) as lease:
        return lease.payment


async def followed(work: PaymentsWork, status: PaymentStatus, wanted: Beginning | None = None) -> Payment:
    """A payment that the provider has in this status."""
    payment = await begun(work, wanted)
    recorded = await work.payments.record(payment, payment.follow(held(payment, status=status), NOW))
    assert recorded is not None
    return recorded


async def refund_of(work: PaymentsWork, payment: Payment, amount_minor: int = 500, key: str = "key") -> Refund:
    refund = begun_refund(key, amount_minor)
    await work.refunds.add(payment.id, refund)
    return refund


async def test_a_payment_begins_pending_once_and_with_what_it_began_with(work: PaymentsWork) -> None:
    wanted = beginning()
    async with work.leases.of_beginning(wanted) as first:
        assert (first.is_new, first.payment.id) == (True, wanted.payment_id)
    async with work.leases.of_beginning(replace(wanted, method="pm_other", authorization_key="other")) as again:
        payment = again.payment
        assert (again.is_new, payment) == (False, first.payment)
    assert (payment.status, payment.amount, payment.version) == (PaymentStatus.PENDING, AMOUNT, 1)
    assert (payment.provider_reference, payment.attempt, payment.order_attempt) == (None, 1, 1)
    assert payment.follow_at is not None


async def test_a_lease_is_one_ones_until_its_end(work: PaymentsWork) -> None:
    wanted = beginning()
    async with work.leases.of_beginning(wanted) as lease:
        assert await work.leases.of_payment(lease.payment.id) is None
        with pytest.raises(Unavailable, match="under way"):
            async with work.leases.of_attempt(wanted.order_id, 1):
                pytest.fail("somebody else has it")
    async with work.leases.of_attempt(wanted.order_id, 1) as following:
        assert (following.payment, following.is_new) == (lease.payment, False)


async def test_a_lease_ends_when_what_it_was_for_fails(work: PaymentsWork) -> None:
    wanted = beginning()
    with pytest.raises(ZeroDivisionError):
        async with work.leases.of_beginning(wanted):
            raise ZeroDivisionError
    assert await work.leases.of_payment(wanted.payment_id) is not None


async def test_a_change_ends_its_own_lease_alone(work: PaymentsWork) -> None:
    payment = await begun(work)
    lease = await work.leases.of_payment(payment.id)
    assert lease is not None
    payment = await recorded(work, payment, ending=uuid4())
    assert await work.leases.of_payment(payment.id) is None
    payment = await recorded(work, payment, ending=lease.id)
    assert await work.leases.of_payment(payment.id) is not None


async def recorded(work: PaymentsWork, payment: Payment, ending: UUID | None) -> Payment:
    after = await work.payments.record(payment, payment.follow(held(payment), NOW), ending)
    assert after is not None
    return after


async def test_an_attempt_without_payment_is_not_found_and_an_earlier_one_is_over(work: PaymentsWork) -> None:
    order_id = new_id()
    await begun(work, beginning(order_id, 2))
    with pytest.raises(PaymentNotFound):
        async with work.leases.of_attempt(order_id, 1):
            pytest.fail("there is none")
    with pytest.raises(AttemptOver):
        async with work.leases.of_beginning(beginning(order_id, 1)):
            pytest.fail("a later one has begun")
    assert (await begun(work, beginning(order_id, 3))).order_attempt == 3


async def test_a_barred_attempt_has_a_voided_payment_of_nothing(work: PaymentsWork) -> None:
    order_id = new_id()
    assert await work.payments.bar(order_id, 1)
    assert not await work.payments.bar(order_id, 1)
    barred = await begun(work, beginning(order_id))
    assert (barred.status, barred.amount, barred.provider) == (PaymentStatus.VOIDED, Money(0, "XXX"), "none")


async def test_what_is_due_is_leased_the_oldest_first(work: PaymentsWork) -> None:
    payments = [await begun(work) for _ in range(4)]
    for payment, seconds in zip(payments, (-1, -3, -2, 60), strict=True):
        await work.payments.follow_in(payment.id, seconds)
    due = await work.leases.due(2)
    assert {lease.payment.id for lease in due} == {payments[1].id, payments[2].id}
    assert [lease.payment.id for lease in await work.leases.due(2)] == [payments[0].id]


async def test_a_change_is_written_with_all_that_goes_with_it(work: PaymentsWork) -> None:
    payment = await begun(work)
    after = await work.payments.record(payment, payment.follow(held(payment), NOW))
    assert after is not None
    assert (after.status, after.standing.held_minor, after.version) == (PaymentStatus.AUTHORIZED, 1990, 2)
    assert (after.provider_reference, after.follow_at) == (f"pi_{payment.id}", None)
    assert after == await work.payments.current(payment.id)


async def test_a_change_of_an_older_state_is_not_written(work: PaymentsWork) -> None:
    payment = await begun(work)
    change = payment.follow(held(payment), NOW)
    assert await work.payments.record(payment, change) is not None
    assert await work.payments.record(payment, change) is None
    assert (await work.payments.current(payment.id)).version == 2


async def test_what_the_buyer_has_to_do_is_kept_until_it_is_done(work: PaymentsWork) -> None:
    payment = await begun(work)
    asked = held(payment, status=PaymentStatus.REQUIRES_ACTION, action=Action("secret"))
    waiting = await work.payments.record(payment, payment.follow(asked, NOW))
    assert waiting is not None
    assert waiting.action == Action("secret")
    assert waiting.follow_at is not None
    done = await work.payments.record(waiting, waiting.follow(held(waiting), NOW))
    assert done is not None
    assert done.action is None


async def test_what_fails_within_a_step_did_not_happen(work: PaymentsWork) -> None:
    payment = await begun(work)

    async def fail(step: PaymentsWork) -> None:
        locked = await step.payments.lock(payment.id)
        assert await step.payments.record(locked, locked.follow(held(locked), NOW))
        await refund_of(step, locked)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work.transaction(fail)
    assert await work.payments.current(payment.id) == payment
    assert await work.refunds.unfinished(payment.id) == []


async def test_a_payment_is_found_by_its_intent_or_while_that_is_new_by_its_id(work: PaymentsWork) -> None:
    payment = await begun(work)
    assert await work.payments.id_of_intent("stripe", "pi_1", payment.id) == payment.id
    assert await work.payments.id_of_intent("stripe", "pi_1", None) is None
    assert await work.payments.id_of_intent("paypal", "pi_1", payment.id) is None
    known = await recorded(work, payment, None)
    assert await work.payments.id_of_intent("stripe", known.reference, None) == payment.id
    assert await work.payments.id_of_intent("stripe", "pi_1", payment.id) is None


async def test_an_attempt_to_begin_counts_once(work: PaymentsWork) -> None:
    payment = await begun(work)
    for _ in range(2):
        await work.payments.count_attempt(payment)
    assert (await work.payments.current(payment.id)).attempt == 2


async def test_who_said_last_when_to_ask_is_right(work: PaymentsWork) -> None:
    payment = await begun(work)
    await work.payments.follow_in(payment.id, 60)
    later = await work.payments.current(payment.id)
    await work.payments.follow_next(payment, None)
    assert await work.payments.current(payment.id) == later
    await work.payments.follow_next(later, None)
    assert (await work.payments.current(payment.id)).follow_at is None


async def test_news_of_a_providers_lists_has_it_be_asked(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    refund = await refund_of(work, payment)
    await work.refunds.complete(refund.id, "re_known", 500)
    await work.refunds.add_failure(payment.id, ProviderRefund("re_failed", 500, RefundState.FAILED, "word"))
    known = [
        Change("re_known", payment.reference, is_dispute=False),
        Change("re_failed", payment.reference, is_dispute=False, is_failure=True),
        Change("re_new", "pi_of_nobody", is_dispute=False),
    ]
    assert await work.payments.follow_changed("stripe", known) == 0
    news = [Change(reference, payment.reference, is_dispute=False) for reference in ("re_new", "re_newer")]
    assert await work.payments.follow_changed("paypal", news) == 0
    assert await work.payments.follow_changed("stripe", news) == 1
    assert [lease.payment.id for lease in await work.leases.due(9)] == [payment.id]
    failed = Change("re_known", payment.reference, is_dispute=False, is_failure=True)
    assert await work.payments.follow_changed("stripe", [failed]) == 1


@pytest.mark.parametrize(("outcome", "is_news"), [(None, False), ("OPENED", False), ("LOST", True)])
async def test_a_dispute_that_is_known_is_news_once_it_is_decided(
    work: PaymentsWork, outcome: str | None, is_news: bool
) -> None:
    payment = await followed(work, PaymentStatus.CAPTURED)
    await work.disputes.save(payment.id, told(payment), known_dispute())
    decided = DisputeOutcome(outcome) if outcome else None
    change = Change("du_1", payment.reference, is_dispute=True, outcome=decided)
    assert await work.payments.follow_changed("stripe", [change]) == int(is_news)


async def test_what_came_to_nothing_is_followed_otherwise(work: PaymentsWork) -> None:
    payment = await followed(work, PaymentStatus.VOIDED)
    change = Change("re_new", payment.reference, is_dispute=False)
    assert await work.payments.follow_changed("stripe", [change]) == 0


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


def told(payment: Payment, outcome: DisputeOutcome = DisputeOutcome.OPENED) -> Dispute:
    return Dispute("du_1", payment.reference, outcome, Money(700, "EUR"), 0, "fraudulent", NOW)


def known_dispute() -> KnownDispute:
    return KnownDispute(new_id(), DisputeOutcome.OPENED, 0, NOW)


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


async def test_a_card_is_kept_once_and_found_by_all_it_is_known_by(work: PaymentsWork) -> None:
    ada = new_id()
    card = replace(CARD, reference=f"pm_{ada}")
    kept = await work.transaction(lambda step: step.methods.add(ada, "stripe", "cus_1", card))
    assert await work.methods.add(ada, "stripe", "cus_other", card) == kept
    assert await work.methods.of_user(ada, kept.id) == kept
    assert await work.methods.of_user(new_id(), kept.id) is None
    assert await work.methods.by_reference("stripe", card.reference) == kept
    assert await work.methods.by_reference("paypal", card.reference) is None
    assert await work.methods.by_fingerprint(ada, "stripe", "number") == kept
    for nobodys in (
        work.methods.by_fingerprint(new_id(), "stripe", "number"),
        work.methods.by_fingerprint(ada, "stripe", None),
    ):
        assert await nobodys is None
    assert await work.methods.count(ada) == 1


async def test_one_card_is_the_default_and_the_last_one_becomes_it(work: PaymentsWork) -> None:
    ada, methods = new_id(), work.methods
    cards = [replace(CARD, reference=f"pm_{ada}_{number}", fingerprint=None) for number in range(3)]
    first, second, third = [await methods.add(ada, "stripe", "cus_1", card) for card in cards]
    await methods.ensure_default(ada)
    assert await defaults(work, ada, first.id, second.id, third.id) == [third.id]
    await methods.make_default(ada, first.id)
    await methods.ensure_default(ada)
    assert await defaults(work, ada, first.id, second.id, third.id) == [first.id]
    assert await methods.remove(first.id)
    assert not await methods.remove(first.id)
    await methods.renew(second.id, replace(CARD, expires_year=2040))
    await methods.ensure_default(ada)
    assert await defaults(work, ada, second.id, third.id) == [third.id]


async def defaults(work: PaymentsWork, user_id: UUID, *method_ids: UUID) -> Sequence[UUID]:
    kept = [await work.methods.of_user(user_id, method_id) for method_id in method_ids]
    return [each.id for each in kept if each is not None and each.is_default]


async def test_a_customer_is_kept_once(work: PaymentsWork) -> None:
    ada = new_id()
    assert await work.methods.customer_reference(ada, "stripe") is None
    assert [await work.methods.keep_customer(ada, "stripe", name) for name in ("cus_1", "cus_2")] == ["cus_1"] * 2
    assert await work.methods.customer_reference(ada, "stripe") == "cus_1"


@pytest.mark.parametrize("is_own", [True, False])
async def test_a_kept_card_pays_with_its_customer_and_somebody_elses_by_our_id(
    work: PaymentsWork, is_own: bool
) -> None:
    ada = new_id()
    card = replace(CARD, reference=f"pm_{ada}")
    kept = await work.methods.add(ada, "stripe", "cus_1", card)
    wanted = beginning(method=card.reference)
    payment = await begun(work, replace(wanted, customer_id=ada) if is_own else wanted)
    expected = (card.reference, "cus_1") if is_own else (str(kept.id), None)
    assert (payment.method, payment.customer_reference) == expected
