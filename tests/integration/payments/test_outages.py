"""The provider fails in the middle of each step; the command is repeated, and every effect happened once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
import pytest_asyncio

from shared.errors import FailedPrecondition, Unavailable
from shared.persistence import db
from shared.security.secrets import Secret
from subgraphs.payments.domain.provider import Decline
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure import leases
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.integration.payments.builders import (
    authorization,
    authorized,
    captured,
    events_of,
    movements_of,
    only,
    status_of,
)
from tests.integration.payments.faults import OUTAGES, Fault, FaultyProvider
from tests.integration.payments.performed import authorize_payment, capture_payment, refund_payment, void_payment
from tests.integration.payments.stripe_account import StripeAccount
from tilt.embedded.backends import Localstripe
from tilt.embedded.backends.localstripe import API_KEY


@pytest_asyncio.fixture
async def faulty(localstripe: Localstripe) -> AsyncIterator[FaultyProvider]:
    async with FaultyProvider(localstripe.url).running() as proxy:
        yield proxy


@pytest_asyncio.fixture
async def fragile(provider: StripeProvider, faulty: FaultyProvider) -> AsyncIterator[StripeProvider]:
    """Stripe's adapter behind the proxy, with little patience."""
    async with StripeProvider(faulty.url, Secret(API_KEY), timeout_seconds=0.5) as fragile:
        yield fragile


async def broken_and_repeated(
    faulty: FaultyProvider, step: Callable[[], Awaitable[object]], path_end: str, fault: Fault
) -> None:
    """Sends a command that meets a fault, and again; a failure that is answered may have been seen through at once."""
    faulty.break_next(path_end, fault)
    with contextlib.suppress(Unavailable):
        await step()
    assert faulty.met.is_set(), "the fault was not met"
    await step()


@pytest.mark.parametrize("fault", OUTAGES)
async def test_an_authorization_that_breaks_off_is_held_once(
    fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount, fault: Fault
) -> None:
    wanted = authorization()
    await broken_and_repeated(faulty, lambda: authorize_payment(wanted, only(fragile)), "/payment_intents", fault)
    assert await status_of(wanted.order_id) is PaymentStatus.AUTHORIZED
    assert len(await account.charges(wanted.order_id)) == 1
    assert await movements_of(wanted.order_id) == [("AUTHORIZATION", 1990)]


@pytest.mark.parametrize("fault", OUTAGES)
async def test_a_declined_authorization_that_breaks_off_is_declined_once(
    fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount, fault: Fault
) -> None:
    wanted = authorization("pm_card_chargeCustomerFail")
    await broken_and_repeated(faulty, lambda: authorize_payment(wanted, only(fragile)), "/payment_intents", fault)
    assert await status_of(wanted.order_id) is PaymentStatus.DECLINED
    assert len(await account.charges(wanted.order_id)) == 1
    assert await events_of(wanted.order_id) == ["PaymentDeclined"]


@pytest.mark.parametrize("fault", OUTAGES)
async def test_a_capture_that_breaks_off_is_taken_once(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount, fault: Fault
) -> None:
    order_id = await authorized(provider)
    await broken_and_repeated(faulty, lambda: capture_payment(order_id, only(fragile)), "/capture", fault)
    assert (await account.intent(order_id))["status"] == "succeeded"
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("CAPTURE", 1990)]


@pytest.mark.parametrize("fault", OUTAGES)
async def test_a_void_that_breaks_off_lets_go_once(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount, fault: Fault
) -> None:
    order_id = await authorized(provider)
    await broken_and_repeated(faulty, lambda: void_payment(order_id, only(fragile)), "/cancel", fault)
    assert (await account.intent(order_id))["status"] == "canceled"
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]


@pytest.mark.parametrize("fault", OUTAGES)
async def test_a_refund_that_breaks_off_is_given_once(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount, fault: Fault
) -> None:
    order_id = await captured(provider)
    await broken_and_repeated(faulty, lambda: refund_payment(order_id, 500, "key", only(fragile)), "/refunds", fault)
    assert await account.refunded(order_id) == [500]
    assert (await movements_of(order_id))[-1] == ("REFUND", 500)


@pytest.mark.parametrize("fault", [Fault.REFUSED_BEFORE, Fault.DROPPED_BEHIND])
async def test_an_authorization_that_broke_off_can_be_voided(
    fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount, fault: Fault
) -> None:
    wanted = authorization()
    faulty.break_next("/payment_intents", fault)
    with pytest.raises(Unavailable):
        await authorize_payment(wanted, only(fragile))
    await void_payment(wanted.order_id, only(fragile))
    assert await status_of(wanted.order_id) is PaymentStatus.VOIDED
    assert [intent["status"] for intent in await account.intents(wanted.order_id)] == ["canceled"]
    assert await movements_of(wanted.order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]


async def test_a_capture_whose_answer_was_lost_is_not_voided_but_found_taken(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider
) -> None:
    order_id = await authorized(provider)
    faulty.break_next("/capture", Fault.DROPPED_BEHIND)
    with pytest.raises(Unavailable):
        await capture_payment(order_id, only(fragile))
    with pytest.raises(Exception, match="refund it"):
        await void_payment(order_id, only(fragile))
    assert await status_of(order_id) is PaymentStatus.CAPTURED


async def test_a_hold_that_ended_at_the_bank_is_a_declined_capture(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount
) -> None:
    order_id = await authorized(provider)
    await provider.cancel((await account.intent(order_id))["id"], order_id)
    _, decline = await capture_payment(order_id, only(fragile))
    assert decline is not None
    assert decline.code == "authorization_ended"
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]


async def test_a_bank_that_says_no_at_the_last_moment_takes_nothing(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider
) -> None:
    order_id = await authorized(provider)
    faulty.break_next("/capture", Fault.DECLINED)
    _, decline = await capture_payment(order_id, only(fragile))
    assert decline == Decline("expired_card", "Your card has expired; please pay with another one.")
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990)]
    await void_payment(order_id, only(fragile))


async def test_a_refund_that_the_provider_rejects_can_be_asked_for_again(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider, account: StripeAccount
) -> None:
    order_id = await captured(provider)
    faulty.break_next("/refunds", Fault.REFUSED)
    with pytest.raises(FailedPrecondition, match="refuses"):
        await refund_payment(order_id, 1990, "key", only(fragile))
    await refund_payment(order_id, 1990, "key", only(fragile))
    assert await account.refunded(order_id) == [1990]


async def test_a_command_whose_caller_gives_up_frees_the_payment_at_once(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider
) -> None:
    order_id = await authorized(provider)
    faulty.break_next("/capture", Fault.SILENCE)
    capturing = asyncio.create_task(capture_payment(order_id, only(fragile)))
    await faulty.met.wait()
    assert await is_leased(order_id)
    capturing.cancel()
    await asyncio.gather(capturing, return_exceptions=True)
    assert not await is_leased(order_id)
    assert (await capture_payment(order_id, only(provider)))[1] is None


async def test_a_conversation_ends_before_its_lease(
    provider: StripeProvider, faulty: FaultyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "_CONVERSATION_SECONDS", 0.2)
    order_id = await authorized(provider)
    faulty.break_next("/capture", Fault.SILENCE)
    async with StripeProvider(faulty.url, Secret(API_KEY)) as patient:
        with pytest.raises(TimeoutError):
            await capture_payment(order_id, only(patient))
    assert not await is_leased(order_id)
    assert (await capture_payment(order_id, only(provider)))[1] is None


async def test_no_transaction_is_open_while_the_provider_is_asked(
    provider: StripeProvider, fragile: StripeProvider, faulty: FaultyProvider
) -> None:
    order_id = await authorized(provider)
    faulty.break_next("/capture", Fault.SILENCE)
    capturing = asyncio.create_task(capture_payment(order_id, only(fragile)))
    await faulty.met.wait()
    open_transactions = await db.fetch_value(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
    )
    assert open_transactions == 0
    with pytest.raises(Unavailable):
        await capturing


async def is_leased(order_id: UUID) -> bool:
    leased: bool = await db.fetch_value("SELECT lease IS NOT NULL FROM payments WHERE order_id = $1", order_id)
    return leased
