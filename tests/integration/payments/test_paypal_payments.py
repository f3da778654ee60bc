"""Payments by PayPal from beginning to end, in payments as it runs in the mesh;
at the end of each test all books agree.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from shared.errors import FailedPrecondition, Unavailable
from shared.ids import new_id
from tests.backends import Backends
from tests.doubles.running import Double, double_of_paypal
from tests.identity import Issuer
from tests.integration.payments.paypal import paypal_api, paypal_environment
from tests.integration.payments.test_payments_process import Caller
from tests.subgraphs import Running, eventually, fresh_environment, running
from tilt.embedded.ports import LOOPBACK, free_ports

_BOOKS = """
SELECT payment.provider_reference AS reference, payment.status, payment.amount_minor, payment.captured_minor,
  payment.refunded_minor, coalesce(sum(posting.amount_minor), 0) AS balance,
  coalesce(sum(posting.amount_minor) FILTER (WHERE posting.account = 'authorized'), 0) AS held,
  -coalesce(sum(posting.amount_minor) FILTER (WHERE posting.account = 'captured'), 0) AS captured,
  coalesce(sum(posting.amount_minor) FILTER (WHERE posting.account = 'refunded'), 0) AS refunded,
  coalesce(sum(posting.amount_minor) FILTER (WHERE posting.account IN ('disputed', 'charged_back')), 0) AS disputed
FROM payments AS payment LEFT JOIN movements AS movement ON movement.payment_id = payment.id
LEFT JOIN postings AS posting ON posting.movement_id = movement.id
WHERE payment.order_id = ANY($1::uuid[]) GROUP BY payment.id
"""


@dataclass
class PaidByPayPal:
    """A shop that takes PayPal. ``orders`` are those of this test."""

    process: Running
    double: Double
    issuer: Issuer
    database: "asyncpg.Connection[asyncpg.Record]"
    buyer: UUID = field(default_factory=new_id)
    orders: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.caller = Caller(self.process)

    def order(self) -> UUID:
        self.orders.append(new_id())
        return self.orders[-1]

    async def authorize(self, order_id: UUID, **parts: Any) -> pb.AuthorizeResponse:
        return await self.caller.authorize(order_id, payment_method_id="paypal", customer_id=str(self.buyer), **parts)

    async def asked(self, **parts: Any) -> tuple[UUID, str]:
        """A new order whose buyer is asked to approve it, and PayPal's reference of it."""
        order_id = self.order()
        answer = await self.authorize(order_id, **parts)
        assert answer.WhichOneof("outcome") == "requires_action"
        return order_id, str(await self.value("provider_reference", order_id))

    async def authorized(self) -> tuple[UUID, str]:
        """A new order whose amount is held."""
        order_id, reference = await self.asked()
        await self.double.buyer_acts(reference, approves=True)
        await self.has_status(order_id, "AUTHORIZED")
        return order_id, reference

    async def has_status(self, order_id: UUID, status: str) -> None:
        """Returns when an order's payment has a status."""

        async def is_there() -> bool:
            return bool(await self.value("status", order_id) == status)

        await eventually(is_there, f"the payment is {status}")

    async def value(self, column: str, order_id: UUID) -> Any:
        return await self.database.fetchval(f"SELECT {column} FROM payments WHERE order_id = $1", order_id)

    async def shown(self, order_id: UUID) -> dict[str, Any]:
        """The payment as its buyer sees it."""
        transactions = "transactions { kind amount { amount } }"
        selection = f"{{ payments {{ status declineCode action {{ clientSecret redirectUrl }} {transactions} }} }}"
        answer = await self.process.entities("Order", [str(order_id)], selection, self.issuer.token(self.buyer))
        (payment,) = answer["data"]["_entities"][0]["payments"]
        found: dict[str, Any] = payment
        return found

    async def outcomes(self, order_id: UUID) -> dict[str, str]:
        """What came of the webhook events that name an order."""
        rows = await self.database.fetch(
            "SELECT type, outcome FROM webhook_events WHERE body LIKE '%' || $1 || '%'", str(order_id)
        )
        return {row["type"]: row["outcome"] for row in rows}

    async def assert_books_agree(self) -> None:
        """Fails unless the ledger explains each payment of this test, and PayPal moved exactly that money."""
        for row in await self.database.fetch(_BOOKS, self.orders):
            assert row["balance"] == 0, row
            assert row["held"] == (row["amount_minor"] if row["status"] == "AUTHORIZED" else 0), row
            assert (row["captured"], row["refunded"]) == (row["captured_minor"], row["refunded_minor"]), row
            theirs = await self.double.payment(row["reference"])
            ours = {name: row[name] for name in ("held", "captured", "refunded", "disputed")}
            assert ours == {name: theirs[name] for name in ours}, (row, theirs)
            assert max(theirs["counts"][kind] for kind in ("authorization", "capture", "release")) <= 1, theirs


@pytest_asyncio.fixture(scope="module")
async def shop_process(backends: Backends, issuer: Issuer) -> AsyncIterator[tuple[Running, Double]]:
    port, grpc_port = free_ports(2)
    url = f"http://{LOOPBACK}:{port}"
    double, authority_file = await double_of_paypal(backends.settings.mercato_data_dir, f"{url}/webhooks/paypal")
    own = {"PAYMENTS_PORT": str(port), "PAYMENTS_GRPC_PORT": str(grpc_port), "PAYMENTS_URL": url}
    own |= {"PAYMENTS_RPC_ADDRESS": f"{LOOPBACK}:{grpc_port}", "JWKS_URL": issuer.jwks_url}
    environment = await fresh_environment(backends, "payments", "kafka")
    async with running("payments", {**environment, **own, **paypal_environment(double, authority_file)}) as process:
        yield process, double
    await double.stop()


@pytest_asyncio.fixture
async def shop(shop_process: tuple[Running, Double], issuer: Issuer) -> AsyncIterator[PaidByPayPal]:
    process, double = shop_process
    connection = await asyncpg.connect(process.environment["PAYMENTS_DATABASE_URL"])
    shop = PaidByPayPal(process, double, issuer, connection)
    yield shop
    await double.reset()
    await shop.assert_books_agree()
    await connection.close()


async def test_a_payment_is_approved_by_webhook_held_taken_and_refunded(shop: PaidByPayPal) -> None:
    order_id, _ = await shop.asked()
    waiting = await shop.shown(order_id)
    assert (waiting["status"], waiting["action"]["clientSecret"]) == ("REQUIRES_ACTION", None)
    async with httpx.AsyncClient() as browser:
        page = await browser.get(waiting["action"]["redirectUrl"])
    assert page.headers["location"].startswith(f"https://shop.example/orders/{order_id}/paid")
    await shop.has_status(order_id, "AUTHORIZED")
    assert (await shop.outcomes(order_id))["CHECKOUT.ORDER.APPROVED"] == "ASKED"
    assert (await shop.authorize(order_id)).WhichOneof("outcome") == "authorized"
    assert (await shop.caller.capture(order_id)).WhichOneof("outcome") == "captured"
    await shop.caller.refund(order_id, 490, "first")
    await shop.caller.refund(order_id, 1500, "second")
    paid = await shop.shown(order_id)
    assert (paid["status"], paid["action"]) == ("REFUNDED", None)
    moved = [(each["kind"], each["amount"]["amount"]) for each in paid["transactions"]]
    assert moved == [("AUTHORIZATION", "19.90"), ("CAPTURE", "19.90"), ("REFUND", "4.90"), ("REFUND", "15.00")]


async def test_a_payment_whose_webhooks_are_all_lost_is_held_when_it_is_asked_for_again(shop: PaidByPayPal) -> None:
    await shop.double.on_webhooks("lose", times=None)
    order_id, reference = await shop.asked()
    assert (await shop.authorize(order_id)).WhichOneof("outcome") == "requires_action"
    await shop.double.buyer_acts(reference, approves=True)
    assert (await shop.authorize(order_id)).WhichOneof("outcome") == "authorized"
    await shop.caller.capture(order_id)
    await shop.caller.refund(order_id, 1990)
    assert await shop.outcomes(order_id) == {}
    assert (await shop.double.payment(reference))["refunded"] == 1990


async def test_a_payment_that_nobody_asks_for_is_followed_without_webhooks_too(shop: PaidByPayPal) -> None:
    await shop.double.on_webhooks("lose", times=None)
    order_id, reference = await shop.asked()
    await shop.double.buyer_acts(reference, approves=True)
    await shop.has_status(order_id, "AUTHORIZED")


async def test_webhooks_that_come_thrice_and_in_any_order_come_to_the_same(shop: PaidByPayPal) -> None:
    await shop.double.on_webhooks("duplicate", times=None, copies=3)
    await shop.double.on_webhooks("shuffle", times=None, seconds=30, seed=7)
    order_id, reference = await shop.asked()
    await shop.double.buyer_acts(reference, approves=True)
    await shop.authorize(order_id)
    await shop.caller.capture(order_id)
    await shop.caller.refund(order_id, 700)
    await shop.double.release()

    async def all_came() -> bool:
        return len(await shop.outcomes(order_id)) == 4

    await eventually(all_came, "each event is stored once")
    assert (await shop.shown(order_id))["status"] == "CAPTURED"


async def test_a_wallet_that_paypal_declines_declines_the_payment_for_good(shop: PaidByPayPal) -> None:
    await shop.double.decline_next_buyer("INSTRUMENT_DECLINED")
    order_id, reference = await shop.asked()
    await shop.double.buyer_acts(reference, approves=True)
    await shop.has_status(order_id, "DECLINED")
    assert (await shop.shown(order_id))["declineCode"] == "instrument_declined"
    assert (await shop.authorize(order_id)).declined.code == "instrument_declined"

    async def is_barred() -> bool:
        return any(
            request["method"] == "PATCH" and reference in request["path"] for request in await shop.double.requests()
        )

    await eventually(is_barred, "the order can't be authorized any more")


async def test_an_order_that_was_voided_while_its_buyer_hesitated_is_never_paid(shop: PaidByPayPal) -> None:
    order_id, reference = await shop.asked()
    await shop.caller.void(order_id)
    await shop.double.buyer_acts(reference, approves=True)

    async def is_told() -> bool:
        return "CHECKOUT.ORDER.APPROVED" in await shop.outcomes(order_id)

    await eventually(is_told, "the approval is told")
    with pytest.raises(FailedPrecondition):
        await shop.authorize(order_id, idempotency_key=f"{order_id}:again")
    assert (await shop.shown(order_id))["status"] == "VOIDED"
    assert (await shop.double.payment(reference))["counts"]["authorization"] == 0


async def test_an_order_that_paypal_has_forgotten_can_be_voided(shop: PaidByPayPal) -> None:
    order_id, reference = await shop.asked()
    await shop.double.expire(reference)
    await shop.caller.void(order_id)
    assert (await shop.shown(order_id))["status"] == "VOIDED"


async def test_what_is_held_is_let_go_by_a_void(shop: PaidByPayPal) -> None:
    order_id, reference = await shop.authorized()
    await shop.caller.void(order_id)
    assert (await shop.double.payment(reference))["held"] == 0
    assert (await shop.shown(order_id))["status"] == "VOIDED"


async def test_a_capture_whose_answer_is_lost_takes_once(shop: PaidByPayPal) -> None:
    order_id, reference = await shop.authorized()
    await shop.double.on_requests("drop", "/v2/payments/authorizations/*/capture", when="after")
    await eventually(lambda: _captured(shop, order_id), "the amount is taken")
    assert (await shop.double.payment(reference))["counts"]["capture"] == 1


async def test_a_refund_made_at_paypals_own_site_comes_into_the_ledger(shop: PaidByPayPal) -> None:
    order_id, reference = await shop.authorized()
    await shop.caller.capture(order_id)
    await refund_by_hand(shop.double, reference, "5.00")

    async def is_booked() -> bool:
        return bool(await shop.value("refunded_minor", order_id) == 500)

    await eventually(is_booked, "the refund is booked")


@pytest.mark.parametrize(("decision", "kinds"), [("won", ["DISPUTE_WON"]), ("lost", ["DISPUTE_LOST"])])
async def test_a_dispute_comes_into_the_ledger_and_its_end(shop: PaidByPayPal, decision: str, kinds: list[str]) -> None:
    order_id, reference = await shop.authorized()
    await shop.caller.capture(order_id)
    dispute = await shop.double.dispute(reference)
    await shop.double.decide(dispute, decision)

    async def is_decided() -> bool:
        moved = [each["kind"] for each in (await shop.shown(order_id))["transactions"]]
        return "DISPUTE_OPENED" in moved and all(kind in moved for kind in kinds)

    await eventually(is_decided, f"the dispute is {decision}")


@pytest.mark.parametrize("headers", [{}, {"paypal-cert-url": "https://evil.example/v1/notifications/certs/CERT-1"}])
async def test_a_webhook_that_paypal_did_not_sign_is_rejected(shop: PaidByPayPal, headers: dict[str, str]) -> None:
    answer = await shop.process.http.post("/webhooks/paypal", content=b"{}", headers=headers)
    assert answer.status_code == 400


async def _captured(shop: PaidByPayPal, order_id: UUID) -> bool:
    try:
        return bool((await shop.caller.capture(order_id)).WhichOneof("outcome") == "captured")
    except Unavailable:
        return False


async def refund_by_hand(double: Double, reference: str, value: str) -> None:
    """What somebody with the shop's account can do at PayPal's own site."""
    api = paypal_api(double)
    order = await api.read("retrieve", f"/v2/checkout/orders/{reference}")
    (capture,) = order["purchase_units"][0]["payments"]["captures"]
    body = {"amount": {"currency_code": "EUR", "value": value}}
    await api.command("refund", f"/v2/payments/captures/{capture['id']}/refund", body)
    await api.close()
