"""PayPal is set up wholly or not at all."""

import os
from unittest import mock

import pytest

from shared.runtime.config import load_settings
from subgraphs.payments.settings import PaymentsSettings

NEEDED = {
    "PAYMENTS_DATABASE_URL": "postgres://x@127.0.0.1/x",
    "KAFKA_BOOTSTRAP_SERVERS": "x",
    "REDIS_URL": "redis://x",
    "ROUTER_SECRET": "x",
    "RPC_SECRET": "x",
    "JWKS_URL": "http://x",
    "STRIPE_API_KEY": "x",
    "STRIPE_WEBHOOK_SECRET": "x",
}
PAYPAL = {
    "PAYPAL_CLIENT_ID": "the-shop",
    "PAYPAL_CLIENT_SECRET": "secret",
    "PAYPAL_WEBHOOK_ID": "5GP028458E2496506",
    "PAYPAL_RETURN_URL": "https://shop.example/paid/{order_id}",
    "PAYPAL_CANCEL_URL": "https://shop.example/cart",
}


def loaded(**environment: str) -> PaymentsSettings:
    with mock.patch.dict(os.environ, {**NEEDED, **environment}, clear=True):
        return load_settings(PaymentsSettings)


def test_a_shop_without_paypal_needs_no_setting_of_it() -> None:
    assert loaded().paypal_client_id == ""


def test_paypal_is_the_live_one_unless_told() -> None:
    assert loaded(**PAYPAL).paypal_api_base == "https://api-m.paypal.com"


@pytest.mark.parametrize("missing", [name for name in PAYPAL if name != "PAYPAL_CLIENT_ID"])
def test_half_a_paypal_does_not_start_and_names_what_is_missing(
    missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        loaded(**{name: value for name, value in PAYPAL.items() if name != missing})
    assert f"setting {missing}: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAYPAL_API_BASE", "api-m.paypal.com"),
        ("PAYPAL_RETURN_URL", "/paid"),
        ("PAYPAL_CERTIFICATE_ORIGIN", "https://evil.example"),
        ("PAYPAL_CERTIFICATE_ORIGIN", "http://127.0.0.1:80@evil.example"),
    ],
)
def test_an_address_that_is_none_does_not_start(name: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        loaded(**{**PAYPAL, name: value})
    assert f"setting {name}: " in capsys.readouterr().err


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in str(loaded(**PAYPAL).paypal_client_secret)
