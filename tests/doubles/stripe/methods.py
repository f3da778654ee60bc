"""Payment methods and customers; source: Stripe's API reference, "PaymentMethods" and "Customers"."""

import hashlib
from typing import Any

from tests.doubles.stripe.account import Account, Object
from tests.doubles.stripe.cards import NUMBERS, TOKENS, Card
from tests.doubles.stripe.errors import StripeError, card_error
from tests.doubles.stripe.parameters import Parameters


class Methods:
    """Cards, kept or for one payment. A card that was used without a customer, or detached, may not be used again."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._cards: dict[str, Card] = {}
        self._used_up: set[str] = set()

    def create(self, parameters: Parameters) -> Object:
        parameters.choice("type", "card")
        card = parameters.tree("card")
        parameters.ignore("billing_details", "allow_redisplay")
        metadata = parameters.tree("metadata")
        parameters.finish()
        known = NUMBERS.get(card.get("number", ""), _good_card(card.get("number", "")))
        if known is None:
            message = "Your card number is incorrect."
            raise StripeError(402, type="card_error", message=message, code="incorrect_number", param="number")
        return self._add(known, metadata, int(card.get("exp_month", 12)), int(card.get("exp_year", 2034)))

    def update(self, parameters: Parameters, reference: str) -> Object:
        """Of a card only when it expires can be changed."""
        method, card = self._account.get("payment_method", reference), parameters.tree("card")
        parameters.ignore("billing_details", "allow_redisplay", "metadata")
        parameters.finish()
        if method["customer"] is None:
            raise StripeError(400, message="You must save this PaymentMethod to a customer before you can update it.")
        method["card"] |= {name: int(value) for name, value in card.items() if name in ("exp_month", "exp_year")}
        self._account.publish("payment_method.updated", method)
        return method

    def retrieve(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        return self._found(reference) or self._account.get("payment_method", reference)

    def page(self, parameters: Parameters) -> Object:
        return self._account.page("payment_method", parameters, "customer", "type")

    def page_of_customer(self, parameters: Parameters, customer: str) -> Object:
        self._account.get("customer", customer)
        return self._account.page("payment_method", parameters.with_text("customer", customer), "customer", "type")

    def attach(self, parameters: Parameters, reference: str) -> Object:
        customer = parameters.required("customer")
        parameters.finish()
        method = self._found(reference) or self._account.get("payment_method", reference)
        self._account.named("customer", customer, "customer")
        if method["customer"] == customer:
            return method
        if method["customer"] is not None:
            raise StripeError(400, message="The payment method you provided has already been attached to a customer.")
        self._require_unused(method["id"])
        self._require_attachable(method)
        method["customer"] = customer
        self._account.publish("payment_method.attached", method)
        return method

    def detach(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        method = self._account.get("payment_method", reference)
        if method["customer"] is None:
            message = "The payment method you provided is not attached to a customer so detachment is impossible."
            raise StripeError(400, message=message, code="payment_method_unexpected_state")
        method["customer"] = None
        self._used_up.add(reference)
        self._account.publish("payment_method.detached", method)
        return method

    def usable(self, reference: str, customer: str | None) -> Object:
        """The method for a payment of this customer, or of nobody known."""
        method = self._found(reference) or self._account.named("payment_method", reference, "payment_method")
        if method["customer"] != customer and method["customer"] is not None:
            message = (
                "The provided PaymentMethod cannot be attached."
                " To reuse a PaymentMethod, you must attach it to a Customer first."
                if customer
                else f"The PaymentMethod {reference} belongs to a Customer."
                " Please include it in the parameter `customer`."
            )
            raise StripeError(400, message=message, param="payment_method")
        self._require_unused(method["id"])
        return method

    def use(self, reference: str) -> Card:
        """How the card behaves; without a customer it can't be used again."""
        if self._account.get("payment_method", reference)["customer"] is None:
            self._used_up.add(reference)
        return self._cards[reference]

    def card(self, reference: str) -> Card:
        """How the card behaves."""
        return self._cards[reference]

    def _found(self, reference: str) -> Object | None:
        """The names of test cards stand for a new method each time."""
        return self._add(TOKENS[reference], {}) if reference in TOKENS else None

    def _require_unused(self, reference: str) -> None:
        if reference in self._used_up:
            message = (
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment,"
                " shared with a connected account without Customer attachment, or was detached from a Customer."
                " It may not be used again."
                " To use a PaymentMethod multiple times, you must attach it to a Customer first."
            )
            raise StripeError(400, message=message)

    def _require_attachable(self, method: Object) -> None:
        card = self._cards[method["id"]]
        if card.decline is not None and not card.is_attachable:
            raise card_error(card.decline)

    def _add(self, card: Card, metadata: dict[str, Any], exp_month: int = 12, exp_year: int = 2034) -> Object:
        shown = {
            "brand": card.brand,
            "last4": card.number[-4:],
            "exp_month": exp_month,
            "exp_year": exp_year,
            "country": "DE",
            "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
            "funding": "credit",
            "three_d_secure_usage": {"supported": True},
        }
        billing = {"address": None, "email": None, "name": None, "phone": None}
        fields = {"type": "card", "card": shown, "customer": None, "billing_details": billing, "metadata": metadata}
        method = self._account.add("payment_method", **fields)
        self._cards[method["id"]] = card
        return method


def _good_card(number: str) -> Card | None:
    """Any other number with a right check digit, as a shop's own buyers have."""
    if not (number.isascii() and number.isdigit() and len(number) == 16 and number[0] in "345"):
        return None
    doubled = [int(digit) * 2 for digit in number[-2::-2]]
    is_right = (
        sum(int(digit) for digit in number[-1::-2]) + sum(each - 9 if each > 9 else each for each in doubled)
    ) % 10 == 0
    return Card(number) if is_right else None


class Customers:
    """Whose methods they are."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create(self, parameters: Parameters) -> Object:
        fields = {name: parameters.text(name) for name in ("email", "name", "description", "phone")}
        metadata = parameters.tree("metadata")
        parameters.finish()
        customer = self._account.add("customer", balance=0, delinquent=False, **fields, metadata=metadata)
        self._account.publish("customer.created", customer)
        return customer

    def retrieve(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        return self._account.get("customer", reference)

    def update(self, parameters: Parameters, reference: str) -> Object:
        customer = self._account.get("customer", reference)
        changes = {
            name: value for name in ("email", "name", "description", "phone") if (value := parameters.text(name))
        }
        metadata = parameters.tree("metadata")
        parameters.finish()
        customer.update(changes)
        customer["metadata"] |= metadata
        return customer

    def delete(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        self._account.get("customer", reference)
        self._account.forget("customer", reference)
        return {"id": reference, "object": "customer", "deleted": True}

    def page(self, parameters: Parameters) -> Object:
        return self._account.page("customer", parameters, "email")
