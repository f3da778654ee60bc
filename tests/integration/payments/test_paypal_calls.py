"""How PayPal's double is asked: tokens, repetitions, time, and what becomes of orders there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from shared.errors import Internal, Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.provider import DeclinedError, StepRejectedError
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.paypal_provider import PayPalProvider
from tests.backends import Backends
from tests.doubles.running import Double, double_of_paypal
from tests.integration.payments.paypal import AMOUNT, calls, captured, held, new_payment, paypal_api, paypal_provider
from tests.subgraphs import eventually

TOKEN = "/v1/oauth2/token"
ORDERS = "/v2/checkout/orders"


@pytest_asyncio.fixture(scope="module")
async def running(backends: Backends) -> AsyncIterator[Double]:
    double, _ = await double_of_paypal(backends.settings.mercato_data_dir, None)
    yield double
    await double.stop()


@pytest_asyncio.fixture
async def double(running: Double) -> AsyncIterator[Double]:
    await running.reset()
    yield running
    await running.reset()


@pytest_asyncio.fixture
async def paypal(double: Double) -> AsyncIterator[PayPalProvider]:
    async with paypal_provider(double) as provider:
        yield provider


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(days=31 * 12 - 1)


async def sent(double: Double, path: str, method: str = "POST") -> list[dict[str, Any]]:
    """What requests carried."""
    found = [each for each in await double.requests() if (each["path"], each["method"]) == (path, method)]
    return [{"headers": each["headers"], "body": orjson.loads(each["body"])} for each in found]


async def test_one_token_is_asked_for_by_fifty_callers_at_once(double: Double) -> None:
    await double.on_requests("delay", TOKEN, seconds=0.2)
    async with PayPalProvider(paypal_api(double, timeout_seconds=30), "https://x", "https://x") as paypal:
        intents = await asyncio.gather(*(paypal.begin(new_payment()) for _ in range(50)))
    assert len({intent.reference for intent in intents}) == 50
    assert len(await calls(double, TOKEN)) == 1


async def test_a_caller_that_gives_up_does_not_take_the_others_token_along(
    double: Double, paypal: PayPalProvider
) -> None:
    await double.on_requests("delay", TOKEN, seconds=0.3)
    impatient = asyncio.create_task(paypal.begin(new_payment()))
    await double.met()
    patient = asyncio.create_task(paypal.begin(new_payment()))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).status is PaymentStatus.REQUIRES_ACTION
    assert len(await calls(double, TOKEN)) == 1


async def test_a_token_that_is_rejected_is_renewed_once_and_the_call_made(
    double: Double, paypal: PayPalProvider
) -> None:
    await paypal.begin(new_payment())
    await double.on_requests("fail", ORDERS, status=401)
    assert (await paypal.begin(new_payment())).status is PaymentStatus.REQUIRES_ACTION
    assert len(await calls(double, TOKEN)) == 2


async def test_a_token_that_is_rejected_again_is_our_fault(double: Double, paypal: PayPalProvider) -> None:
    await double.on_requests("fail", ORDERS, status=401, times=None)
    with pytest.raises(Internal):
        await paypal.begin(new_payment())
    assert len(await calls(double, ORDERS)) == 2


async def test_a_token_is_renewed_before_it_ends(backends: Backends) -> None:
    double, _ = await double_of_paypal(backends.settings.mercato_data_dir, None, "--token-seconds", "60.5")
    async with paypal_provider(double) as provider:
        reference = (await provider.begin(new_payment())).reference

        async def is_renewed() -> bool:
            await provider.retrieve(reference)
            return len(await calls(double, TOKEN)) == 2

        assert not await is_renewed()
        await eventually(is_renewed, "the token is renewed")
    await double.stop()


async def test_a_token_that_can_not_be_had_is_unavailability_and_is_asked_for_again(
    double: Double, paypal: PayPalProvider
) -> None:
    await double.on_requests("fail", TOKEN, status=503)
    with pytest.raises(Unavailable):
        await paypal.begin(new_payment())
    assert (await paypal.begin(new_payment())).status is PaymentStatus.REQUIRES_ACTION


async def test_reads_are_repeated_once_when_the_connection_breaks_and_commands_never(
    double: Double, paypal: PayPalProvider
) -> None:
    reference = (await paypal.begin(new_payment())).reference
    await double.on_requests("drop", f"{ORDERS}/*", method="GET")
    assert (await paypal.retrieve(reference)).status is PaymentStatus.REQUIRES_ACTION
    await double.on_requests("drop", ORDERS, method="POST")
    with pytest.raises(Unavailable):
        await paypal.begin(new_payment())
    assert len(await calls(double, ORDERS)) == 2


async def test_no_call_takes_longer_than_its_time_token_included(double: Double) -> None:
    await double.on_requests("delay", TOKEN, seconds=0.3)
    await double.on_requests("delay", ORDERS, seconds=0.3)
    async with PayPalProvider(paypal_api(double, timeout_seconds=0.5), "https://x", "https://x") as impatient:
        with pytest.raises(Unavailable):
            await impatient.begin(new_payment())


async def test_an_order_carries_our_ids_and_the_ways_back(double: Double, paypal: PayPalProvider) -> None:
    payment = new_payment()
    intent = await paypal.begin(payment)
    (request,) = await sent(double, ORDERS)
    (unit,) = request["body"]["purchase_units"]
    assert unit["custom_id"] == str(payment.payment_id)
    assert unit["invoice_id"] == str(payment.order_id)
    assert unit["amount"] == {"currency_code": "EUR", "value": "19.90"}
    assert str(payment.payment_id) in request["headers"]["paypal-request-id"]
    ways = request["body"]["payment_source"]["paypal"]["experience_context"]
    assert ways["return_url"] == f"https://shop.example/orders/{payment.order_id}/paid"
    assert intent.action
    assert intent.action.redirect_url == f"{double.url}/checkoutnow?token={intent.reference}"


async def test_a_later_attempt_at_an_order_has_an_invoice_of_its_own(double: Double, paypal: PayPalProvider) -> None:
    payment = replace(new_payment(), order_attempt=3)
    await paypal.begin(payment)
    (request,) = await sent(double, ORDERS)
    assert request["body"]["purchase_units"][0]["invoice_id"] == f"{payment.order_id}-3"


async def test_the_page_that_the_buyer_is_sent_to_approves_and_sends_back(
    double: Double, paypal: PayPalProvider
) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    assert begun.action
    async with httpx.AsyncClient() as browser:
        page = await browser.get(begun.action.redirect_url)
    back = f"https://shop.example/orders/{payment.order_id}/paid?token={begun.reference}"
    assert page.headers["location"].startswith(back)
    approved = await paypal.retrieve(begun.reference)
    assert (approved.status, approved.awaits_confirmation) == (PaymentStatus.PENDING, True)


async def test_an_order_is_not_authorized_before_its_buyer_approves(double: Double, paypal: PayPalProvider) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    with pytest.raises(StepRejectedError, match="ORDER_NOT_APPROVED"):
        await paypal.confirm(begun.reference, payment.payment_id)


async def test_a_cancelled_order_can_not_be_authorized_though_its_buyer_approves_it_afterwards(
    double: Double, paypal: PayPalProvider
) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    await paypal.cancel(begun.reference, payment.payment_id)
    await double.buyer_acts(begun.reference, approves=True)
    intent = await paypal.retrieve(begun.reference)
    assert (intent.status, intent.awaits_confirmation) == (PaymentStatus.VOIDED, False)
    with pytest.raises(StepRejectedError, match="ACTION_DOES_NOT_MATCH_INTENT"):
        await paypal.confirm(begun.reference, payment.payment_id)
    assert (await double.payment(begun.reference))["held"] == 0


async def test_an_approved_order_can_be_cancelled_too(double: Double, paypal: PayPalProvider) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    await double.buyer_acts(begun.reference, approves=True)
    await paypal.cancel(begun.reference, payment.payment_id)
    assert (await paypal.retrieve(begun.reference)).status is PaymentStatus.VOIDED


async def test_an_order_that_is_authorized_while_it_is_cancelled_is_not_taken_for_cancelled(
    double: Double, paypal: PayPalProvider
) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    await double.buyer_acts(begun.reference, approves=True)
    await double.on_requests("delay", f"{ORDERS}/{begun.reference}", method="PATCH", seconds=0.3)
    cancelling = asyncio.create_task(paypal.cancel(begun.reference, payment.payment_id))
    await double.met()
    await paypal.confirm(begun.reference, payment.payment_id)
    with pytest.raises(StepRejectedError):
        await cancelling
    await paypal.cancel(begun.reference, payment.payment_id)
    assert (await paypal.retrieve(begun.reference)).status is PaymentStatus.VOIDED
    assert (await double.payment(begun.reference))["held"] == 0


async def test_an_order_whose_intent_paypal_does_not_turn_is_left_to_our_own_status(
    double: Double, paypal: PayPalProvider, caplog: pytest.LogCaptureFixture
) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    await double.on_requests("fail", f"{ORDERS}/*", method="PATCH", status=422)
    await paypal.cancel(begun.reference, payment.payment_id)
    assert "could not be turned" in caplog.text


async def test_an_order_that_paypal_has_forgotten_is_void(double: Double, paypal: PayPalProvider) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    await double.expire(begun.reference)
    assert (await paypal.retrieve(begun.reference)).status is PaymentStatus.VOIDED
    with pytest.raises(StepRejectedError):
        await paypal.cancel(begun.reference, payment.payment_id)


async def test_an_authorization_that_lapsed_is_void_and_can_not_be_taken(
    double: Double, paypal: PayPalProvider
) -> None:
    payment, intent = await held(paypal, double)
    await double.expire(intent.reference)
    assert (await paypal.retrieve(intent.reference)).status is PaymentStatus.VOIDED
    with pytest.raises(StepRejectedError, match="AUTHORIZATION_VOIDED"):
        await paypal.capture(intent.reference, payment.payment_id)


async def test_a_capture_ends_the_authorization(double: Double, paypal: PayPalProvider) -> None:
    _, intent = await captured(paypal, double)
    (path,) = {each["path"] for each in await double.requests() if each["path"].endswith("/capture")}
    (request,) = await sent(double, path)
    assert request["body"] == {"final_capture": True}
    assert (await double.payment(intent.reference))["held"] == 0


@pytest.mark.parametrize("amount", [Money(1050, "HUF"), Money(1001, "TWD"), Money(1990, "KWD"), Money(1990, "XXX")])
async def test_an_amount_that_paypal_does_not_take_is_declined_and_no_order_made(
    double: Double, paypal: PayPalProvider, amount: Money
) -> None:
    before = len(await double.ledger())
    with pytest.raises(DeclinedError):
        await paypal.begin(new_payment(amount))
    assert len(await double.ledger()) == before


async def test_forints_are_whole_at_paypal_and_exact_here(double: Double, paypal: PayPalProvider) -> None:
    _, intent = await captured(paypal, double, Money(199_000, "HUF"))
    assert intent.amount == Money(199_000, "HUF")
    assert (await double.payment(intent.reference))["captured"] == 1990
    with pytest.raises(StepRejectedError, match="DECIMALS_NOT_SUPPORTED"):
        await paypal.refund(intent.reference, new_id(), Money(50, "HUF"))


async def test_the_books_do_not_show_what_nobody_approved(double: Double, paypal: PayPalProvider) -> None:
    payment, _ = await held(paypal, double)
    waiting = await paypal.begin(new_payment())
    records = [record async for record in paypal.records(long_ago())]
    assert waiting.reference not in {record.reference for record in records}
    assert payment.payment_id in {record.payment_id for record in records}


async def test_the_books_of_a_year_are_read_a_month_at_a_time(double: Double, paypal: PayPalProvider) -> None:
    payment, _ = await captured(paypal, double)
    records = [record async for record in paypal.records(long_ago())]
    assert [record.captured_minor for record in records if record.payment_id == payment.payment_id] == [AMOUNT.minor]
    assert len(await calls(double, "/v1/reporting/transactions")) == 12
