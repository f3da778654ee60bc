"""Which webhook requests are believed."""

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.security.secrets import Secret
from subgraphs.payments.domain.notice import BadNoticeError
from subgraphs.payments.domain.status import PaymentStatus
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
    with pytest.raises(BadNoticeError, match="does not match"):
        read(event(), signature_of(event(), "whsec_other"))


def test_while_the_secret_changes_both_are_believed() -> None:
    reader = StripeWebhooks(Secret(f"whsec_new\n{SECRET}"))
    for secret in ("whsec_new", SECRET):
        notice = asyncio.run(reader.read(event(), {"stripe-signature": signature_of(event(), secret)}))
        assert notice.event_id == "evt_1"


def test_an_old_signature_is_not_believed() -> None:
    stale = signature_of(event(), SECRET, int(time.time()) - TOLERANCE_SECONDS - 2)
    with pytest.raises(BadNoticeError, match="older"):
        read(event(), stale)


def test_a_signature_of_the_future_is_not_believed() -> None:
    early = signature_of(event(), SECRET, int(time.time()) + TOLERANCE_SECONDS + 5)
    with pytest.raises(BadNoticeError, match="ahead"):
        read(event(), early)
    assert read(event(), signature_of(event(), SECRET, int(time.time()) + TOLERANCE_SECONDS - 5)).event_id == "evt_1"


def test_a_new_time_on_an_old_signature_is_not_believed() -> None:
    old = signature_of(event(), SECRET, int(time.time()) - TOLERANCE_SECONDS - 2)
    with pytest.raises(BadNoticeError, match="does not match"):
        read(event(), f"t={int(time.time())},{old.partition(',')[2]}")


def test_a_missing_signature_is_named() -> None:
    with pytest.raises(BadNoticeError, match="missing"):
        read(event(), None)


@given(st.binary(max_size=200), st.text(max_size=200))
def test_no_garbage_is_believed_or_breaks_anything(body: bytes, signature: str) -> None:
    with pytest.raises(BadNoticeError):
        read(body, signature)


@given(st.integers(min_value=0, max_value=len(event()) - 1), st.integers(min_value=1, max_value=255))
def test_a_single_altered_byte_is_noticed(place: int, change: int) -> None:
    altered = bytearray(event())
    altered[place] ^= change
    with pytest.raises(BadNoticeError):
        read(bytes(altered), signature_of(event(), SECRET))


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'{"id": "evt_1", "type": "payment_intent.succeeded"}', event(status="unheard_of")]
)
def test_a_signed_body_that_is_no_event_is_rejected(body: bytes) -> None:
    with pytest.raises(BadNoticeError, match="not an event"):
        read(body, signature_of(body, SECRET))


UNUSABLE: tuple[Any, ...] = (7, 1.5, True, None, [], {}, "", " ", "a b", "a\0b", "\u00e9", "\u200b", "x" * 10_000)
NO_VALUES: tuple[Any, ...] = ("1", 1.5, True, [], {}, {"a": 1}, -1, 10**30, "x\0y")


@pytest.mark.parametrize("value", UNUSABLE, ids=str)
@pytest.mark.parametrize("name", ["id", "type"])
def test_an_event_with_an_unusable_id_or_type_is_rejected(name: str, value: Any) -> None:
    body = json.dumps({"id": "evt_1", "type": "customer.created", "data": {"object": {}}, name: value}).encode()
    with pytest.raises(BadNoticeError, match="not an event"):
        read(body, signature_of(body, SECRET))


@pytest.mark.parametrize(
    "body", [b"1", b'"x"', b"[[]]", b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"id": "\\ud800"}', b"\0"]
)
def test_a_body_that_is_no_object_or_too_deep_is_rejected(body: bytes) -> None:
    with pytest.raises(BadNoticeError, match="not an event"):
        read(body, signature_of(body, SECRET))


def kept(notice: Any) -> bool:
    """Whether all that was read of an event has the type and the size of a column."""
    of = notice.intent or notice.dispute
    numbers = [of.amount.minor, getattr(of, "refunded_minor", 0), getattr(of, "fee_minor", 0)]
    words = [
        getattr(of, "reference", ""),
        getattr(of, "intent_reference", ""),
        getattr(of, "reason", ""),
        of.amount.currency,
    ]
    return all(type(each) is int and 0 <= each < 2**63 for each in numbers) and all(
        type(each) is str and "\0" not in each for each in words
    )


@pytest.mark.parametrize("value", NO_VALUES, ids=str)
def test_no_field_of_an_event_that_is_read_can_have_a_value_that_is_not_kept(value: Any) -> None:
    intent = {
        **INTENT,
        "client_secret": "s",
        "metadata": {},
        "last_payment_error": {"code": "c"},
        "latest_charge": CHARGE,
    }
    kinds = {
        "payment_intent.requires_action": {**intent, "status": "requires_action"},
        "payment_intent.payment_failed": {**intent, "status": "requires_payment_method"},
        "payment_intent.succeeded": {**intent, "status": "succeeded", "amount_received": 1990},
        "charge.refunded": CHARGE,
        "charge.dispute.created": {**DISPUTE, "evidence_details": {"due_by": 1_796_000_000}},
    }
    for kind, fields in kinds.items():
        for name in fields:
            try:
                notice = told(kind, {**fields, name: value})
            except BadNoticeError:
                continue
            assert (notice.intent is None and notice.dispute is None) or kept(notice), (kind, name, value)


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
    assert (
        told("charge.refunded", {**CHARGE, "captured": False, "amount_captured": 0, "amount_refunded": 1990}).intent
        is None
    )


def test_what_the_capture_of_a_part_let_go_is_no_refund() -> None:
    intent = told("charge.refunded", {**CHARGE, "amount_captured": 1000, "amount_refunded": 1190}).intent
    assert (intent.amount.minor, intent.taken_minor, intent.refunded_minor) == (1990, 1000, 200)


def test_a_part_that_was_captured_elsewhere_is_told_beside_the_amount() -> None:
    intent = told("payment_intent.succeeded", {**INTENT, "status": "succeeded", "amount_received": 1000}).intent
    assert (intent.amount.minor, intent.part_minor) == (1990, 1000)


@pytest.mark.parametrize(("status", "outcome"), [("needs_response", "OPENED"), ("won", "WON"), ("lost", "LOST")])
def test_a_dispute_is_read_with_the_fee_in_the_payments_currency(status: str, outcome: str) -> None:
    dispute = told("charge.dispute.closed", {**DISPUTE, "status": status}).dispute
    assert (dispute.reference, dispute.intent_reference, dispute.outcome) == ("du_1", "pi_1", outcome)
    assert (dispute.amount.minor, dispute.fee_minor) == (1990, 2000)


@pytest.mark.parametrize(
    ("due_by", "expected"), [(1_796_000_000, "2026-11-30T00:53:20+00:00"), (0, None), (None, None)]
)
def test_a_dispute_says_until_when_evidence_is_taken(due_by: int | None, expected: str | None) -> None:
    dispute = told("charge.dispute.created", {**DISPUTE, "evidence_details": {"due_by": due_by}}).dispute
    assert (dispute.evidence_due_at and dispute.evidence_due_at.isoformat()) == expected


def test_a_bank_that_only_asks_has_taken_nothing() -> None:
    assert told("charge.dispute.created", {**DISPUTE, "status": "warning_needs_response"}).dispute is None
