"""What Stripe's errors mean to callers, and what of them is never written down."""

import logging
from typing import Any

import pytest
import stripe

from shared.errors import Internal, Unavailable
from subgraphs.payments.domain.provider import DeclinedError, FailedError, StepRejectedError
from subgraphs.payments.infrastructure.stripe_errors import DeclinedIntentError, is_replayed, translated

SDK: Any = stripe  # it leaves the constructors of its errors without types
CARD = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "Your card has insufficient funds."}


def card_error(fields: dict[str, Any]) -> stripe.StripeError:
    message, code = fields.get("message"), fields.get("code")
    error: stripe.StripeError = SDK.CardError(
        message, None, code, http_status=402, json_body={"error": fields}, headers={}
    )
    return error


def invalid(code: str | None, param: str | None = None, status: int = 400) -> stripe.StripeError:
    error: stripe.StripeError = SDK.InvalidRequestError("pm_secret does not exist", param, code, http_status=status)
    return error


def test_a_decline_has_the_banks_word_and_a_sentence_for_the_buyer() -> None:
    failure = translated("confirm", card_error(CARD))
    assert isinstance(failure, DeclinedError)
    assert (failure.decline.code, failure.decline.message) == (
        "insufficient_funds",
        "Your card has insufficient funds; please pay with another one.",
    )


@pytest.mark.parametrize("code", ["payment_intent_authentication_failure", "a_code_of_tomorrow", "fraudulent"])
def test_words_for_programmers_or_about_fraud_are_not_told_to_buyers(code: str) -> None:
    words = (
        "The provided PaymentMethod is suspected of fraud."
        " You can provide payment_method_data to attempt this PaymentIntent."
    )
    failure = translated("confirm", card_error({"code": code, "message": words}))
    assert isinstance(failure, DeclinedError)
    assert failure.decline.code == code
    assert not {"PaymentMethod", "payment_method_data", "fraud"} & set(failure.decline.message.replace(".", "").split())
    assert "please" in failure.decline.message


def test_a_decline_without_any_word_still_says_something() -> None:
    failure = translated("confirm", card_error({}))
    assert isinstance(failure, DeclinedError)
    assert failure.decline.code == "card_declined"
    assert failure.decline.message


@pytest.mark.parametrize(
    "error",
    [
        SDK.APIConnectionError("refused"),
        SDK.APIError("oops", http_status=500),
        SDK.APIError("busy", http_status=503),
        SDK.APIError("the key is in use", http_status=409),
        SDK.APIError("<html>a proxy's page", http_status=502),
        SDK.RateLimitError("slow down", http_status=429),
    ],
)
@pytest.mark.parametrize("operation", ["begin", "retrieve", "confirm", "capture", "cancel", "refund"])
def test_what_may_pass_is_worth_a_retry(error: stripe.StripeError, operation: str) -> None:
    assert isinstance(translated(operation, error), Unavailable)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (invalid("resource_missing", "payment_method"), "resource_missing"),
        (invalid(None, None, 404), "resource_missing"),
        (invalid("amount_too_small", "amount"), "amount_too_small"),
    ],
)
def test_what_the_buyer_sent_is_declined_and_never_internal(error: stripe.StripeError, code: str) -> None:
    failure = translated("begin", error)
    assert isinstance(failure, DeclinedError)
    assert failure.decline.code == code
    assert "pm_secret" not in failure.decline.message


@pytest.mark.parametrize("operation", ["confirm", "capture", "cancel", "refund"])
def test_a_step_that_the_intent_forbids_is_rejected(operation: str) -> None:
    assert isinstance(translated(operation, invalid("payment_intent_unexpected_state")), StepRejectedError)


def test_a_refund_that_the_bank_rejects_is_a_rejected_step() -> None:
    assert isinstance(translated("refund", card_error(CARD)), StepRejectedError)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("begin", SDK.AuthenticationError("bad key sk_live_1", http_status=401)),
        ("confirm", SDK.PermissionError("no", http_status=403)),
        ("capture", SDK.IdempotencyError("other parameters", http_status=400)),
        ("retrieve", invalid("resource_missing", "intent", 404)),
    ],
)
def test_a_fault_of_ours_is_internal_and_logged_without_what_it_quotes(
    operation: str, error: stripe.StripeError, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        failure = translated(operation, error)
    assert isinstance(failure, Internal)
    assert operation in caplog.text
    assert "sk_live" not in caplog.text + failure.message
    assert "pm_secret" not in caplog.text + failure.message


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_of_stripes_own_may_be_remembered(status: int) -> None:
    assert isinstance(translated("begin", SDK.APIError("oops", http_status=status)), FailedError)


def test_a_key_that_is_in_use_is_nobodys_rejection() -> None:
    failure = translated("begin", invalid("idempotency_key_in_use", status=409))
    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, FailedError)


def test_an_intent_that_was_declined_comes_with_its_decline() -> None:
    intent = {"id": "pi_1", "status": "requires_payment_method", "amount": 1990, "currency": "eur"}
    failure = translated("begin", card_error({**CARD, "payment_intent": intent}))
    assert isinstance(failure, DeclinedIntentError)
    assert (failure.intent.reference, failure.intent.decline) == ("pi_1", failure.decline)


def test_what_is_only_told_again_is_known_as_such() -> None:
    again = SDK.APIError("oops", http_status=500, headers={"idempotent-replayed": "true"})
    assert is_replayed(translated("refund", again))
    assert not is_replayed(translated("refund", SDK.APIError("oops", http_status=500)))
