"""The certificates that PayPal signs its webhooks with: where they may come from, and why they are believed."""

import asyncio
import contextlib
import re
import warnings
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import certifi
import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from shared.errors import Unavailable
from subgraphs.payments.domain.notice import BadNoticeError
from subgraphs.payments.infrastructure.paypal_errors import unreachable

_LIVE_ORIGINS = ("https://api.paypal.com", "https://api-m.paypal.com")
_SANDBOX_ORIGINS = ("https://api.sandbox.paypal.com", "https://api-m.sandbox.paypal.com")
SUBJECTS = ("messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com")

_PATH = r"/v1/notifications/certs/[A-Za-z0-9_-]{1,100}"
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_LARGEST = 64 * 1024
_KEPT = 16
_TIMEOUT_SECONDS = 4.0


def certificate_origins(api_base: str) -> Sequence[str]:
    """Where PayPal's certificates come from, for who uses its API at this address:
    the sandbox's are nothing to a live shop.
    """
    return _SANDBOX_ORIGINS if api_base.rstrip("/") in _SANDBOX_ORIGINS else _LIVE_ORIGINS


class PayPalCertificates:
    """Fetches certificates, one at a time, and keeps those that are believed. An asynchronous context manager."""

    def __init__(self, origins: Iterable[str], authorities: Path | None = None) -> None:
        """Only ``origins`` are asked.
        ``authorities`` is a file of the roots to trust, PEM; those that the web trusts if None.
        """
        self._address = re.compile(f"(?:{'|'.join(re.escape(origin) for origin in origins)}){_PATH}")
        self._authorities = authorities or Path(certifi.where())
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, follow_redirects=False)
        self._kept: dict[str, x509.Certificate] = {}
        self._fetching = asyncio.Lock()

    async def __aenter__(self) -> "PayPalCertificates":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def key(self, address: str) -> RSAPublicKey:
        """The key of the certificate at an address.

        Raises:
            BadNoticeError: when the address is not PayPal's, or the certificate is not, or not at this time.
            Unavailable: when PayPal does not answer.
        """
        if not self._address.fullmatch(address):
            raise BadNoticeError("The certificate's address is not one of PayPal's.")
        certificate = self._kept.get(address) or await self._fetched(address)
        if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
            raise BadNoticeError("The certificate is not valid at this time.")
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise BadNoticeError("The certificate's key is not an RSA key.")
        return key

    async def _fetched(self, address: str) -> x509.Certificate:
        async with self._fetching:  # one at a time: anybody can ask for one by a forged webhook
            if address not in self._kept:
                certificate = self._believed(await self._get(address))
                while len(self._kept) >= _KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[address] = certificate
            return self._kept[address]

    async def _get(self, address: str) -> bytes:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS), self._http.stream("GET", address) as answer:
                if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                    raise Unavailable("PayPal does not give its certificate at the moment; try again.")
                return await _body(answer)
        except (httpx.TransportError, TimeoutError) as error:
            raise unreachable("certificate", error) from None

    def _believed(self, pem: bytes) -> x509.Certificate:
        """The first certificate, if the others lead from it to an authority that is trusted,
        and it is in PayPal's name.
        """
        try:
            leaf, *chain = x509.load_pem_x509_certificates(pem)
            verifier = PolicyBuilder().store(self._store()).build_server_verifier(x509.DNSName(_subject(leaf)))
            verifier.verify(leaf, chain)
        except (VerificationError, ValueError):
            raise BadNoticeError("The certificate is not one that PayPal signs with.") from None
        return leaf

    def _store(self) -> Store:
        return Store(_roots(self._authorities.read_bytes()))


def _roots(pem: bytes) -> list[x509.Certificate]:
    """All roots of a file, but for those of a form that is not allowed any more:
    the web has trusted some for decades.
    """
    roots: list[x509.Certificate] = []
    for block in _CERTIFICATE.findall(pem):
        with warnings.catch_warnings(), contextlib.suppress(ValueError, CryptographyDeprecationWarning):
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            roots.append(x509.load_pem_x509_certificate(block))
    return roots


async def _body(answer: httpx.Response) -> bytes:
    if not answer.is_success:
        raise BadNoticeError("There is no certificate at this address.")
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > _LARGEST:
            raise BadNoticeError("What is at the certificate's address is no certificate.")
    return bytes(body)


def _subject(leaf: x509.Certificate) -> str:
    """Which of PayPal's names the certificate is for; raises ValueError for none."""
    try:
        names: Sequence[str] = leaf.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = ()
    return next((name for name in SUBJECTS if name in names), "")
