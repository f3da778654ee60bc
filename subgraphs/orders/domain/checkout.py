"""What an order needs besides a cart."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Address:
    """Where an order goes."""

    recipient: str
    line1: str
    line2: str | None
    postal_code: str | None
    city: str
    country: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Checkout:
    """A cart, where it goes and how it is paid."""

    cart_id: UUID
    email: str
    address: Address
    payment_method_id: str
