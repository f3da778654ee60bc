"""Cards that Stripe keeps for buyers; source: Stripe's documentation, "Save a customer's payment method"."""

import contextlib
from urllib.parse import quote
from uuid import UUID

from subgraphs.payments.domain.provider import StepRejectedError, StoredCard
from subgraphs.payments.infrastructure.stripe_api import Json, StripeApi
from subgraphs.payments.infrastructure.stripe_errors import SAVE


class StripeCards:
    """Implements ``CardVault``."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    async def customer(self, user_id: UUID, email: str | None) -> str:
        """A Stripe customer that carries our id; the idempotency key makes it once."""
        address = {"email": email} if email else {}
        metadata = {"user_id": str(user_id)}
        fields = await self._api.post("customer", "/v1/customers", f"{user_id}:customer", metadata=metadata, **address)
        return str(fields["id"])

    async def add(self, customer_reference: str, method: str) -> StoredCard:
        """Attaches the card. One that is the customer's already stays so, which is all that repeating it needs."""
        return _card(await self._api.post(SAVE, f"{_path(method)}/attach", customer=customer_reference))

    async def renew(self, reference: str, expires_month: int, expires_year: int) -> None:
        """Changes what Stripe lets change of a card: when it expires."""
        with contextlib.suppress(StepRejectedError):
            await self._api.post("renew", _path(reference), card={"exp_month": expires_month, "exp_year": expires_year})

    async def remove(self, reference: str) -> None:
        """Detaches the card."""
        with contextlib.suppress(StepRejectedError):  # it is detached already
            await self._api.post("forget", f"{_path(reference)}/detach")


def _path(method: str) -> str:
    return f"/v1/payment_methods/{quote(method, safe='')}"


def _card(fields: Json) -> StoredCard:
    card = fields["card"]
    return StoredCard(
        reference=fields["id"],
        brand=card["brand"],
        last_digits=card["last4"],
        expires_month=card["exp_month"],
        expires_year=card["exp_year"],
        fingerprint=card.get("fingerprint"),
    )
