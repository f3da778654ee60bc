"""Signs webhooks as PayPal does; source: PayPal's documentation, "Integrate webhooks", "Self verification method"."""

import base64
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SUBJECT = "messageverificationcerts.paypal.com"
CERTIFICATE_PATH = "/v1/notifications/certs/CERT-of-the-double"

_DAY = timedelta(days=1)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Certified:
    """A key, and its certificate as PEM."""

    key: rsa.RSAPrivateKey
    pem: bytes


class Authority:
    """A certificate authority of our own; ``pem`` is the root to trust."""

    def __init__(self) -> None:
        self._key = _key()
        self._name = _name("The double's authority")
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = self._builder(self._name, self._key.public_key(), timedelta(days=-1), timedelta(days=365))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.pem = builder.add_extension(usage, critical=True).sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def certify(
        self, subject: str = SUBJECT, valid_from: timedelta = -_DAY, valid_to: timedelta = 30 * _DAY
    ) -> Certified:
        """A new key and its certificate; both times count from now."""
        key = _key()
        builder = self._builder(_name(subject), key.public_key(), valid_from, valid_to)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return Certified(key, builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def _builder(
        self, subject: x509.Name, key: rsa.RSAPublicKey, valid_from: timedelta, valid_to: timedelta
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now + valid_from)
        builder = builder.not_valid_after(now + valid_to)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return builder.add_extension(issuer, critical=False)


@dataclass(frozen=True)
class Signer:
    """Gives the headers of one transmission."""

    certified: Certified
    certificate_url: str
    webhook_id: str
    sent_ago: timedelta = field(default=timedelta())

    def headers(self, body: bytes) -> Mapping[str, str]:
        """What PayPal sends along with a body."""
        transmission = str(uuid.uuid4())
        sent_at = (datetime.now(UTC) - self.sent_ago).strftime("%Y-%m-%dT%H:%M:%SZ")
        signed = f"{transmission}|{sent_at}|{self.webhook_id}|{zlib.crc32(body)}".encode()
        signature = self.certified.key.sign(signed, padding.PKCS1v15(), SHA256())
        return {
            "content-type": "application/json",
            "paypal-auth-algo": "SHA256withRSA",
            "paypal-cert-url": self.certificate_url,
            "paypal-transmission-id": transmission,
            "paypal-transmission-sig": base64.b64encode(signature).decode(),
            "paypal-transmission-time": sent_at,
        }


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
