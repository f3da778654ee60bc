"""Mutual TLS between the processes of the mesh: the files of ``TLS_DIR``, read again while the process runs."""

import asyncio
import contextlib
import hashlib
import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from prometheus_client import Gauge
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

logger = logging.getLogger(__name__)

EXPIRES = Gauge("tls_certificate_expires_timestamp_seconds", "When a file of TLS_DIR expires, in Unix time.", ["file"])

_LOOK_SECONDS = 1.0
_CERTIFICATE, _KEY, _AUTHORITIES = "tls.crt", "tls.key", "ca.crt"  # cert-manager's names


@dataclass(frozen=True, slots=True)
class Identity:
    """What the files hold: who this process is, and whom it believes. All of it is PEM."""

    certificate: bytes
    key: bytes = field(repr=False)
    authorities: bytes
    server: ssl.SSLContext
    client: ssl.SSLContext
    expires_at: float  # Unix time


class Tls:
    """The certificate of this process, its key and the authorities that it trusts, as a folder's files hold them now.

    Changed files that can't be used are named in the log, once, and what was there before stays.
    """

    def __init__(self, folder: Path) -> None:
        """Reads the files.

        Raises:
            ValueError: naming the file that is missing, is malformed, has expired or does not belong to the others.
        """
        self.folder = folder
        self._seen = self._settling = _digest(folder)
        self.identity = _usable(folder)

    def server_context(self) -> ssl.SSLContext:
        """For a listener: clients need a certificate. Each new connection meets the files as they are then."""
        context = _Following(ssl.PROTOCOL_TLS_SERVER)
        context.present = lambda: self.identity.server
        return context

    def client_context(self) -> ssl.SSLContext:
        """For a connection to another process of the mesh, with the files as they are now."""
        return self.identity.client

    async def watch(self, stop: asyncio.Event) -> None:
        """Looks at the files once a second until ``stop`` is set."""
        while not stop.is_set():
            self._look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)

    async def require_valid(self) -> None:
        """A check of health.

        Raises:
            ValueError: when the certificate has expired.
        """
        if time.time() >= self.identity.expires_at:
            raise ValueError(f"{self.folder / _CERTIFICATE}: certificate has expired")

    def _look(self) -> None:
        """Reads files that have changed and are the same as a look ago: they are written one after the other."""
        digest = _digest(self.folder)
        is_settled, self._settling = digest == self._settling, digest
        if digest == self._seen or not is_settled:
            return
        self._seen = digest
        try:
            self.identity = _usable(self.folder)
            logger.info("the certificates of %s have changed and were read again", self.folder)
        except ValueError as error:
            logger.error(
                "the certificates of %s have changed and can't be used, those before stay: %s", self.folder, error
            )


class _Following(ssl.SSLContext):
    """Hands each new connection to the present context.

    Each state of the files has a context of its own: an authority can't be taken out of one,
    and the sessions that it remembers must not outlive the authority of their clients.
    """

    present: Callable[[], ssl.SSLContext]

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """Asked by event loops for each connection."""
        return self.present().wrap_bio(*arguments, **options)


def _setting(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return Tls(Path(value))
    except ValueError as error:
        raise PydanticCustomError("tls", "{problem}", {"problem": str(error)}) from error


TlsSetting = Annotated[Tls, BeforeValidator(_setting)]


def _usable(folder: Path) -> Identity:
    certificate, key, authorities = (_read(folder / name) for name in (_CERTIFICATE, _KEY, _AUTHORITIES))
    server = _context(ssl.PROTOCOL_TLS_SERVER, folder, authorities)
    client = _context(ssl.PROTOCOL_TLS_CLIENT, folder, authorities)
    _require_authority(server, folder / _AUTHORITIES)
    try:
        expires_at = _try_out(server, client)
    except ssl.SSLError as error:
        raise ValueError(f"{folder / _CERTIFICATE}: {_reason(error)}") from error
    EXPIRES.labels(_CERTIFICATE).set(expires_at)
    EXPIRES.labels(_AUTHORITIES).set(_last_expiry(server))
    return Identity(certificate, key, authorities, server, client, expires_at)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error


def _context(protocol: int, folder: Path, authorities: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    _trust(context, authorities, folder / _AUTHORITIES)
    _present(context, folder)
    return context


def _trust(context: ssl.SSLContext, authorities: bytes, path: Path) -> None:
    try:
        context.load_verify_locations(cadata=authorities.decode("ascii", errors="replace"))
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(f"{path}: holds no certificate in PEM") from error


def _present(context: ssl.SSLContext, folder: Path) -> None:
    try:  # Without a password, OpenSSL would ask for that of an encrypted key on the terminal.
        context.load_cert_chain(folder / _CERTIFICATE, folder / _KEY, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise ValueError(f"{folder / _KEY}: is not the key of {_CERTIFICATE}") from error
        _trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), _read(folder / _CERTIFICATE), folder / _CERTIFICATE)
        raise ValueError(f"{folder / _KEY}: holds no key in PEM without a password") from error


def _require_authority(context: ssl.SSLContext, path: Path) -> None:
    if not context.get_ca_certs():
        raise ValueError(f"{path}: holds no certificate of an authority")
    if _last_expiry(context) <= time.time():
        raise ValueError(f"{path}: certificate has expired")


def _last_expiry(context: ssl.SSLContext) -> float:
    return max(float(ssl.cert_time_to_seconds(str(authority["notAfter"]))) for authority in context.get_ca_certs())


def _try_out(server: ssl.SSLContext, client: ssl.SSLContext) -> float:
    """Has the certificate believe itself, as client and as server, in memory; answers with when it expires."""
    client.check_hostname = False  # what it is called is for others to check
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (near, far, near, far):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    client.check_hostname = True
    certificate = near.getpeercert()
    assert certificate, "a handshake without the server's certificate can't succeed"
    return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{error.verify_message} (by {_AUTHORITIES})" if "issuer" in error.verify_message else error.verify_message
        )
    return error.reason or str(error)


def _digest(folder: Path) -> bytes:
    """Changes with the files; one that can't be read counts as empty."""
    digest = hashlib.sha256()
    for name in (_CERTIFICATE, _KEY, _AUTHORITIES):
        with contextlib.suppress(OSError):
            digest.update((folder / name).read_bytes())
        digest.update(b"\0")
    return digest.digest()
