"""What PayPal's errors mean to callers, and what of them is never written down."""

import json
import logging

import httpx
import pytest

from shared.errors import Internal, Unavailable
from subgraphs.payments.domain.provider import DeclinedError, StepRejectedError
from subgraphs.payments.infrastructure.paypal_errors import Missing, translated

OPERATIONS = ["begin", "retrieve", "confirm", "capture", "cancel", "refund", "records", "token"]


def answer(status: int, issue: str | None = None, name: str = "UNPROCESSABLE_ENTITY") -> httpx.Response:
    """PayPal's sentences may quote the buyer."""
    details = (
        [{"issue": issue, "description": "grace@example.com has no money", "value": "grace@example.com"}]
        if issue
        else []
    )
    body = {"name": name, "message": "grace@example.com", "debug_id": "f8f3d1", "details": details}
    return httpx.Response(status, content=json.dumps(body), headers={"paypal-debug-id": "f8f3d1a2b"})


@pytest.mark.parametrize(
    "issue", ["INSTRUMENT_DECLINED", "PAYER_CANNOT_PAY", "TRANSACTION_REFUSED", "PAYER_ACCOUNT_RESTRICTED"]
)
@pytest.mark.parametrize("operation", ["confirm", "capture"])
def test_a_no_to_the_buyer_is_a_decline_with_a_sentence(operation: str, issue: str) -> None:
    failure = translated(operation, answer(422, issue))
    assert isinstance(failure, DeclinedError)
    assert failure.decline.code == issue.lower()
    assert "PayPal" in failure.decline.message
    assert "grace" not in failure.decline.message


@pytest.mark.parametrize(
    ("operation", "issue"),
    [
        ("confirm", "ORDER_ALREADY_AUTHORIZED"),
        ("confirm", "ORDER_NOT_APPROVED"),
        ("confirm", "ACTION_DOES_NOT_MATCH_INTENT"),
        ("capture", "AUTHORIZATION_ALREADY_CAPTURED"),
        ("capture", "AUTHORIZATION_VOIDED"),
        ("capture", "AUTHORIZATION_EXPIRED"),
        ("cancel", "PREVIOUSLY_CAPTURED"),
        ("cancel", "PREVIOUSLY_VOIDED"),
        ("cancel", "ORDER_ALREADY_COMPLETED"),
        ("refund", "CAPTURE_FULLY_REFUNDED"),
        ("refund", "REFUND_AMOUNT_EXCEEDED"),
        ("refund", "TRANSACTION_REFUSED"),
    ],
)
def test_a_step_that_the_order_forbids_is_rejected_by_its_name(operation: str, issue: str) -> None:
    failure = translated(operation, answer(422, issue))
    assert isinstance(failure, StepRejectedError)
    assert failure.args == (issue,)


@pytest.mark.parametrize("issue", ["INVALID_CURRENCY_CODE", "DECIMAL_PRECISION", "PAYEE_ACCOUNT_RESTRICTED"])
def test_an_order_that_paypal_does_not_take_is_declined_with_the_way_out(issue: str) -> None:
    failure = translated("begin", answer(422, issue))
    assert isinstance(failure, DeclinedError)
    assert "another means of payment" in failure.decline.message


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 409, 408])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_may_pass_is_worth_a_retry(operation: str, status: int) -> None:
    assert isinstance(translated(operation, answer(status)), Unavailable)


@pytest.mark.parametrize("operation", ["retrieve", "confirm", "capture", "cancel", "refund"])
def test_what_paypal_has_forgotten_is_missing(operation: str) -> None:
    assert isinstance(translated(operation, answer(404, "INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND")), Missing)


@pytest.mark.parametrize(
    ("operation", "status", "issue"),
    [
        ("begin", 401, None),
        ("records", 403, "NOT_AUTHORIZED"),
        ("begin", 400, "MISSING_REQUIRED_PARAMETER"),
        ("begin", 404, None),
    ],
)
def test_a_fault_of_ours_is_internal(operation: str, status: int, issue: str | None) -> None:
    assert isinstance(translated(operation, answer(status, issue)), Internal)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_names_and_debug_ids_are_logged_and_nothing_that_quotes_the_buyer(
    operation: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        failure = translated(operation, answer(status, "INSTRUMENT_DECLINED"))
    assert "INSTRUMENT_DECLINED" in caplog.text
    assert "f8f3d1a2b" in caplog.text
    assert "grace" not in caplog.text + str(failure)


@pytest.mark.parametrize(
    "content", [b"", b"<html>a proxy's page", b"[]", b'{"details": 7}', b'{"name": "grace@example.com"}']
)
def test_an_answer_that_is_not_paypals_is_judged_by_its_status(
    content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert isinstance(translated("capture", httpx.Response(503, content=content)), Unavailable)
        rejected = translated("capture", httpx.Response(422, content=content))
    assert rejected.args == ("STATUS_422",)
    assert "grace" not in caplog.text
