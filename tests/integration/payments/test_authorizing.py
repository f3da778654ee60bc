"""Authorizations against localstripe: held once, or declined with a reason, whatever is repeated or breaks."""

import asyncio
import contextlib
from uuid import UUID

import pytest

from shared.errors import Unavailable
from shared.persistence import db
from shared.security.secrets import Secret
from subgraphs.payments.commands.authorize_payment import AuthorizePayment
from subgraphs.payments.domain.payment import Beginning, Payment
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure import leases
from subgraphs.payments.infrastructure.leases import PostgresLeases
from subgraphs.payments.infrastructure.payments import PostgresPayments
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.integration.payments.builders import (
    ALWAYS_DECLINED,
    CHARGE_DECLINED,
    GOOD_CARD,
    WANTS_3D_SECURE,
    authorization,
    authorized,
    events_of,
    follow_all,
    movements_of,
    only,
    secret_of,
    status_of,
)
from tests.integration.payments.performed import authorize_payment
from tests.integration.payments.stripe_account import StripeAccount
from tilt.embedded.backends.localstripe import API_KEY
from tilt.embedded.ports import free_port


async def inserted(method: str = GOOD_CARD) -> UUID:
    """What a crash before the provider was asked leaves: the row."""
    wanted = authorization(method)
    beginning = Beginning(wanted.order_id, wanted.customer_id, "stripe", method, None, wanted.amount, wanted.key)
    async with PostgresLeases().of_beginning(beginning):
        return wanted.order_id


async def begun(provider: StripeProvider, method: str = GOOD_CARD) -> tuple[UUID, str]:
    """What a crash after the provider was asked leaves: the row, and an intent that nobody has written down."""
    order_id = await inserted(method)
    payment_id = await db.fetch_value("SELECT id FROM payments WHERE order_id = $1", order_id)
    intent = await provider.begin((await PostgresPayments().current(payment_id)).beginning)
    return order_id, intent.reference


async def test_a_good_card_has_the_amount_held_and_nothing_taken(
    provider: StripeProvider, account: StripeAccount
) -> None:
    order_id = await authorized(provider, 4711)
    intent = await account.intent(order_id)
    assert (intent["status"], intent["amount"], intent["currency"]) == ("requires_capture", 4711, "eur")
    assert [charge["captured"] for charge in await account.charges(order_id)] == [False]
    assert await movements_of(order_id) == [("AUTHORIZATION", 4711)]
    assert await events_of(order_id) == ["PaymentAuthorized"]


@pytest.mark.parametrize("card", [CHARGE_DECLINED, ALWAYS_DECLINED])
async def test_a_declined_card_says_why_and_holds_nothing(
    provider: StripeProvider, account: StripeAccount, card: str
) -> None:
    wanted = authorization(await account.card(card))
    outcome = await authorize_payment(wanted, only(provider))
    assert outcome.status is PaymentStatus.DECLINED
    assert outcome.decline is not None
    assert outcome.decline.code == "card_declined"
    assert outcome.decline.message == "Your card was declined; please pay with another one."
    assert await movements_of(wanted.order_id) == []
    assert await events_of(wanted.order_id) == ["PaymentDeclined"]


@pytest.mark.parametrize("method", ["pm_card_chargeCustomerFail", "pm_card_visa_chargeDeclined"])
async def test_stripes_own_test_methods_are_declined_too(provider: StripeProvider, method: str) -> None:
    assert (await authorize_payment(authorization(method), only(provider))).status is PaymentStatus.DECLINED


@pytest.mark.parametrize("method", ["pm_unheard_of", "nonsense", "pm_card_visa/../../v1/refunds", "{}"])
async def test_an_unknown_payment_method_is_declined_with_a_sentence(
    provider: StripeProvider, account: StripeAccount, method: str
) -> None:
    wanted = authorization(method)
    decline = (await authorize_payment(wanted, only(provider))).decline
    assert decline is not None
    assert decline.code == "resource_missing"
    assert decline.message.endswith(".")
    assert await account.intents(wanted.order_id) == []


async def test_3d_secure_is_asked_for_and_passes(provider: StripeProvider, account: StripeAccount) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    asked = await authorize_payment(wanted, only(provider))
    intent = await account.intent(wanted.order_id)
    assert asked.status is PaymentStatus.REQUIRES_ACTION
    assert secret_of(asked) == intent["client_secret"]
    assert await movements_of(wanted.order_id) == []
    assert secret_of(await authorize_payment(wanted, only(provider))) == secret_of(asked)
    await account.authenticate(intent["id"], secret_of(asked), success=True)
    passed = await authorize_payment(wanted, only(provider))
    assert (passed.status, passed.id) == (PaymentStatus.AUTHORIZED, asked.id)
    assert await events_of(wanted.order_id) == ["PaymentAuthorized"]


async def test_3d_secure_that_fails_is_a_decline(provider: StripeProvider, account: StripeAccount) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    asked = await authorize_payment(wanted, only(provider))
    await account.authenticate((await account.intent(wanted.order_id))["id"], secret_of(asked), success=False)
    failed = await authorize_payment(wanted, only(provider))
    assert failed.decline is not None
    assert failed.decline.code == "payment_intent_authentication_failure"
    await follow_all(provider)
    assert (await account.intent(wanted.order_id))["status"] == "canceled"


async def test_a_client_secret_is_written_down_once_and_until_it_was_used(
    provider: StripeProvider, account: StripeAccount
) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    secret = secret_of(await authorize_payment(wanted, only(provider)))
    assert await tables_with(secret) == ["payments"]
    await account.authenticate((await account.intent(wanted.order_id))["id"], secret, success=True)
    await authorize_payment(wanted, only(provider))
    assert await tables_with(secret) == []


async def tables_with(text: str) -> list[str]:
    """The tables in which a text is written anywhere, other than in webhooks as they came."""
    found = []
    for table in ("payments", "outbox", "idempotency", "movements"):
        rows = await db.fetch(f"SELECT to_jsonb(stored)::text AS text FROM {table} AS stored")
        found += [table] if any(text in row["text"] for row in rows) else []
    return found


async def authorized_in_the_end(wanted: AuthorizePayment, provider: StripeProvider) -> Payment:
    """What comes of it, asked again for as long as another one's command is under way."""
    while True:
        with contextlib.suppress(Unavailable):
            return await authorize_payment(wanted, only(provider))


async def test_twenty_at_once_with_one_key_authorize_once(provider: StripeProvider, account: StripeAccount) -> None:
    wanted = authorization()
    outcomes = await asyncio.gather(*(authorized_in_the_end(wanted, provider) for _ in range(20)))
    assert {outcome.id for outcome in outcomes} == {outcomes[0].id}
    assert {outcome.status for outcome in outcomes} == {PaymentStatus.AUTHORIZED}
    assert len(await account.intents(wanted.order_id)) == 1
    assert len(await account.charges(wanted.order_id)) == 1
    assert await events_of(wanted.order_id) == ["PaymentAuthorized"]


async def test_after_a_crash_before_the_provider_was_asked_it_is_asked_once(
    provider: StripeProvider, account: StripeAccount
) -> None:
    order_id = await inserted()
    assert (
        await authorize_payment(authorization(order_id=order_id), only(provider))
    ).status is PaymentStatus.AUTHORIZED
    assert len(await account.charges(order_id)) == 1


async def test_after_a_crash_behind_the_providers_answer_it_is_held_once(
    provider: StripeProvider, account: StripeAccount
) -> None:
    order_id, reference = await begun(provider)
    outcome = await authorize_payment(authorization(order_id=order_id), only(provider))
    assert (outcome.status, outcome.provider_reference) == (PaymentStatus.AUTHORIZED, reference)
    assert len(await account.charges(order_id)) == 1
    assert await events_of(order_id) == ["PaymentAuthorized"]


async def test_a_repetition_sends_what_the_first_attempt_sent(provider: StripeProvider, account: StripeAccount) -> None:
    order_id, reference = await begun(provider)
    outcome = await authorize_payment(authorization("pm_card_visa_chargeDeclined", order_id=order_id), only(provider))
    assert (outcome.status, outcome.provider_reference) == (PaymentStatus.AUTHORIZED, reference)


async def test_a_provider_that_is_away_is_unavailable_and_once_back_goes_on(
    provider: StripeProvider, account: StripeAccount
) -> None:
    wanted = authorization()
    async with StripeProvider(f"http://127.0.0.1:{free_port()}", Secret(API_KEY)) as dead:
        with pytest.raises(Unavailable):
            await authorize_payment(wanted, only(dead))
    assert await status_of(wanted.order_id) is PaymentStatus.PENDING
    assert (await authorize_payment(wanted, only(provider))).status is PaymentStatus.AUTHORIZED
    assert len(await account.charges(wanted.order_id)) == 1


async def test_a_command_waits_for_its_lease_and_gives_up_in_time(
    provider: StripeProvider, account: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = await inserted()
    await lease_until(order_id, "1 hour")
    monkeypatch.setattr(leases, "_WAIT_SECONDS", 0.2)
    with pytest.raises(Unavailable, match="under way"):
        await authorize_payment(authorization(order_id=order_id), only(provider))
    assert await account.charges(order_id) == []


async def lease_until(order_id: UUID, interval: str) -> None:
    """Somebody else's lease."""
    await db.execute(
        "UPDATE payments SET lease = gen_random_uuid(), leased_until = clock_timestamp() + $2::text::interval"
        " WHERE order_id = $1",
        order_id,
        interval,
    )


async def test_the_lease_of_the_dead_ends(provider: StripeProvider) -> None:
    order_id = await inserted()
    await lease_until(order_id, "-1 millisecond")
    outcome = await authorize_payment(authorization(order_id=order_id), only(provider))
    assert outcome.status is PaymentStatus.AUTHORIZED
