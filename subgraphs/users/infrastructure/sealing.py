"""How refresh tokens are kept: nobody can learn a token of what the database holds."""

import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Each key seals one text, so that its nonce need not be another each time.
_NONCE = bytes(12)


def hashed(token: str) -> str:
    """What a token is known by.

    SHA-256 is enough: 256 random bits can't be guessed, so a slow hash would protect nothing.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def sealed(successor: str, token: str) -> bytes:
    """The token that comes after another, to be read by nobody but who holds that one (AES-GCM, NIST SP 800-38D)."""
    return _cipher(token).encrypt(_NONCE, successor.encode(), None)


def unsealed(successor: bytes, token: str) -> str:
    """What ``sealed`` made, read with the same token.

    Raises:
        cryptography.exceptions.InvalidTag: when it is another.
    """
    return _cipher(token).decrypt(_NONCE, successor, None).decode()


def _cipher(token: str) -> AESGCM:
    """By a key that is not what the database knows the token by."""
    return AESGCM(hashlib.sha256(b"the token after " + token.encode()).digest())
