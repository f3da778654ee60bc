"""The keys that access tokens are signed with, and their public halves (RFC 7517)."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
CURVE = "P-256"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The first key signs; all are published.

    So tokens signed with the one before or the one to come are good too.
    """

    keys: tuple[ECKey, ...] = field(repr=False)

    @property
    def signer(self) -> ECKey:
        """The key that signs."""
        return self.keys[0]

    def published(self) -> dict[str, Any]:
        """The public halves as a JSON Web Key Set."""
        return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": "ES256"} for key in self.keys]}


def load_signing_keys(path: Path) -> SigningKeys:
    """Reads the keys of a PEM file; their ids are their thumbprints (RFC 7638).

    Raises:
        ValueError: saying what is wrong with the file.
    """
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise ValueError(f"the file can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError("the file is no PEM file") from error
    keys = tuple(_key(block.group()) for block in _BLOCK.finditer(text))
    if not keys:
        raise ValueError("the file holds no PEM block")
    if not keys[0].is_private:
        raise ValueError("the first PEM block is no private key: it is the one that signs")
    return SigningKeys(keys)


def _key(pem: str) -> ECKey:
    try:
        key = ECKey.import_key(pem)
    except (JoseError, ValueError, TypeError) as error:
        raise ValueError("a PEM block is no key of an elliptic curve") from error
    if key.curve_name != CURVE:
        raise ValueError(f"a key is of the curve {key.curve_name}; ES256 needs {CURVE}")
    return ECKey.import_key(key.as_pem(private=key.is_private), {"kid": key.thumbprint()})
