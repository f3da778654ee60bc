"""What the messages say. Templates are in ``templates/`` of the subgraph, a text and an HTML file for each kind."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.money import Money
from subgraphs.notifications.domain.message import ACCOUNT_LINK, Kind, Message
from subgraphs.notifications.entrypoints.payloads import (
    Order,
    OrderCancelled,
    OrderConfirmed,
    OrderExpected,
    OrderRefunded,
    OrderShipped,
    OrderWithShipment,
    UserRegistered,
)

_LONGEST_GREETED_NAME = 80
_LINK = re.compile(r"://|www\.|@|\w{2,}\.\w{2,}", re.IGNORECASE)


def welcome(user: UserRegistered) -> Message:
    """To somebody who registered."""
    return rendered(
        Kind.WELCOME, "Welcome to Mercato", name=greeted_name(user.name), is_linked=user.link_id is not None
    )


def order_payment_action_required(order: Order) -> Message:
    """To somebody whose bank or wallet has to authenticate them before it pays."""
    return rendered(
        Kind.ORDER_PAYMENT_ACTION_REQUIRED, f"Please confirm the payment of your order {order.number}", order=order
    )


def order_confirmed(order: OrderConfirmed) -> Message:
    """To somebody whose order is paid, or its price held."""
    return rendered(Kind.ORDER_CONFIRMED, f"Your order {order.number} is confirmed", order=order)


def order_expected(order: OrderExpected) -> Message:
    """To somebody who waits for units that are expected on another day than they were told."""
    return rendered(Kind.ORDER_EXPECTED, f"News about the rest of your order {order.number}", order=order)


def order_cancelled(order: OrderCancelled) -> Message:
    """To somebody whose order did not come about, or was taken back."""
    return rendered(Kind.ORDER_CANCELLED, f"Your order {order.number} was cancelled", order=order)


def order_shipped(order: OrderShipped) -> Message:
    """To somebody whose shipment left."""
    what = "Your order" if order.shipment.is_last else "A part of your order"
    return rendered(Kind.ORDER_SHIPPED, f"{what} {order.number} is on its way", order=order)


def order_delivered(order: OrderWithShipment) -> Message:
    """To somebody whose shipment arrived."""
    return rendered(Kind.ORDER_DELIVERED, f"Your parcel of order {order.number} was delivered", order=order)


def order_refunded(order: OrderRefunded) -> Message:
    """To somebody who got money back, or whose bank gave it back so that nothing more is sent."""
    if order.is_by_bank:
        return rendered(Kind.ORDER_REFUNDED, f"Nothing more of your order {order.number} is sent", order=order)
    amount = _price(order.refund.amount_minor, order.currency)
    return rendered(Kind.ORDER_REFUNDED, f"We refunded {amount} for your order {order.number}", order=order)


def greeted_name(name: str) -> str:
    """The name to greet somebody by, or nothing when it looks like a link.

    Anybody can register somebody else's address: the greeting must not carry a stranger's advertisement.
    """
    return "" if len(name) > _LONGEST_GREETED_NAME or _LINK.search(name) else name


def _price(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount} {currency}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["price"] = _price
    return environment


_TEMPLATES = _environment()


def rendered(kind: Kind, subject: str, **facts: object) -> Message:
    """A message of a kind, from its templates; each may have a link to an account."""
    facts["account_link"] = ACCOUNT_LINK
    text, html = (
        _TEMPLATES.get_template(f"{kind.lower()}.{form}").render(subject=subject, **facts) for form in ("txt", "html")
    )
    return Message(kind, subject, text, html)
