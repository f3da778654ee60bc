"""One contract for the ports of payments, in memory and in Postgres: payments and their leases."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import (
    Action,
    Change,
    DisputeOutcome,
    ProviderRefund,
    RefundState,
)
from subgraphs.payments.domain.rejections import AttemptOver, PaymentNotFound
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.contract import (
    AMOUNT,
    NOW,
    beginning,
    begun,
    followed,
    held,
    known_dispute,
    refund_of,
    told,
)


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
