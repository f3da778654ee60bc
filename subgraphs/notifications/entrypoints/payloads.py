"""What notifications reads of the events of users and orders; the contracts are their files in ``schema/events/``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from shared.days import today
from shared.events.handlers import Payload
from shared.ids import derived_id
from subgraphs.notifications.domain.message import ORDER_LINK
from subgraphs.notifications.entrypoints.addresses import Address
from subgraphs.notifications.entrypoints.lines import one_line

Line = Annotated[str, AfterValidator(one_line)]
Email = Annotated[
    str, Field(max_length=254, pattern=r"^[^\x00-\x20\x7f<>()\[\],;:\\\"@]+@[^\x00-\x20\x7f<>()\[\],;:\\\"@]+$")
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Minor = Annotated[int, Field(ge=0)]
Units = Annotated[int, Field(ge=1)]


class UserRegistered(Payload):
    """Somebody created an account."""

    user_id: UUID
    email: Email
    name: Line
    link_id: UUID | None = None


class OrderLine(Payload):
    """What was bought."""

    line_id: UUID
    sku: Line
    title: Line
    quantity: Units
    unit_price_minor: Minor

    @property
    def price_minor(self) -> int:
        """What all units of the line cost."""
        return self.unit_price_minor * self.quantity


class Order(Payload):
    """What every event of an order tells. Before orders could be tried again, events told no ``attempt``."""

    order_id: UUID
    attempt: Annotated[int, Field(ge=1)] = 1
    number: Line
    customer_id: UUID | None
    email: Email
    total_minor: Minor
    currency: Currency
    lines: Annotated[tuple[OrderLine, ...], Field(min_length=1)]

    @property
    def link(self) -> str:
        """What stands for the link to a guest's order; nothing for one who has an account to look into."""
        return "" if self.customer_id else ORDER_LINK

    @property
    def attempt_id(self) -> UUID:
        """What those messages are about that each attempt at the order has of its own.

        That is the order, or a later attempt at it.
        """
        return self.order_id if self.attempt == 1 else derived_id(self.order_id, f"attempt:{self.attempt}")


class OrderCustomerAttached(Payload):
    """An order that a guest had placed became an account's."""

    order_id: UUID
    customer_id: UUID


class Waiting(Payload):
    """Units of a line that are still to come before they can be sent, and when they are expected, if that is known."""

    line_id: UUID
    quantity: Units
    expected_from: date | None


@dataclass(frozen=True, slots=True)
class Later:
    """Units that follow later, as a message names them; ``expected`` is a day as people write it, or nothing."""

    quantity: int
    title: str
    sku: str
    expected: str


class OrderWaiting(Order):
    """An order of which units may be still to come."""

    waiting: tuple[Waiting, ...] = ()

    @property
    def later(self) -> list[Later]:
        """What follows later."""
        by_id = {line.line_id: line for line in self.lines}
        return [_later(by_id[its.line_id], its) for its in self.waiting]

    @property
    def waits_wholly(self) -> bool:
        """Whether nothing of it is here yet."""
        return sum(its.quantity for its in self.waiting) == sum(line.quantity for line in self.lines)

    @model_validator(mode="after")
    def _waits_for_its_own_lines(self) -> Self:
        _require_own_lines(self.lines, self.waiting)
        return self


class OrderConfirmed(OrderWaiting):
    """An order whose units are taken, and whose money is, or is held.

    Events of before tell only of taken money, and no addresses.
    """

    is_paid: bool = True
    shipping_address: Address | None = None
    billing_address: Address | None = None

    @property
    def is_billed_elsewhere(self) -> bool:
        """Whether its invoice goes to another address than its parcels."""
        return self.billing_address != self.shipping_address


class OrderExpected(OrderWaiting):
    """The day changed on which the rest of an order is expected; ``change_id`` names this change."""

    change_id: UUID


class Cancellation(Payload):
    """Why an order did not come about, and whether its buyer may pay again."""

    message: Line
    may_be_paid_again: bool = False


class OrderCancelled(Order):
    """An order did not come about, or was taken back."""

    cancellation: Cancellation


class LinePart(Payload):
    """Some units of a line."""

    line_id: UUID
    quantity: Units


class Shipment(Payload):
    """A shipment; ``is_last`` when nothing of the order follows it."""

    shipment_id: UUID
    carrier: Line
    tracking_code: Line | None
    lines: Annotated[tuple[LinePart, ...], Field(min_length=1)]
    is_last: bool


class Refund(Payload):
    """Money refunded: for lines, or a mere amount when it names none. Events of before tell no ``source``.

    ``is_outside``: the shop paid it outside of the payment provider.
    """

    refund_id: UUID
    amount_minor: Minor
    reason: Line
    source: str = "REQUESTED"
    is_outside: bool = False
    lines: tuple[LinePart, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some units of what was bought, as a message names them."""

    quantity: int
    title: str
    sku: str


class OrderWithShipment(Order):
    """A shipment of an order left, or arrived."""

    shipment: Shipment

    @property
    def parts(self) -> list[Part]:
        """What is in the shipment."""
        return _parts(self.lines, self.shipment.lines)

    @model_validator(mode="after")
    def _names_its_own_lines(self) -> Self:
        _require_own_lines(self.lines, self.shipment.lines)
        return self


class OrderShipped(OrderWithShipment, OrderWaiting):
    """A shipment of an order left; of what is left of it, units may be still to come."""


class OrderRefunded(Order):
    """Money was refunded."""

    refund: Refund

    @property
    def parts(self) -> list[Part]:
        """What it was refunded for, or what is not sent any more; nothing when it is a mere amount."""
        return _parts(self.lines, self.refund.lines)

    @property
    def is_for_parts(self) -> bool:
        """Whether the money is the price of the parts.

        Others refund more or less, and so does what closes an order.
        """
        return self.refund.source == "REQUESTED" and self.refund.amount_minor == self._cost_minor

    @property
    def is_of_sent_parts(self) -> bool:
        """Whether the parts may have been sent: those of which more than the price came back never left."""
        return self.refund.source == "REQUESTED" and self.refund.amount_minor <= self._cost_minor

    @property
    def _cost_minor(self) -> int:
        prices = {line.line_id: line.unit_price_minor for line in self.lines}
        return sum(part.quantity * prices[part.line_id] for part in self.refund.lines)

    @property
    def is_by_bank(self) -> bool:
        """Whether the buyer's own bank gave it back."""
        return self.refund.source == "DISPUTE"

    @model_validator(mode="after")
    def _names_its_own_lines(self) -> Self:
        _require_own_lines(self.lines, self.refund.lines)
        return self


def _parts(lines: Sequence[OrderLine], chosen: Sequence[LinePart]) -> list[Part]:
    by_id = {line.line_id: line for line in lines}
    return [Part(part.quantity, by_id[part.line_id].title, by_id[part.line_id].sku) for part in chosen]


def _later(line: OrderLine, its: Waiting) -> Later:
    """A day that is over is told no more: when units are late, nobody knows when they come."""
    day = its.expected_from
    expected = f"{day.day} {day:%B %Y}" if day and day >= today() else ""
    return Later(its.quantity, line.title, line.sku, expected)


def _require_own_lines(lines: Sequence[OrderLine], chosen: Sequence[LinePart | Waiting]) -> None:
    own = {line.line_id for line in lines}
    for part in chosen:
        if part.line_id not in own:
            raise ValueError(f"the order has no line {part.line_id}")
