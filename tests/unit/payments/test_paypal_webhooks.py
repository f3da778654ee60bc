"""Which of PayPal's webhook requests are believed."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.security.secrets import Secret
from subgraphs.payments.domain.notice import BadNoticeError, Notice
from subgraphs.payments.infrastructure.paypal_api import PayPalApi
from subgraphs.payments.infrastructure.paypal_certificates import PayPalCertificates, certificate_origins
from subgraphs.payments.infrastructure.paypal_lookups import PayPalLookups
from subgraphs.payments.infrastructure.paypal_provider import PayPalProvider
from subgraphs.payments.infrastructure.paypal_webhooks import OLDEST, PayPalWebhooks
from tests.doubles.paypal.signing import Authority, Signer

WEBHOOK_ID = "5GP028458E2496506"
ADDRESS = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42"
CERTIFIED = Authority().certify()
SIGNER = Signer(CERTIFIED, ADDRESS, WEBHOOK_ID)


class OneKey:
    """The key that PayPal's certificate would have, were it fetched."""

    async def key(self, address: str) -> RSAPublicKey:
        assert address == ADDRESS
        return CERTIFIED.key.public_key()


def event(**changes: Any) -> bytes:
    """Of a type that nothing is looked up for."""
    fields = {"id": "WH-1", "event_type": "CUSTOMER.ACCOUNT-ENTITY.CREATED", "resource": {"id": "5O1"}}
    return json.dumps({**fields, **changes}).encode()


API = PayPalApi("http://127.0.0.1:9", "id", Secret("secret"))
LOOKUPS = PayPalLookups(API, PayPalProvider(API, "https://shop.example", "https://shop.example"))
WEBHOOKS = PayPalWebhooks(WEBHOOK_ID, OneKey(), LOOKUPS)
CERTIFICATES = PayPalCertificates(certificate_origins("https://api-m.paypal.com"))


async def read(body: bytes, headers: Mapping[str, str]) -> Notice:
    return await WEBHOOKS.read(body, headers)


async def rejected(body: bytes, headers: Mapping[str, str]) -> str:
    with pytest.raises(BadNoticeError) as rejection:
        await read(body, headers)
    return str(rejection.value)


async def test_a_signed_event_is_read() -> None:
    notice = await read(event(), SIGNER.headers(event()))
    assert (notice.provider, notice.event_id, notice.type) == ("paypal", "WH-1", "CUSTOMER.ACCOUNT-ENTITY.CREATED")
    assert (notice.intent, notice.dispute) == (None, None)
    assert notice.body == event().decode()


async def test_the_same_event_written_otherwise_is_not_believed() -> None:
    rewritten = json.dumps(json.loads(event()), separators=(",", ":")).encode()
    assert "does not match" in await rejected(rewritten, SIGNER.headers(event()))


async def test_another_webhooks_transmission_is_not_believed() -> None:
    others = Signer(CERTIFIED, ADDRESS, "8PT597110X687430L")
    assert "does not match" in await rejected(event(), others.headers(event()))


async def test_another_keys_signature_is_not_believed() -> None:
    forger = Signer(Authority().certify(), ADDRESS, WEBHOOK_ID)
    assert "does not match" in await rejected(event(), forger.headers(event()))


async def test_a_replay_of_an_old_transmission_is_not_believed() -> None:
    old = Signer(CERTIFIED, ADDRESS, WEBHOOK_ID, sent_ago=OLDEST + timedelta(seconds=5))
    assert "older" in await rejected(event(), old.headers(event()))


async def test_paypals_own_repetitions_of_three_days_are_believed() -> None:
    late = Signer(CERTIFIED, ADDRESS, WEBHOOK_ID, sent_ago=timedelta(days=3))
    assert (await read(event(), late.headers(event()))).event_id == "WH-1"


async def test_a_new_time_on_an_old_transmission_is_not_believed() -> None:
    old = Signer(CERTIFIED, ADDRESS, WEBHOOK_ID, sent_ago=OLDEST + timedelta(days=1)).headers(event())
    now = SIGNER.headers(event())["paypal-transmission-time"]
    assert "does not match" in await rejected(event(), {**old, "paypal-transmission-time": now})


async def test_a_transmission_from_the_future_is_not_believed() -> None:
    early = Signer(CERTIFIED, ADDRESS, WEBHOOK_ID, sent_ago=timedelta(minutes=-6))
    assert "future" in await rejected(event(), early.headers(event()))


@pytest.mark.parametrize("time", ["yesterday", "2026-11-22T20:00:00", "", "9" * 400])
async def test_a_time_without_meaning_is_not_believed(time: str) -> None:
    assert "Transmission" in await rejected(event(), {**SIGNER.headers(event()), "paypal-transmission-time": time})


@pytest.mark.parametrize(
    "name",
    [
        "paypal-transmission-id",
        "paypal-transmission-time",
        "paypal-transmission-sig",
        "paypal-cert-url",
        "paypal-auth-algo",
    ],
)
async def test_a_missing_header_is_named(name: str) -> None:
    headers = {each: value for each, value in SIGNER.headers(event()).items() if each != name}
    assert name in (await rejected(event(), headers)).lower()


@pytest.mark.parametrize("algorithm", ["SHA1withRSA", "none", "sha256withrsa"])
async def test_another_algorithm_is_not_tried(algorithm: str) -> None:
    assert "SHA256withRSA" in await rejected(event(), {**SIGNER.headers(event()), "paypal-auth-algo": algorithm})


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'{"id": "WH-1", "event_type": "X", "resource": 7}', event(id="../../x")]
)
async def test_a_signed_body_that_is_no_event_is_rejected(body: bytes) -> None:
    assert "event" in await rejected(body, SIGNER.headers(body))


async def test_a_signed_event_does_not_choose_the_address_that_we_ask() -> None:
    body = event(event_type="CHECKOUT.ORDER.APPROVED", resource={"id": "../../v1/oauth2/token?x="})
    assert "no id" in await rejected(body, SIGNER.headers(body))


@given(st.integers(min_value=0, max_value=len(event()) - 1), st.integers(min_value=1, max_value=255))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
async def test_a_single_altered_byte_is_noticed(place: int, change: int) -> None:
    altered = bytearray(event())
    altered[place] ^= change
    assert "does not match" in await rejected(bytes(altered), SIGNER.headers(event()))


@pytest.mark.parametrize(
    "address",
    [
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://evilpaypal.com/v1/notifications/certs/CERT-1",
        "https://api-paypal.com/v1/notifications/certs/CERT-1",
        "https://www.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
        "https://evil.example@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com\\@evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com#@evil.example/v1/notifications/certs/CERT-1",
        "https://evil.example/?https://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/../../redirect",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?next=https://evil.example",
        "https://api.paypal.com/v1/notifications/certs/CERT-1\n",
        " https://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://apixpaypal.com/v1/notifications/certs/CERT-1",
        "https://169.254.169.254/v1/notifications/certs/CERT-1",
        "file:///etc/passwd",
        "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
    ],
)
async def test_a_certificate_from_anywhere_else_is_not_even_fetched(address: str) -> None:
    with pytest.raises(BadNoticeError, match="not one of PayPal's"):
        await CERTIFICATES.key(address)


async def test_the_live_certificates_are_nothing_to_the_sandbox() -> None:
    async with PayPalCertificates(certificate_origins("https://api-m.sandbox.paypal.com/")) as certificates:
        with pytest.raises(BadNoticeError, match="not one of PayPal's"):
            await certificates.key(ADDRESS)


@pytest.mark.parametrize("event_id", [7, None, [], {}, "", " ", "a b", "a\0b", "x" * 10_000], ids=str)
async def test_an_event_with_an_unusable_id_is_rejected(event_id: Any) -> None:
    body = event(id=event_id)
    assert "has no id" in await rejected(body, SIGNER.headers(body))


@pytest.mark.parametrize(
    "resource",
    [
        {"links": "x"},
        {"links": 7},
        {"links": [7]},
        {"links": [{"href": 7, "rel": "up"}]},
        {"supplementary_data": []},
        {"supplementary_data": {"related_ids": 7}},
        {"supplementary_data": {"related_ids": {"order_id": 7}}},
        {"supplementary_data": {"related_ids": {"order_id": "x" * 10_000}}},
        {"supplementary_data": {"related_ids": {"order_id": "a\0b"}}},
    ],
    ids=str,
)
async def test_a_movement_that_names_nothing_as_paypal_does_is_rejected(resource: dict[str, Any]) -> None:
    body = event(event_type="PAYMENT.CAPTURE.REFUNDED", resource=resource)
    assert "resource" in await rejected(body, SIGNER.headers(body))
