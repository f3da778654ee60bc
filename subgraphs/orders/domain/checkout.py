"""What an order needs besides a cart."""

from dataclasses import dataclass
from uuid import UUID

from shared.postal.address import PostalAddress


@dataclass(frozen=True, slots=True)
class Checkout:
    """A cart, where it goes and how it is paid; without a billing address, the invoice goes where the order does."""

    cart_id: UUID
    email: str
    address: PostalAddress
    payment_method_id: str
    billing_address: PostalAddress | None = None
