"""The inputs of mutations of orders: what is read here can be relied on."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from shared.email import LONGEST, is_email
from shared.errors import BadUserInput, UserError
from shared.graphql.form import Form
from shared.money import Money, checked_currency, parse_minor
from shared.postal.address import PostalAddress
from shared.postal.reading import read_address
from shared.text import foreign_id_mistake, text_mistake, trimmed
from subgraphs.orders.commands.cancel_order import CancelOrder
from subgraphs.orders.commands.create_shipment import CreateShipment
from subgraphs.orders.commands.deliver_shipment import DeliverShipment
from subgraphs.orders.commands.pay_order import PayOrder
from subgraphs.orders.commands.refund_order import RefundOrder
from subgraphs.orders.commands.retry_order import RetryOrder
from subgraphs.orders.commands.settle_order import SettleOrder
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.order import Person
from subgraphs.orders.domain.refund import RefundRequest
from subgraphs.orders.domain.shipment import ShipmentRequest
from subgraphs.orders.domain.units import Units
from subgraphs.orders.entrypoints.graphql.cart_rejections import cart_not_found
from subgraphs.orders.entrypoints.graphql.codes import OrderErrorCode, invalid
from subgraphs.orders.entrypoints.graphql.rejections import line_not_found, order_not_found, shipment_not_found

_LONGEST_REASON = 500
_LONGEST_CARRIER = 100
_MOST_LINES = 100

Input = Mapping[str, Any]


def checkout(input: Input) -> Checkout:
    """The input of ``checkoutPlaceOrder``. Raises UserErrors, naming each field that is wrong."""
    form = _form()
    read = Checkout(
        cart_id=form.id(input["cart_id"], cart_not_found),
        email=_email(form, input["email"]),
        address=read_address(form, input["shipping_address"], "shippingAddress"),
        billing_address=_billing_address(form, input),
        payment_method_id=_payment_method(form, input["payment_method_id"]),
    )
    form.check()
    return read


def payment(input: Input, person: Person, deadline_seconds: float) -> PayOrder:
    """The input of ``orderPay``. Raises UserErrors, naming each field that is wrong."""
    form = _form()
    order_id = form.id(input["order_id"], order_not_found)
    command = PayOrder(order_id, _payment_method(form, input["payment_method_id"]), person, deadline_seconds)
    form.check()
    return command


def cancellation(input: Input, person: Person) -> CancelOrder:
    """The input of ``orderCancel``. Raises UserErrors, naming each field that is wrong."""
    form = _form()
    order_id = form.id(input["order_id"], order_not_found)
    reason = form.optional_text(input.get("reason"), "The reason", _LONGEST_REASON, "reason")
    form.check()
    return CancelOrder(order_id, person, reason)


def refund(input: Input, user_id: UUID) -> RefundOrder:
    """The input of ``orderRefund``. Raises UserErrors, naming each field that is wrong."""
    form = _form()
    order_id = form.id(input["order_id"], order_not_found)
    form.note(_contradiction(input))
    form.check()
    request = RefundRequest(
        order_id=order_id,
        units=_units(form, input["lines"]) if input.get("lines") is not None else (),
        amount=_refunded(form, input["amount"]) if input.get("amount") is not None else None,
        is_restocking=input["restock"],
        reason=form.text(input["reason"], "The reason", _LONGEST_REASON, "reason"),
    )
    form.check()
    return RefundOrder(request, user_id)


def retry(input: Input, user_id: UUID) -> RetryOrder:
    """The input of ``orderRetry``. Raises UserErrors, naming the field."""
    form = _form()
    command = RetryOrder(form.id(input["order_id"], order_not_found), user_id)
    form.check()
    return command


def settlement(input: Input, user_id: UUID) -> SettleOrder:
    """The input of ``orderSettle``. Raises UserErrors, naming each field that is wrong."""
    form = _form()
    order_id = form.id(input["order_id"], order_not_found)
    paid = _money(form, input["amount"])
    how = form.text(input["paid_outside"], "How the buyer was paid", _LONGEST_REASON, "paidOutside")
    form.check()
    assert paid is not None
    return SettleOrder(order_id, paid, how, user_id)


def shipment(input: Input, user_id: UUID) -> CreateShipment:
    """The input of ``shipmentCreate``. Raises UserErrors, naming each field that is wrong."""
    form = _form()
    request = ShipmentRequest(
        order_id=form.id(input["order_id"], order_not_found),
        units=_units(form, input["lines"]) if input.get("lines") is not None else None,
        carrier=form.text(input["carrier"], "The carrier", _LONGEST_CARRIER, "carrier"),
        tracking_code=form.optional_text(
            input.get("tracking_code"), "The carrier's number", _LONGEST_CARRIER, "trackingCode"
        ),
    )
    form.check()
    return CreateShipment(request, user_id)


def delivery(input: Input, user_id: UUID) -> DeliverShipment:
    """The input of ``shipmentDeliver``. Raises UserErrors, naming the field."""
    form = _form()
    command = DeliverShipment(form.id(input["shipment_id"], shipment_not_found), user_id)
    form.check()
    return command


def _form() -> Form:
    return Form(OrderErrorCode.INVALID)


def _contradiction(input: Input) -> UserError | None:
    if input.get("amount") is None:
        return None
    if input.get("lines") is not None:
        return invalid("Give back either for lines or an amount: leave one of the two out.", "amount")
    if input["restock"]:
        return invalid("An amount stands for no pieces: name the lines to put them back into stock.", "restock")
    return None


def _units(form: Form, lines: Sequence[Input]) -> Sequence[Units]:
    """Lines with their quantities: some, not too many, each once, and at least one unit of each."""
    if not 1 <= len(lines) <= _MOST_LINES:
        form.note(invalid(f"Name 1 to {_MOST_LINES} lines.", "lines"))
        return ()
    units = [_units_of_line(form, line, "lines", str(index)) for index, line in enumerate(lines)]
    seen: set[UUID] = set()
    for index, its in enumerate(units):
        if its.line_id in seen and its.line_id.int:
            form.note(invalid("This line comes twice; add the two up.", "lines", str(index), "lineId"))
        seen.add(its.line_id)
    return units


def _units_of_line(form: Form, line: Input, *field: str) -> Units:
    line_id = form.id(line["line_id"], partial(line_not_found, *field, "lineId"))
    if line["quantity"] < 1:
        message = "Enter at least 1 piece."
        form.note(UserError(OrderErrorCode.QUANTITY_OUT_OF_RANGE, message, (*field, "quantity")))
    return Units(line_id, line["quantity"])


def _refunded(form: Form, typed: Mapping[str, str]) -> Money | None:
    """As ``_money``, and more than 0."""
    amount = _money(form, typed)
    if amount is not None and amount.minor == 0:
        form.note(invalid("Enter an amount greater than 0.", "amount", "amount"))
    return amount


def _money(form: Form, typed: Mapping[str, str]) -> Money | None:
    """``MoneyInput`` of a field ``amount``; it may be 0."""
    try:
        currency = checked_currency(typed["currency"], ("amount", "currency"))
        minor = parse_minor(typed["amount"], currency, ("amount", "amount"))
    except BadUserInput as error:
        form.note(invalid(error.message, *(error.field or ())))
        return None
    if minor < 0:
        form.note(invalid("Enter an amount that is not negative.", "amount", "amount"))
    return Money(minor, currency)


def _email(form: Form, typed: str) -> str:
    email = form.text(typed, "The e-mail address", LONGEST, "email")
    if text_mistake("", email, LONGEST) is None and not is_email(email):
        form.note(invalid('Enter an e-mail address such as "ada@example.com".', "email"))
    return email


def _billing_address(form: Form, input: Input) -> PostalAddress | None:
    typed = input.get("billing_address")
    return None if typed is None else read_address(form, typed, "billingAddress")


def _payment_method(form: Form, typed: str) -> str:
    method_id = trimmed(typed)
    mistake = foreign_id_mistake("A payment method's id", method_id)
    if mistake is not None:
        form.note(invalid(mistake, "paymentMethodId"))
    return method_id
