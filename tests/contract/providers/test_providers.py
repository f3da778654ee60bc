"""The contract of ``PaymentProvider``: what payments relies on, whichever provider it is."""

import contextlib

import pytest

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.provider import DeclinedError, StepRejectedError
from subgraphs.payments.domain.status import PaymentStatus
from tests.contract.providers.shops import Shop
from tests.contract.providers.steps import AMOUNT, a_moment_ago, begun, captured, declined, held, new_payment


async def test_what_is_held_is_not_taken_yet(shop: Shop) -> None:
    payment, intent = await held(shop)
    assert (intent.amount, intent.decline, intent.refunded_minor) == (AMOUNT, None, 0)
    assert intent.payment_id in (None, payment.payment_id)
    books = await shop.books(intent.reference)
    assert (books.held, books.captured, books.authorizations) == (AMOUNT.minor, 0, 1)


async def test_an_intent_reads_as_it_was_answered(shop: Shop) -> None:
    _, intent = await held(shop)
    assert await shop.provider.retrieve(intent.reference) == intent


async def test_what_the_bank_rejects_is_not_held(shop: Shop) -> None:
    intent, decline = await declined(shop)
    assert decline
    assert decline.code
    assert decline.message
    if intent is not None:
        assert intent.status is PaymentStatus.DECLINED
        books = await shop.books(intent.reference)
        assert (books.held, books.captured, books.authorizations) == (0, 0, 0)


async def test_an_unknown_means_of_payment_is_declined(shop: Shop) -> None:
    with pytest.raises(DeclinedError):
        await shop.provider.begin(new_payment("pm_unknown"))


async def test_a_buyer_who_has_to_act_is_shown_the_way(shop: Shop) -> None:
    intent = await shop.provider.begin(new_payment(shop.acting_method))
    assert intent.status is PaymentStatus.REQUIRES_ACTION
    assert intent.action
    assert intent.action.client_secret or intent.action.redirect_url
    assert (await shop.provider.retrieve(intent.reference)).action == intent.action
    assert (await shop.books(intent.reference)).held == 0


async def test_the_amount_is_held_once_the_buyer_has_acted(shop: Shop) -> None:
    intent = await begun(shop, new_payment(shop.acting_method))
    assert (intent.status, intent.action) == (PaymentStatus.AUTHORIZED, None)
    assert (await shop.books(intent.reference)).held == AMOUNT.minor


async def test_nothing_is_held_for_a_buyer_who_gives_up(shop: Shop) -> None:
    intent = await begun(shop, new_payment(shop.acting_method), approves=False)
    assert intent.status in (PaymentStatus.DECLINED, PaymentStatus.REQUIRES_ACTION, PaymentStatus.VOIDED)
    assert (await shop.books(intent.reference)).authorizations == 0


async def test_a_capture_takes_all_that_is_held(shop: Shop) -> None:
    _, intent = await captured(shop)
    assert (intent.amount, intent.refunded_minor) == (AMOUNT, 0)
    assert (await shop.provider.retrieve(intent.reference)).status is PaymentStatus.CAPTURED
    books = await shop.books(intent.reference)
    assert (books.held, books.captured, books.captures) == (0, AMOUNT.minor, 1)


async def test_a_repeated_capture_takes_once(shop: Shop) -> None:
    payment, intent = await captured(shop)
    with contextlib.suppress(StepRejectedError):
        assert (await shop.provider.capture(intent.reference, payment.payment_id)).status is PaymentStatus.CAPTURED
    books = await shop.books(intent.reference)
    assert (books.captured, books.captures) == (AMOUNT.minor, 1)


async def test_what_was_let_go_can_not_be_taken(shop: Shop) -> None:
    payment, intent = await held(shop)
    await shop.provider.cancel(intent.reference, payment.payment_id)
    with pytest.raises(StepRejectedError):
        await shop.provider.capture(intent.reference, payment.payment_id)
    assert (await shop.books(intent.reference)).captured == 0


async def test_a_cancellation_lets_go_what_is_held(shop: Shop) -> None:
    payment, intent = await held(shop)
    await shop.provider.cancel(intent.reference, payment.payment_id)
    now = await shop.provider.retrieve(intent.reference)
    assert (now.status, now.refunded_minor) == (PaymentStatus.VOIDED, 0)
    books = await shop.books(intent.reference)
    assert (books.held, books.captured) == (0, 0)


async def test_a_repeated_cancellation_changes_nothing(shop: Shop) -> None:
    payment, intent = await held(shop)
    await shop.provider.cancel(intent.reference, payment.payment_id)
    before = await shop.books(intent.reference)
    with contextlib.suppress(StepRejectedError):
        await shop.provider.cancel(intent.reference, payment.payment_id)
    assert await shop.books(intent.reference) == before
    assert (await shop.provider.retrieve(intent.reference)).status is PaymentStatus.VOIDED


async def test_what_was_taken_can_not_be_let_go(shop: Shop) -> None:
    payment, intent = await captured(shop)
    with pytest.raises(StepRejectedError):
        await shop.provider.cancel(intent.reference, payment.payment_id)
    assert (await shop.provider.retrieve(intent.reference)).status is PaymentStatus.CAPTURED
    assert (await shop.books(intent.reference)).captured == AMOUNT.minor


async def test_a_payment_that_waits_for_its_buyer_can_be_cancelled(shop: Shop) -> None:
    payment = new_payment(shop.acting_method)
    intent = await shop.provider.begin(payment)
    await shop.provider.cancel(intent.reference, payment.payment_id)
    assert (await shop.provider.retrieve(intent.reference)).status is PaymentStatus.VOIDED


async def test_a_payment_is_refunded_in_parts(shop: Shop) -> None:
    _, intent = await captured(shop)
    for part, refunded in ((490, 490), (1500, 1990)):
        await shop.provider.refund(intent.reference, new_id(), Money(part, "EUR"))
        assert (await shop.provider.retrieve(intent.reference)).refunded_minor == refunded
        assert (await shop.books(intent.reference)).refunded == refunded


@pytest.mark.parametrize("returned_before", [0, 1000, 1990])
async def test_more_than_is_left_is_not_refunded(shop: Shop, returned_before: int) -> None:
    _, intent = await captured(shop)
    if returned_before:
        await shop.provider.refund(intent.reference, new_id(), Money(returned_before, "EUR"))
    with pytest.raises(StepRejectedError):
        await shop.provider.refund(intent.reference, new_id(), Money(AMOUNT.minor - returned_before + 1, "EUR"))
    assert (await shop.books(intent.reference)).refunded == returned_before


async def test_what_was_not_taken_is_not_refunded(shop: Shop) -> None:
    _, intent = await held(shop)
    with pytest.raises(StepRejectedError):
        await shop.provider.refund(intent.reference, new_id(), AMOUNT)
    assert (await shop.books(intent.reference)).held == AMOUNT.minor


async def test_a_repeated_refund_gives_back_once(shop: Shop) -> None:
    _, intent = await captured(shop)
    refund_id, part = new_id(), Money(500, "EUR")
    first = await shop.provider.refund(intent.reference, refund_id, part)
    assert await shop.provider.refund(intent.reference, refund_id, part) == first
    books = await shop.books(intent.reference)
    assert (books.refunded, books.refunds) == (500, 1)


async def test_a_refund_is_found_again_by_our_id(shop: Shop) -> None:
    _, intent = await captured(shop)
    wanted, other = new_id(), new_id()
    reference = await shop.provider.refund(intent.reference, wanted, Money(500, "EUR"))
    await shop.provider.refund(intent.reference, other, Money(300, "EUR"))
    assert await shop.provider.find_refund(intent.reference, wanted) == reference
    assert await shop.provider.find_refund(intent.reference, new_id()) is None


async def test_a_repeated_begin_holds_once(shop: Shop) -> None:
    payment = new_payment(shop.good_method)
    first, second = await shop.provider.begin(payment), await shop.provider.begin(payment)
    assert first.reference == second.reference
    intent = await begun(shop, payment)
    assert intent.reference == first.reference
    assert (await shop.books(intent.reference)).authorizations == 1


async def test_a_currency_without_decimals_is_held_exactly(shop: Shop) -> None:
    amount = Money(1990, "JPY")
    _, intent = await held(shop, amount)
    assert intent.amount == amount
    assert (await shop.books(intent.reference)).held == 1990


@pytest.mark.parametrize("currency", ["XAU", "IQD", "KPW"])
async def test_a_currency_that_no_provider_takes_is_declined_before_any_effect(shop: Shop, currency: str) -> None:
    since = a_moment_ago()
    payment = new_payment(shop.good_method, Money(1990, currency))
    with pytest.raises(DeclinedError):
        await shop.provider.begin(payment)
    assert payment.payment_id not in {record.payment_id async for record in shop.provider.records(since)}


async def test_the_books_list_every_payment_begun_since_then(shop: Shop) -> None:
    since = a_moment_ago()
    (waiting, _), (taken, _), (gone, given) = await held(shop), await captured(shop), await captured(shop)
    await shop.provider.refund(given.reference, new_id(), Money(700, "EUR"))
    records = {record.payment_id: record async for record in shop.provider.records(since)}
    sums = {each: (records[each].captured_minor, records[each].refunded_minor) for each in records}
    ours = [payment.payment_id for payment in (waiting, taken, gone)]
    assert [sums[each] for each in ours] == [(0, 0), (1990, 0), (1990, 700)]
    assert [records[each].amount for each in ours] == [AMOUNT] * 3
    assert records[waiting.payment_id].status is PaymentStatus.AUTHORIZED
