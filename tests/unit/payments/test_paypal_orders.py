"""What PayPal's orders amount to."""

from typing import Any

import pytest

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.provider import Intent
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.paypal_orders import PayPalOrder, intent_of, record_of

AMOUNT = {"currency_code": "EUR", "value": "19.90"}
APPROVE = {"rel": "approve", "href": "https://www.paypal.com/checkoutnow?token=5O1"}
PAYMENT_ID = new_id()


def order(status: str, intent: str = "AUTHORIZE", **payments: Any) -> PayPalOrder:
    unit = {"amount": AMOUNT, "custom_id": str(PAYMENT_ID), "payments": payments}
    return PayPalOrder({"id": "5O1", "intent": intent, "status": status, "purchase_units": [unit], "links": [APPROVE]})


def read(status: str, intent: str = "AUTHORIZE", **payments: Any) -> Intent:
    return intent_of(order(status, intent, **payments))


def held(status: str) -> list[dict[str, Any]]:
    return [{"id": "0VF", "status": status, "amount": AMOUNT}]


def refund(value: str, status: str = "COMPLETED") -> dict[str, Any]:
    return {"id": "1JU", "status": status, "amount": {"currency_code": "EUR", "value": value}}


@pytest.mark.parametrize("status", ["CREATED", "PAYER_ACTION_REQUIRED"])
@pytest.mark.parametrize("rel", ["approve", "payer-action"])
def test_an_order_that_nobody_approved_shows_its_buyer_the_way(status: str, rel: str) -> None:
    fields = {**order(status).fields, "links": [{"rel": "self", "href": "https://x"}, {**APPROVE, "rel": rel}]}
    intent = intent_of(PayPalOrder(fields))
    assert (intent.status, intent.awaits_confirmation) == (PaymentStatus.REQUIRES_ACTION, False)
    assert intent.action
    assert intent.action.redirect_url == APPROVE["href"]


def test_an_approved_order_waits_for_our_confirmation_and_shows_no_way_any_more() -> None:
    intent = read("APPROVED")
    assert (intent.status, intent.awaits_confirmation, intent.action) == (PaymentStatus.PENDING, True, None)
    assert (intent.amount, intent.payment_id) == (Money(1990, "EUR"), PAYMENT_ID)


@pytest.mark.parametrize("status", ["CREATED", "PAYER_ACTION_REQUIRED", "APPROVED"])
def test_an_order_whose_intent_was_turned_is_void_whatever_its_buyer_does(status: str) -> None:
    intent = read(status, "CAPTURE")
    assert (intent.status, intent.awaits_confirmation, intent.action) == (PaymentStatus.VOIDED, False, None)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("CREATED", PaymentStatus.AUTHORIZED),
        ("PENDING", PaymentStatus.PENDING),
        ("DENIED", PaymentStatus.DECLINED),
        ("VOIDED", PaymentStatus.VOIDED),
        ("EXPIRED", PaymentStatus.VOIDED),
    ],
)
def test_a_completed_order_is_what_its_authorization_is(authorization: str, status: PaymentStatus) -> None:
    intent = read("COMPLETED", authorizations=held(authorization))
    assert (intent.status, intent.awaits_confirmation) == (status, False)
    assert (intent.decline is not None) == (status is PaymentStatus.DECLINED)


@pytest.mark.parametrize(
    ("capture", "status"),
    [
        ("COMPLETED", PaymentStatus.CAPTURED),
        ("PARTIALLY_REFUNDED", PaymentStatus.CAPTURED),
        ("REFUNDED", PaymentStatus.CAPTURED),
        ("PENDING", PaymentStatus.AUTHORIZED),
        ("DECLINED", PaymentStatus.VOIDED),
        ("FAILED", PaymentStatus.VOIDED),
    ],
)
def test_a_captured_order_is_what_its_capture_is(capture: str, status: PaymentStatus) -> None:
    captures = [{"id": "2GG", "status": capture, "amount": AMOUNT}]
    assert read("COMPLETED", authorizations=held("CAPTURED"), captures=captures).status is status


def test_refunds_count_but_for_those_that_failed() -> None:
    refunds = [refund("5.00"), refund("2.00", "PENDING"), refund("7.00", "FAILED"), refund("1.00", "CANCELLED")]
    captures = [{"id": "2GG", "status": "PARTIALLY_REFUNDED", "amount": AMOUNT}]
    found = order("COMPLETED", authorizations=held("CAPTURED"), captures=captures, refunds=refunds)
    assert intent_of(found).refunded_minor == 700
    record = record_of(found)
    assert (record.captured_minor, record.refunded_minor, record.payment_id) == (1990, 700, PAYMENT_ID)


def taken_in_part(*refunds: dict[str, Any]) -> PayPalOrder:
    capture = {"id": "2GG", "status": "COMPLETED", "amount": {**AMOUNT, "value": "10.00"}}
    return order("COMPLETED", authorizations=held("PARTIALLY_CAPTURED"), captures=[capture], refunds=list(refunds))


def test_what_was_taken_of_a_part_is_what_counts() -> None:
    found = taken_in_part(refund("9.99"))
    intent, record = intent_of(found), record_of(found)
    assert (intent.status, intent.amount.minor, intent.refunded_minor) == (PaymentStatus.CAPTURED, 1990, 999)
    assert intent.part_minor == 1000
    assert (record.amount.minor, record.captured_minor, record.refunded_minor) == (1990, 1000, 999)


def test_what_is_only_held_is_not_taken_in_the_books() -> None:
    record = record_of(order("COMPLETED", authorizations=held("CREATED")))
    assert (record.status, record.captured_minor) == (PaymentStatus.AUTHORIZED, 0)


def test_an_order_that_is_none_of_ours_has_no_payment_of_ours() -> None:
    fields = order("APPROVED").fields
    unit = {**fields["purchase_units"][0], "custom_id": "somebody's"}
    assert PayPalOrder({**fields, "purchase_units": [unit]}).payment_id is None
