"""What the messages say. Templates are in ``templates/``, a text and an HTML file for each kind."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.money import Money
from subgraphs.notifications.payloads import OrderCancelled, OrderConfirmed, UserRegistered

_LONGEST_GREETED_NAME = 80
_LINK = re.compile(r"://|www\.|@|\w{2,}\.\w{2,}", re.IGNORECASE)


class Kind(StrEnum):
    """What messages are about."""

    WELCOME = "WELCOME"
    ORDER_CONFIRMED = "ORDER_CONFIRMED"
    ORDER_CANCELLED = "ORDER_CANCELLED"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is sent, in plain text and in HTML."""

    kind: Kind
    subject: str
    text: str
    html: str


def welcome(user: UserRegistered) -> Message:
    """To somebody who registered."""
    return _render(Kind.WELCOME, "Welcome to Mercato", name=greeted_name(user.name))


def order_confirmed(order: OrderConfirmed) -> Message:
    """To somebody whose order is paid."""
    return _render(Kind.ORDER_CONFIRMED, f"Your order {order.number} is confirmed", order=order)


def order_cancelled(order: OrderCancelled) -> Message:
    """To somebody whose order did not come about."""
    return _render(Kind.ORDER_CANCELLED, f"Your order {order.number} was cancelled", order=order)


def greeted_name(name: str) -> str:
    """The name to greet somebody by, or nothing when it looks like a link.

    Anybody can register somebody else's address: the greeting must not carry a stranger's advertisement.
    """
    return "" if len(name) > _LONGEST_GREETED_NAME or _LINK.search(name) else name


def _price(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount} {currency}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
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


def _render(kind: Kind, subject: str, **facts: object) -> Message:
    text, html = (_TEMPLATES.get_template(f"{kind.lower()}.{form}").render(subject=subject, **facts) for form in ("txt", "html"))
    return Message(kind, subject, text, html)
