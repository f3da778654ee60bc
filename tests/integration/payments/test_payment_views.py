"""What buyers and staff see of payments beyond their movements."""

from uuid import UUID

import asyncpg
import pytest

from shared.ids import new_id
from tests.identity import Issuer
from tests.integration.payments.test_payments_process import Caller
from tests.subgraphs import Running

_DISPUTE = (
    "INSERT INTO disputes"
    " (id, payment_id, provider_reference, outcome, amount_minor, fee_minor, reason, evidence_due_at)"
    " VALUES ($1, $2, 'du_1', 'OPENED', 1500, 0, 'fraudulent', '2026-12-24T18:00:00Z')"
)


@pytest.fixture
async def caller(payments_process: Running) -> Caller:
    return Caller(payments_process)


async def open_dispute(process: Running, payment_id: str) -> None:
    """As if localstripe's bank had taken money back, which it never does."""
    database = await asyncpg.connect(process.environment["PAYMENTS_DATABASE_URL"])
    try:
        await database.execute(_DISPUTE, new_id(), UUID(payment_id))
    finally:
        await database.close()


async def test_disputes_are_seen_by_buyers_and_staff_and_attention_by_staff_alone(
    caller: Caller, payments_process: Running, issuer: Issuer
) -> None:
    order_id, buyer = new_id(), new_id()
    payment_id = (await caller.authorize(order_id, customer_id=str(buyer))).payment_id
    await caller.capture(order_id)
    await open_dispute(payments_process, payment_id)
    selection = "{ disputes { status reason amount { amount currency } evidenceDueAt openedAt closedAt } }"
    for token in (issuer.token(buyer), issuer.token(scope="payments:read")):
        (payment,) = (await payments_process.entities("Payment", [payment_id], selection, token))["data"]["_entities"]
        (dispute,) = payment["disputes"]
        assert dispute.pop("openedAt")
        assert dispute == {
            "status": "OPEN",
            "reason": "fraudulent",
            "amount": {"amount": "15.00", "currency": "EUR"},
            "evidenceDueAt": "2026-12-24T18:00:00.000Z",
            "closedAt": None,
        }
    staff = await payments_process.entities(
        "Payment", [payment_id], "{ attention }", issuer.token(scope="payments:read")
    )
    assert staff == {"data": {"_entities": [{"attention": None}]}}
    rejected = await payments_process.entities("Payment", [payment_id], "{ attention }", issuer.token(buyer))
    assert rejected["errors"][0]["extensions"]["code"] == "FORBIDDEN"
