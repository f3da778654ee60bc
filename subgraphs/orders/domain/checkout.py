"""What a buyer types at the checkout, and the mistakes in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.countries import country_code
from shared.email import LONGEST, is_email
from shared.errors import UserError, UserErrors
from shared.ids import try_parse_id
from shared.text import foreign_id_mistake, optional_text, text_mistake, trimmed
from subgraphs.orders.domain.errors import cart_not_found, invalid


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


def parse_checkout(typed: Mapping[str, Any]) -> Checkout:
    """Reads ``CheckoutPlaceOrderInput``.

    Raises:
        UserErrors: all mistakes at once, each naming its field.
    """
    form = _Form()
    cart_id = try_parse_id(typed["cart_id"])
    if cart_id is None:
        form.errors.append(cart_not_found())
    email = form.email(typed["email"], "email")
    address = _address(form, typed["shipping_address"])
    payment_method_id = form.payment_method(typed["payment_method_id"], "paymentMethodId")
    if form.errors or cart_id is None:
        raise UserErrors(*form.errors)
    return Checkout(cart_id, email, address, payment_method_id)


def parse_payment_method(typed: str, *field: str) -> str:
    """Reads the id of a payment method.

    Raises:
        UserErrors: when it can't be one.
    """
    form = _Form()
    payment_method_id = form.payment_method(typed, *field)
    if form.errors:
        raise UserErrors(*form.errors)
    return payment_method_id


def _address(form: "_Form", typed: Mapping[str, Any]) -> Address:
    place = "shippingAddress"
    return Address(
        recipient=form.required(typed["recipient"], "The recipient", 200, place, "recipient"),
        line1=form.required(typed["line1"], "Street and number", 200, place, "line1"),
        line2=form.optional(typed.get("line2"), "The second line", 200, place, "line2"),
        postal_code=form.optional(typed.get("postal_code"), "The postal code", 20, place, "postalCode"),
        city=form.required(typed["city"], "The city", 200, place, "city"),
        country=form.country(typed["country"], place, "country"),
        phone=form.optional(typed.get("phone"), "The telephone number", 40, place, "phone"),
    )


class _Form:
    """Reads fields one by one and collects the mistakes in them."""

    def __init__(self) -> None:
        self.errors: list[UserError] = []

    def required(self, typed: str, label: str, longest: int, *field: str) -> str:
        text = trimmed(typed)
        self._note(text_mistake(label, text, longest), field)
        return text

    def optional(self, typed: str | None, label: str, longest: int, *field: str) -> str | None:
        text = optional_text(typed)
        return None if text is None else self.required(text, label, longest, *field)

    def email(self, typed: str, *field: str) -> str:
        text = self.required(typed, "The e-mail address", LONGEST, *field)
        if not self._refused(field) and not is_email(text):
            self._note('Enter an e-mail address such as "ada@example.com".', field)
        return text

    def payment_method(self, typed: str, *field: str) -> str:
        text = trimmed(typed)
        self._note(foreign_id_mistake("A payment method's id", text), field)
        return text

    def country(self, typed: str, *field: str) -> str:
        code = country_code(typed)
        if code is None:
            self._note('Enter the country as an ISO 3166-1 alpha-2 code, such as "DE".', field)
        return code or ""

    def _note(self, mistake: str | None, field: tuple[str, ...]) -> None:
        if mistake is not None:
            self.errors.append(invalid(mistake, *field))

    def _refused(self, field: tuple[str, ...]) -> bool:
        return any(error.field == field for error in self.errors)
