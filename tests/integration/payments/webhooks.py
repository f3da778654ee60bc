"""Webhook requests as Stripe makes them; source: Stripe's documentation, "Verify webhook signatures manually"."""

import hashlib
import hmac
import time


def signature_of(body: bytes, secret: str, timestamp: int | None = None) -> str:
    """The header of a body that is sent now, or at another time."""
    sent_at = int(time.time()) if timestamp is None else timestamp
    digest = hmac.new(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={sent_at},v1={digest}"
