"""The contract of ``PaymentProvider`` when the provider, or the way there, fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import Internal, Unavailable
from shared.ids import new_id
from subgraphs.payments.domain.provider import FailedError, NewPayment, PaymentProvider
from tests.contract.providers.shops import Books, DoubleShop
from tests.contract.providers.steps import AMOUNT, a_moment_ago, begun, captured, held, new_payment
from tilt.embedded.ports import LOOPBACK, free_port

Act = Callable[[PaymentProvider], Awaitable[Any]]
Look = Callable[[], Awaitable[Books]]

OUTAGES = [
    pytest.param("drop", "before", id="the connection breaks before the work"),
    pytest.param("drop", "after", id="the connection breaks after the work"),
    pytest.param("hang", "before", id="no answer and no work"),
    pytest.param("hang", "after", id="no answer to the work"),
    pytest.param("fail", "before", id="an error before the work"),
]
IMPATIENCE_SECONDS = 0.5


async def beginning(shop: DoubleShop) -> tuple[Act, Look]:
    payment = new_payment(shop.good_method)
    return lambda provider: provider.begin(payment), lambda: books_of_only_payment(shop, payment)


async def capturing(shop: DoubleShop) -> tuple[Act, Look]:
    payment, intent = await held(shop)
    reference = intent.reference
    return lambda provider: provider.capture(reference, payment.payment_id), lambda: shop.books(reference)


async def cancelling(shop: DoubleShop) -> tuple[Act, Look]:
    payment, intent = await held(shop)
    reference = intent.reference
    return lambda provider: provider.cancel(reference, payment.payment_id), lambda: shop.books(reference)


async def refunding(shop: DoubleShop) -> tuple[Act, Look]:
    _, intent = await captured(shop)
    reference, refund_id = intent.reference, new_id()
    return lambda provider: provider.refund(reference, refund_id, AMOUNT), lambda: shop.books(reference)


EXPECTED = {
    "begin": Books(held=1990, captured=0, refunded=0, authorizations=1, captures=0, refunds=0),
    "capture": Books(held=0, captured=1990, refunded=0, authorizations=1, captures=1, refunds=0),
    "cancel": Books(held=0, captured=0, refunded=0, authorizations=1, captures=0, refunds=0),
    "refund": Books(held=0, captured=1990, refunded=1990, authorizations=1, captures=1, refunds=1),
}
PREPARED = {"begin": beginning, "capture": capturing, "cancel": cancelling, "refund": refunding}


async def books_of_only_payment(shop: DoubleShop, payment: NewPayment) -> Books:
    """Goes on to where the amount is held; there must be one payment with our id, however often it was begun."""
    intent = await begun(shop, payment)
    with_our_id = [
        each for each in await shop.double.ledger() if each["ours"].get("payment_id") == str(payment.payment_id)
    ]
    assert [each["reference"] for each in with_our_id] == [intent.reference]
    return await shop.books(intent.reference)


@pytest.mark.parametrize("operation", PREPARED)
@pytest.mark.parametrize(("fault", "when"), OUTAGES)
async def test_a_call_repeated_after_an_outage_has_its_effect_once(
    double_shop: DoubleShop, operation: str, fault: str, when: str
) -> None:
    act, books = await PREPARED[operation](double_shop)
    await double_shop.double.on_requests(fault, double_shop.paths[operation], method="POST", when=when)
    async with double_shop.connect(timeout_seconds=IMPATIENCE_SECONDS) as impatient:
        with pytest.raises(Unavailable):
            await act(impatient)
    await double_shop.double.met()
    await act(double_shop.provider)
    assert await books() == EXPECTED[operation]


@pytest.mark.parametrize("operation", PREPARED)
async def test_calls_at_the_same_time_have_their_effect_once(double_shop: DoubleShop, operation: str) -> None:
    act, books = await PREPARED[operation](double_shop)
    await double_shop.double.on_requests(
        "delay", double_shop.paths[operation], method="POST", when="during", seconds=0.2
    )
    outcomes = await asyncio.gather(*(act(double_shop.provider) for _ in range(5)), return_exceptions=True)
    assert any(not isinstance(outcome, BaseException) for outcome in outcomes)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes if isinstance(outcome, BaseException)), outcomes
    assert await books() == EXPECTED[operation]


async def test_a_failure_that_the_provider_remembers_is_overcome_by_another_attempt(double_shop: DoubleShop) -> None:
    """Any other failure is overcome by the same attempt."""
    payment = new_payment(double_shop.good_method)
    await double_shop.double.on_requests("fail", double_shop.paths["begin"], method="POST", when="during")
    with pytest.raises(Unavailable) as failure:
        await double_shop.provider.begin(payment)
    attempt = 2 if isinstance(failure.value, FailedError) else 1
    assert await books_of_only_payment(double_shop, replace(payment, attempt=attempt)) == EXPECTED["begin"]


@pytest.mark.parametrize("operation", ["capture", "cancel", "refund"])
@pytest.mark.parametrize("when", ["during", "after"])
async def test_a_step_that_the_provider_remembers_as_failed_is_taken_in_the_end(
    double_shop: DoubleShop, operation: str, when: str
) -> None:
    act, books = await PREPARED[operation](double_shop)
    await double_shop.double.on_requests("fail", double_shop.paths[operation], method="POST", when=when)
    with pytest.raises(Unavailable):
        await act(double_shop.provider)
    await act(double_shop.provider)
    assert await books() == EXPECTED[operation]


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_an_error_of_the_provider_is_unavailability(double_shop: DoubleShop, status: int) -> None:
    _, intent = await held(double_shop)
    await double_shop.double.on_requests("fail", method="GET", times=None, status=status)
    with pytest.raises(Unavailable):
        await double_shop.provider.retrieve(intent.reference)


async def test_a_provider_that_nobody_answers_for_is_unavailable(double_shop: DoubleShop) -> None:
    async with double_shop.connect(url=f"http://{LOOPBACK}:{free_port()}") as provider:
        with pytest.raises(Unavailable):
            await provider.begin(new_payment(double_shop.good_method))


async def test_a_wrong_key_is_our_mistake_and_not_the_buyers(double_shop: DoubleShop) -> None:
    async with double_shop.connect(key="sk_test_somebody_elses") as provider:
        with pytest.raises(Internal) as rejected:
            await provider.begin(new_payment(double_shop.good_method))
    assert "somebody" not in str(rejected.value)
    assert "provider" in str(rejected.value)


async def test_the_books_are_read_to_their_last_page(double_shop: DoubleShop) -> None:
    since = a_moment_ago()
    payments = [new_payment(double_shop.good_method) for _ in range(double_shop.page_size + 1)]
    for first in range(0, len(payments), 10):
        await asyncio.gather(*(begun(double_shop, payment) for payment in payments[first : first + 10]))
    listed = [record.payment_id async for record in double_shop.provider.records(since)]
    assert {payment.payment_id for payment in payments} <= set(listed)
    assert len(listed) == len(set(listed))


async def test_books_that_can_not_be_read_whole_are_no_books(double_shop: DoubleShop) -> None:
    await held(double_shop)
    await double_shop.double.on_requests("drop", method="GET", times=None)
    with pytest.raises(Unavailable):
        _ = [record async for record in double_shop.provider.records(a_moment_ago())]
