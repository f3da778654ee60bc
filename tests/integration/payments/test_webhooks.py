"""Webhooks: what is told moves payments forward, each event once, whatever its order."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.entrypoints.webhooks import MAX_BODY_BYTES
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from tests.backends import Backends
from tests.integration.payments.builders import (
    WANTS_3D_SECURE,
    authorization,
    authorized,
    captured,
    events_of,
    follow_all,
    movements_of,
    only,
    secret_of,
    status_of,
)
from tests.integration.payments.performed import authorize_payment, capture_payment, void_payment
from tests.integration.payments.stripe_account import StripeAccount
from tests.integration.payments.webhooks import signature_of
from tilt.embedded.environment import stripe_webhook_url

STRIPE_PATH = "/webhooks/stripe"


class Sender:
    """Sends webhooks as Stripe does, to the subgraph's own routes."""

    def __init__(self, subgraph: Subgraph, secret: str, account: StripeAccount) -> None:
        transport = httpx.ASGITransport(Starlette(routes=list(subgraph.routes)))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://payments")
        self._secret = secret
        self._account = account

    async def post(self, body: bytes, signature: str | None = None, timestamp: int | None = None) -> httpx.Response:
        header = signature if signature is not None else signature_of(body, self._secret, timestamp)
        return await self._http.post(STRIPE_PATH, content=body, headers={"stripe-signature": header})

    async def tell(self, change: str, order_id: UUID, event_id: str | None = None, **intent: Any) -> str:
        """Tells of an order's intent as localstripe has it, but for what is given; answers what came of it."""
        event_id = event_id or f"evt_{new_id()}"
        told = {**await self._account.intent(order_id), **intent}
        body = json.dumps({"id": event_id, "type": f"payment_intent.{change}", "data": {"object": told}}).encode()
        answer = await self.post(body)
        assert answer.status_code == 200, answer.text
        outcome: str = await db.fetch_value("SELECT outcome FROM webhook_events WHERE event_id = $1", event_id)
        return outcome


@pytest.fixture
def sender(payments: Subgraph, provider: StripeProvider, backends: Backends, account: StripeAccount) -> Sender:
    return Sender(payments, backends.credentials.stripe_webhook_secret, account)


def test_the_mesh_registers_the_path_that_payments_serves(backends: Backends) -> None:
    assert stripe_webhook_url(backends.settings).endswith(STRIPE_PATH)


async def test_a_used_id_with_another_content_is_warned_of_and_not_applied(
    sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    event = {"id": "evt_reused", "type": "customer.created", "pending_webhooks": 2, "data": {"object": {"name": "Zoe"}}}
    assert (await sender.post(json.dumps(event).encode())).json() == {"received": "new"}
    before = reused_notices()
    again = await sender.post(json.dumps({**event, "pending_webhooks": 1}).encode())
    assert (again.status_code, again.json(), reused_notices() - before) == (200, {"received": "again"}, 0)
    other = await sender.post(json.dumps({**event, "data": {"object": {"name": "Eve"}}}).encode())
    assert (other.status_code, other.json(), reused_notices() - before) == (200, {"received": "again"}, 1)
    assert "evt_reused came again with another content" in caplog.text
    assert "Eve" not in caplog.text
    assert json.loads(await db.fetch_value("SELECT body FROM webhook_events WHERE event_id = 'evt_reused'")) == event


def reused_notices() -> float:
    return REGISTRY.get_sample_value("mercato_payment_reused_notices_total", {"provider": "stripe"}) or 0.0


async def test_an_event_is_kept_as_it_came_and_once(sender: Sender) -> None:
    body = b'{"id": "evt_kept", "type": "customer.created", "data": {"object": {"name": "Z\xc3\xb6e"}}}'
    first, second = await sender.post(body), await sender.post(body)
    assert (first.status_code, first.json()) == (200, {"received": "new"})
    assert (second.status_code, second.json()) == (200, {"received": "again"})
    rows = await db.fetch("SELECT type, body, outcome FROM webhook_events WHERE event_id = 'evt_kept'")
    assert [tuple(row) for row in rows] == [("customer.created", body.decode(), "IGNORED")]


@pytest.mark.parametrize(
    ("signature", "timestamp", "reason"),
    [
        ("", None, "missing"),
        ("t=1,v1=00", None, "does not match"),
        ("nonsense", None, "does not match"),
        (None, 1_000, "older"),
        (None, 4_000_000_000, "ahead"),
    ],
)
async def test_what_is_not_believed_is_rejected_and_not_kept(
    sender: Sender, signature: str | None, timestamp: int | None, reason: str
) -> None:
    body = b'{"id": "evt_forged", "type": "payment_intent.succeeded", "data": {"object": {}}}'
    answer = await sender.post(body, signature, timestamp)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
    assert await db.fetch("SELECT 1 FROM webhook_events WHERE event_id = 'evt_forged'") == []


async def test_an_oversized_body_is_rejected(sender: Sender) -> None:
    answer = await sender.post(b'{"id": "evt_large", "type": "x", "padding": "' + b"x" * MAX_BODY_BYTES + b'"}')
    assert answer.status_code == 400
    assert str(MAX_BODY_BYTES) in answer.json()["error"]


async def test_an_intent_of_somebody_else_is_kept_and_ignored(sender: Sender, provider: StripeProvider) -> None:
    order_id = await authorized(provider)
    assert await sender.tell("succeeded", order_id, id="pi_not_ours") == "UNKNOWN_PAYMENT"


@pytest.mark.parametrize("difference", [{"amount": 1}, {"currency": "usd"}])
async def test_another_amount_or_currency_is_not_applied(
    sender: Sender, provider: StripeProvider, difference: dict[str, Any]
) -> None:
    order_id = await authorized(provider)
    assert await sender.tell("succeeded", order_id, status="succeeded", **difference) == "MISMATCHED"
    assert await status_of(order_id) is PaymentStatus.AUTHORIZED


async def test_3d_secure_that_passed_in_the_browser_is_learned_from_the_webhook(
    sender: Sender, provider: StripeProvider, account: StripeAccount
) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    asked = await authorize_payment(wanted, only(provider))
    await account.authenticate((await account.intent(wanted.order_id))["id"], secret_of(asked), success=True)
    assert await sender.tell("amount_capturable_updated", wanted.order_id) == "APPLIED"
    assert await events_of(wanted.order_id) == ["PaymentAuthorized"]
    assert (await authorize_payment(wanted, only(provider))).status is PaymentStatus.AUTHORIZED
    assert await events_of(wanted.order_id) == ["PaymentAuthorized"]


async def test_3d_secure_that_failed_in_the_browser_is_learned_from_the_webhook(
    sender: Sender, provider: StripeProvider, account: StripeAccount
) -> None:
    wanted = authorization(await account.card(WANTS_3D_SECURE))
    asked = await authorize_payment(wanted, only(provider))
    await account.authenticate((await account.intent(wanted.order_id))["id"], secret_of(asked), success=False)
    assert await sender.tell("payment_failed", wanted.order_id) == "APPLIED"
    outcome = await authorize_payment(wanted, only(provider))
    assert outcome.decline is not None
    assert outcome.decline.code == "payment_intent_authentication_failure"
    assert await events_of(wanted.order_id) == ["PaymentDeclined"]


async def test_a_webhook_that_overtakes_the_answer_is_applied_once(
    sender: Sender, provider: StripeProvider, account: StripeAccount
) -> None:
    order_id = await authorized(provider)
    await provider.capture((await account.intent(order_id))["id"], order_id)
    assert await sender.tell("succeeded", order_id) == "APPLIED"
    assert (await capture_payment(order_id, only(provider)))[1] is None
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("CAPTURE", 1990)]
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]


async def test_an_authorization_that_expired_at_the_bank_is_voided(
    sender: Sender, provider: StripeProvider, account: StripeAccount
) -> None:
    order_id = await authorized(provider)
    await provider.cancel((await account.intent(order_id))["id"], order_id)
    assert await sender.tell("canceled", order_id) == "APPLIED"
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentVoided"]


async def test_late_and_shuffled_events_change_nothing(sender: Sender, provider: StripeProvider) -> None:
    order_id = await captured(provider)
    late = [
        ("succeeded", "succeeded"),
        ("amount_capturable_updated", "requires_capture"),
        ("requires_action", "requires_action"),
    ]
    for change, status in [*late, *reversed(late)]:
        assert await sender.tell(change, order_id, status=status) == "UNCHANGED"
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]


async def test_an_event_that_comes_three_times_is_applied_once(
    sender: Sender, provider: StripeProvider, account: StripeAccount
) -> None:
    order_id = await authorized(provider)
    await provider.capture((await account.intent(order_id))["id"], order_id)
    event_id = f"evt_{new_id()}"
    for _ in range(3):
        assert await sender.tell("succeeded", order_id, event_id) == "APPLIED"
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]


@pytest.mark.parametrize("status", ["succeeded", "requires_capture"])
async def test_news_of_money_of_a_voided_payment_is_looked_into_and_changes_nothing_when_it_is_old(
    sender: Sender, provider: StripeProvider, status: str
) -> None:
    order_id = await authorized(provider)
    await void_payment(order_id, only(provider))
    assert await sender.tell("succeeded", order_id, status=status) == "ASKED"
    await follow_all(provider)
    assert await status_of(order_id) is PaymentStatus.VOIDED
    assert await movements_of(order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]
    assert not await is_followed(order_id)


async def is_followed(order_id: UUID) -> bool:
    followed: bool = await db.fetch_value("SELECT follow_at IS NOT NULL FROM payments WHERE order_id = $1", order_id)
    return followed
