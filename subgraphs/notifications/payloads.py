"""What notifications reads of the events of users and orders; the contracts are their files in ``schema/events/``."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.events.handlers import Payload

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


def one_line(text: str) -> str:
    """A text without line breaks and control characters: what others typed can't begin a header or a paragraph of ours."""
    return _BREAKS.sub(" ", text).strip()


Line = Annotated[str, AfterValidator(one_line)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^\x00-\x20\x7f<>()\[\],;:\\\"@]+@[^\x00-\x20\x7f<>()\[\],;:\\\"@]+$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Minor = Annotated[int, Field(ge=0)]


class UserRegistered(Payload):
    """Somebody created an account."""

    user_id: UUID
    email: Email
    name: Line


class OrderLine(Payload):
    """What was bought."""

    sku: Line
    title: Line
    quantity: Annotated[int, Field(ge=1)]
    unit_price_minor: Minor

    @property
    def price_minor(self) -> int:
        """What all pieces of the line cost."""
        return self.unit_price_minor * self.quantity


class OrderConfirmed(Payload):
    """An order is paid."""

    order_id: UUID
    number: Line
    customer_id: UUID
    email: Email
    total_minor: Minor
    currency: Currency
    lines: Annotated[tuple[OrderLine, ...], Field(min_length=1)]


class Cancellation(Payload):
    """Why an order did not come about."""

    message: Line


class OrderCancelled(OrderConfirmed):
    """An order did not come about."""

    cancellation: Cancellation
