"""Which webhook requests are believed."""

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.secrets import Secret
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import BadNotice
from subgraphs.payments.infrastructure.stripe_webhooks import TOLERANCE_SECONDS, StripeWebhooks
from tests.integration.payments.webhooks import signature_of

SECRET = "whsec_test"
INTENT = {"id": "pi_1", "object": "payment_intent", "status": "requires_capture", "amount": 1990, "currency": "eur"}


def event(event_type: str = "payment_intent.amount_capturable_updated", **intent: Any) -> bytes:
    return json.dumps({"id": "evt_1", "type": event_type, "data": {"object": {**INTENT, **intent}}}).encode()


def read(body: bytes, signature: str | None) -> Any:
    headers = {} if signature is None else {"stripe-signature": signature}
    return asyncio.run(StripeWebhooks(Secret(SECRET)).read(body, headers))


def test_a_signed_event_is_read() -> None:
    notice = read(event(), signature_of(event(), SECRET))
    assert (notice.event_id, notice.type) == ("evt_1", "payment_intent.amount_capturable_updated")
    assert notice.intent.status is PaymentStatus.AUTHORIZED
    assert (notice.intent.amount.minor, notice.intent.amount.currency) == (1990, "EUR")


def test_one_good_signature_among_several_is_enough() -> None:
    good = signature_of(event(), SECRET)
    timestamp, _, scheme = good.partition(",")
    assert read(event(), f"{timestamp},v1={'0' * 64},{scheme}").event_id == "evt_1"


def test_another_secret_is_not_believed() -> None:
    with pytest.raises(BadNotice, match="does not match"):
        read(event(), signature_of(event(), "whsec_other"))


def test_while_the_secret_changes_both_are_believed() -> None:
    reader = StripeWebhooks(Secret(f"whsec_new\n{SECRET}"))
    for secret in ("whsec_new", SECRET):
        notice = asyncio.run(reader.read(event(), {"stripe-signature": signature_of(event(), secret)}))
        assert notice.event_id == "evt_1"


def test_an_old_signature_is_not_believed() -> None:
    stale = signature_of(event(), SECRET, int(time.time()) - TOLERANCE_SECONDS - 2)
    with pytest.raises(BadNotice, match="older"):
        read(event(), stale)


def test_a_new_time_on_an_old_signature_is_not_believed() -> None:
    old = signature_of(event(), SECRET, int(time.time()) - TOLERANCE_SECONDS - 2)
    with pytest.raises(BadNotice, match="does not match"):
        read(event(), f"t={int(time.time())},{old.partition(',')[2]}")


def test_a_missing_signature_is_named() -> None:
    with pytest.raises(BadNotice, match="missing"):
        read(event(), None)


@given(st.binary(max_size=200), st.text(max_size=200))
def test_no_garbage_is_believed_or_breaks_anything(body: bytes, signature: str) -> None:
    with pytest.raises(BadNotice):
        read(body, signature)


@given(st.integers(min_value=0, max_value=len(event()) - 1), st.integers(min_value=1, max_value=255))
def test_a_single_altered_byte_is_noticed(place: int, change: int) -> None:
    altered = bytearray(event())
    altered[place] ^= change
    with pytest.raises(BadNotice):
        read(bytes(altered), signature_of(event(), SECRET))


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'{"id": "evt_1", "type": "payment_intent.succeeded"}', event(status="unheard_of")]
)
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(BadNotice, match="not an event"):
        read(body, signature_of(body, SECRET))


def test_events_about_anything_else_have_no_intent() -> None:
    body = event("customer.created")
    assert read(body, signature_of(body, SECRET)).intent is None


def test_a_cancelled_intent_that_was_declined_before_stays_declined() -> None:
    body = event("payment_intent.canceled", status="canceled", last_payment_error={"code": "card_declined"})
    notice = read(body, signature_of(body, SECRET))
    assert notice.intent.status is PaymentStatus.DECLINED
    assert notice.intent.decline.code == "card_declined"


CHARGE = {
    "payment_intent": "pi_1",
    "captured": True,
    "amount": 1990,
    "amount_captured": 1990,
    "amount_refunded": 500,
    "currency": "eur",
}
DISPUTE = {
    "id": "du_1",
    "payment_intent": "pi_1",
    "amount": 1990,
    "currency": "eur",
    "status": "needs_response",
    "reason": "fraudulent",
    "balance_transactions": [{"fee": 2000, "currency": "eur"}, {"fee": 1, "currency": "usd"}],
}


def told(event_type: str, fields: dict[str, Any]) -> Any:
    body = json.dumps({"id": "evt_1", "type": event_type, "data": {"object": fields}}).encode()
    return read(body, signature_of(body, SECRET))


def test_a_refund_made_elsewhere_is_read_off_its_charge() -> None:
    intent = told("charge.refunded", CHARGE).intent
    assert (intent.reference, intent.status, intent.refunded_minor) == ("pi_1", PaymentStatus.CAPTURED, 500)


def test_a_hold_that_was_let_go_is_no_refund() -> None:
    assert told("charge.refunded", {**CHARGE, "captured": False, "amount_captured": 0, "amount_refunded": 1990}).intent is None


def test_what_the_capture_of_a_part_let_go_is_no_refund() -> None:
    intent = told("charge.refunded", {**CHARGE, "amount_captured": 1000, "amount_refunded": 1190}).intent
    assert (intent.amount.minor, intent.refunded_minor) == (1000, 200)


def test_a_part_that_was_captured_elsewhere_is_another_amount() -> None:
    notice = told("payment_intent.succeeded", {**INTENT, "status": "succeeded", "amount_received": 1000})
    assert notice.intent.amount.minor == 1000


@pytest.mark.parametrize(("status", "outcome"), [("needs_response", "OPENED"), ("won", "WON"), ("lost", "LOST")])
def test_a_dispute_is_read_with_the_fee_in_the_payments_currency(status: str, outcome: str) -> None:
    dispute = told("charge.dispute.closed", {**DISPUTE, "status": status}).dispute
    assert (dispute.reference, dispute.intent_reference, dispute.outcome) == ("du_1", "pi_1", outcome)
    assert (dispute.amount.minor, dispute.fee_minor) == (1990, 2000)


@pytest.mark.parametrize(("due_by", "expected"), [(1_796_000_000, "2026-11-30T00:53:20+00:00"), (0, None), (None, None)])
def test_a_dispute_says_until_when_evidence_is_taken(due_by: int | None, expected: str | None) -> None:
    dispute = told("charge.dispute.created", {**DISPUTE, "evidence_details": {"due_by": due_by}}).dispute
    assert (dispute.evidence_due_at and dispute.evidence_due_at.isoformat()) == expected


def test_a_bank_that_only_asks_has_taken_nothing() -> None:
    assert told("charge.dispute.created", {**DISPUTE, "status": "warning_needs_response"}).dispute is None
