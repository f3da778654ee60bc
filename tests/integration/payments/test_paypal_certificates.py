"""Which certificates are believed, from a server that gives them out as PayPal's does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.errors import Unavailable
from subgraphs.payments.domain.notice import BadNoticeError
from subgraphs.payments.infrastructure.paypal_certificates import PayPalCertificates
from tests.doubles.paypal.signing import CERTIFICATE_PATH, Authority, Certified
from tests.integration.payments.paypal import OneAnswer
from tests.subgraphs import eventually

AUTHORITY = Authority()


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    file = tmp_path / "authority.pem"
    file.write_bytes(AUTHORITY.pem)
    return file


@contextlib.asynccontextmanager
async def serving(server: OneAnswer, authorities: Path | None) -> AsyncIterator[PayPalCertificates]:
    async with server.listening(), PayPalCertificates([server.url], authorities) as certificates:
        yield certificates


async def rejected(server: OneAnswer, authorities: Path | None) -> str:
    async with serving(server, authorities) as certificates:
        with pytest.raises(BadNoticeError) as rejection:
            await certificates.key(f"{server.url}{CERTIFICATE_PATH}")
    return str(rejection.value)


async def test_a_certificate_is_fetched_once_for_all_who_wait(trusted: Path) -> None:
    certified = AUTHORITY.certify()
    server = OneAnswer("200 OK", certified.pem)
    async with serving(server, trusted) as certificates:
        address = f"{server.url}{CERTIFICATE_PATH}"
        keys = await asyncio.gather(*(certificates.key(address) for _ in range(20)))
        assert await certificates.key(address) == certified.key.public_key()
    assert {key.public_numbers() for key in keys} == {certified.key.public_key().public_numbers()}
    assert server.asked == 1


@pytest.mark.parametrize(
    "certified",
    [
        pytest.param(Authority().certify(), id="of another authority"),
        pytest.param(AUTHORITY.certify(valid_from=timedelta(days=-9), valid_to=timedelta(seconds=-1)), id="expired"),
        pytest.param(AUTHORITY.certify(valid_from=timedelta(hours=1)), id="not valid yet"),
        pytest.param(AUTHORITY.certify("api.paypal.com"), id="of another server of PayPal's"),
        pytest.param(AUTHORITY.certify("messageverificationcerts.paypal.com.evil.example"), id="of another name"),
    ],
)
async def test_a_certificate_that_does_not_sign_for_paypal_now_is_rejected(certified: Certified, trusted: Path) -> None:
    assert "not one that PayPal signs with" in await rejected(OneAnswer("200 OK", certified.pem), trusted)


async def test_a_certificate_of_our_own_authority_is_nothing_to_the_authorities_of_the_web() -> None:
    assert "not one that PayPal signs with" in await rejected(OneAnswer("200 OK", AUTHORITY.certify().pem), None)


async def test_a_certificate_that_was_believed_is_not_any_more_once_it_has_ended(trusted: Path) -> None:
    short = AUTHORITY.certify(valid_to=timedelta(seconds=2))
    server = OneAnswer("200 OK", short.pem)
    async with serving(server, trusted) as certificates:
        address = f"{server.url}{CERTIFICATE_PATH}"

        async def rejection() -> str | None:
            try:
                await certificates.key(address)
            except BadNoticeError as rejected:
                return str(rejected)
            return None

        assert await rejection() is None
        assert "not valid at this time" in await eventually(rejection, "the certificate has ended")
    assert server.asked == 1


@pytest.mark.parametrize("body", [b"", b"no certificate", AUTHORITY.certify().pem + b"x" * 70_000])
async def test_what_is_no_certificate_is_rejected(body: bytes, trusted: Path) -> None:
    assert "certificate" in await rejected(OneAnswer("200 OK", body), trusted)


async def test_nobody_is_sent_on_to_another_address(trusted: Path) -> None:
    async with OneAnswer("200 OK", AUTHORITY.certify().pem).listening() as elsewhere:
        sent_on = OneAnswer("302 Found", b"", f"location: {elsewhere.url}{CERTIFICATE_PATH}\r\n")
        assert "no certificate at this address" in await rejected(sent_on, trusted)
        assert elsewhere.asked == 0


@pytest.mark.parametrize("status", ["503 Unavailable", "429 Too Many", ""])
async def test_a_certificate_that_can_not_be_had_now_is_asked_for_again(status: str, trusted: Path) -> None:
    server = OneAnswer(status, b"")
    async with serving(server, trusted) as certificates:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await certificates.key(f"{server.url}{CERTIFICATE_PATH}")
    assert server.asked == 2
