"""What is typed is read as it is meant, or its mistake is named by its field."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import UserErrors
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.order import Person
from subgraphs.orders.domain.shipment import ShipmentRequest
from subgraphs.orders.domain.units import Units
from subgraphs.orders.entrypoints.graphql import inputs
from subgraphs.orders.entrypoints.graphql.codes import OrderErrorCode

ORDER, LINE, STAFF = new_id(), new_id(), uuid4()
Typed = Mapping[str, Any]
Mistake = tuple[str, tuple[str, ...]]
ADDRESS = {"recipient": " Ada ", "line1": "1 Way", "city": "London", "country": "gb", "postal_code": "n1 9gu"}


def refund(**fields: Any) -> Typed:
    return {"order_id": str(ORDER), "reason": " broken ", "restock": False, **fields}


def amount(text: str, currency: str = "EUR") -> Typed:
    return {"amount": {"amount": text, "currency": currency}}


def lines(*quantities: int, line_id: str = str(LINE)) -> Typed:
    return {"lines": [{"line_id": line_id, "quantity": quantity} for quantity in quantities]}


def mistakes(raised: pytest.ExceptionInfo[UserErrors]) -> list[Mistake]:
    assert all(error.message for error in raised.value.errors)
    return [(error.code, error.field or ()) for error in raised.value.errors]


REFUNDS: dict[str, tuple[Typed, Mistake]] = {
    "an order id that is none": ({"order_id": "x"}, ("ORDER_NOT_FOUND", ("orderId",))),
    "an empty order id": ({"order_id": ""}, ("ORDER_NOT_FOUND", ("orderId",))),
    "an empty reason": ({"reason": " \n"}, ("INVALID", ("reason",))),
    "a huge reason": ({"reason": "x" * 501}, ("INVALID", ("reason",))),
    "a reason of control characters": ({"reason": "a\0b"}, ("INVALID", ("reason",))),
    "lines and an amount": ({**lines(1), **amount("1.00")}, ("INVALID", ("amount",))),
    "an amount whose units go back": ({**amount("1.00"), "restock": True}, ("INVALID", ("restock",))),
    "an amount of nothing": (amount("0.00"), ("INVALID", ("amount", "amount"))),
    "a negative amount": (amount("-1.00"), ("INVALID", ("amount", "amount"))),
    "a fraction of a cent": (amount("1.005"), ("INVALID", ("amount", "amount"))),
    "leading zeros": (amount("00001"), ("INVALID", ("amount", "amount"))),
    "a sign": (amount("+1"), ("INVALID", ("amount", "amount"))),
    "less than nothing at all": (amount("-0"), ("INVALID", ("amount", "amount"))),
    "a yen in parts": (amount("0.5", "JPY"), ("INVALID", ("amount", "amount"))),
    "a dinar in too small parts": (amount("0.0001", "BHD"), ("INVALID", ("amount", "amount"))),
    "a huge exponent": (amount("1e999999"), ("INVALID", ("amount", "amount"))),
    "more digits than a sum keeps": (amount("123456789.99999999999999999999"), ("INVALID", ("amount", "amount"))),
    "a currency that is none": (amount("1.00", "ZZZ"), ("INVALID", ("amount", "currency"))),
    "no lines": (lines(), ("INVALID", ("lines",))),
    "too many lines": (lines(*[1] * 101), ("INVALID", ("lines",))),
    "a line twice": (lines(1, 1), ("INVALID", ("lines", "1", "lineId"))),
    "a line id that is none": (lines(1, line_id="x"), ("LINE_NOT_FOUND", ("lines", "0", "lineId"))),
    "a quantity of nothing": (lines(0), ("QUANTITY_OUT_OF_RANGE", ("lines", "0", "quantity"))),
    "a negative quantity": (lines(-1), ("QUANTITY_OUT_OF_RANGE", ("lines", "0", "quantity"))),
}


@pytest.mark.parametrize("spoil", REFUNDS)
def test_a_spoiled_refund_is_named(spoil: str) -> None:
    change, expected = REFUNDS[spoil]
    with pytest.raises(UserErrors) as raised:
        inputs.refund(refund(**change), STAFF)
    assert mistakes(raised) == [expected]


@pytest.mark.parametrize(("text", "currency", "minor"), [("19.9", "EUR", 1990), ("5", "JPY", 5), ("0.001", "BHD", 1)])
def test_an_amount_is_read_in_the_currencys_own_decimals(text: str, currency: str, minor: int) -> None:
    request = inputs.refund(refund(**amount(text, currency)), STAFF).request
    assert (request.amount, request.reason, request.units) == (Money(minor, currency), "broken", ())


def test_lines_are_read_with_their_quantities() -> None:
    command = inputs.refund(refund(**lines(2), restock=True), STAFF)
    assert command.request.units == [Units(LINE, 2)]
    assert (command.request.is_restocking, command.user_id) == (True, STAFF)


SHIPMENTS: dict[str, tuple[Typed, Mistake]] = {
    "an order id that is none": ({"order_id": "x"}, ("ORDER_NOT_FOUND", ("orderId",))),
    "an empty carrier": ({"carrier": ""}, ("INVALID", ("carrier",))),
    "a huge carrier": ({"carrier": "x" * 101}, ("INVALID", ("carrier",))),
    "a carrier of control characters": ({"carrier": "D\0HL"}, ("INVALID", ("carrier",))),
    "an invisible tracking code": ({"tracking_code": "\u200b"}, ("INVALID", ("trackingCode",))),
    "a tracking code of two lines": ({"tracking_code": "1\n2"}, ("INVALID", ("trackingCode",))),
    "a huge tracking code": ({"tracking_code": "1" * 101}, ("INVALID", ("trackingCode",))),
    "no lines": (lines(), ("INVALID", ("lines",))),
    "too many lines": (lines(*[1] * 101), ("INVALID", ("lines",))),
    "a line twice": (lines(1, 1), ("INVALID", ("lines", "1", "lineId"))),
    "a line id that is none": (lines(1, line_id="x"), ("LINE_NOT_FOUND", ("lines", "0", "lineId"))),
    "a quantity of nothing": (lines(0), ("QUANTITY_OUT_OF_RANGE", ("lines", "0", "quantity"))),
}


@pytest.mark.parametrize("spoil", SHIPMENTS)
def test_a_spoiled_shipment_is_named(spoil: str) -> None:
    change, expected = SHIPMENTS[spoil]
    with pytest.raises(UserErrors) as raised:
        inputs.shipment({"order_id": str(ORDER), "carrier": "DHL", **change}, STAFF)
    assert mistakes(raised) == [expected]


def test_what_is_typed_of_a_shipment_is_trimmed_and_may_be_left_out() -> None:
    command = inputs.shipment({"order_id": str(ORDER), "carrier": " DHL "}, STAFF)
    assert command.request == ShipmentRequest(ORDER, None, "DHL", None)
    typed = {"order_id": str(ORDER), "carrier": "DHL", "tracking_code": " 1 ", "lines": None}
    assert inputs.shipment(typed, STAFF).request == ShipmentRequest(ORDER, None, "DHL", "1")


@pytest.mark.parametrize("method", ["", " ", "pm card", "x" * 256, "\x7f"])
def test_a_payment_method_that_can_be_none_is_named(method: str) -> None:
    with pytest.raises(UserErrors) as raised:
        inputs.payment({"order_id": str(ORDER), "payment_method_id": method}, Person(STAFF, is_staff=False), 60)
    assert mistakes(raised) == [("INVALID", ("paymentMethodId",))]


@pytest.mark.parametrize("order_id", ["", "x", "\0", "9" * 5000])
def test_an_order_id_that_is_none_is_an_unknown_order(order_id: str) -> None:
    paid = {"order_id": order_id, "payment_method_id": "pm", "paid_outside": "in cash", **amount("0")}
    for read in (
        lambda: inputs.payment(paid, Person(STAFF, is_staff=False), 60),
        lambda: inputs.cancellation(paid, Person(STAFF, is_staff=False)),
        lambda: inputs.retry(paid, STAFF),
        lambda: inputs.settlement(paid, STAFF),
    ):
        with pytest.raises(UserErrors) as raised:
            read()
        assert mistakes(raised) == [("ORDER_NOT_FOUND", ("orderId",))]


@pytest.mark.parametrize("reason", ["\u200b", "x" * 501, "a\0b"])
def test_a_spoiled_reason_of_a_cancellation_is_named(reason: str) -> None:
    with pytest.raises(UserErrors) as raised:
        inputs.cancellation({"order_id": str(ORDER), "reason": reason}, Person(STAFF, is_staff=False))
    assert mistakes(raised) == [("INVALID", ("reason",))]


def test_a_shipment_id_that_is_none_is_an_unknown_shipment() -> None:
    with pytest.raises(UserErrors) as raised:
        inputs.delivery({"shipment_id": "x"}, STAFF)
    assert mistakes(raised) == [("SHIPMENT_NOT_FOUND", ("shipmentId",))]


def checkout(**changes: Any) -> Typed:
    typed = {"cart_id": str(ORDER), "email": "ada@example.com", "payment_method_id": "pm", "shipping_address": ADDRESS}
    return {**typed, **changes}


def test_a_checkout_is_read_trimmed() -> None:
    read = inputs.checkout(checkout(email=" ada@example.com "))
    assert (read.cart_id, read.email, read.payment_method_id) == (ORDER, "ada@example.com", "pm")
    assert (read.address.recipient, read.address.country, read.address.phone) == ("Ada", "GB", None)
    assert (read.address.postal_code, read.billing_address) == ("N1 9GU", None)


def test_a_mistake_in_the_billing_address_is_named_there() -> None:
    billing = {**ADDRESS, "country": "de", "postal_code": "N1 9GU"}
    with pytest.raises(UserErrors) as raised:
        inputs.checkout(checkout(billing_address=billing))
    assert mistakes(raised) == [(OrderErrorCode.INVALID, ("billingAddress", "postalCode"))]


def test_a_checkout_has_a_billing_address_of_its_own() -> None:
    billing = {**ADDRESS, "recipient": "Charles", "country": "us", "postal_code": "94105", "company": "Engines Inc."}
    read = inputs.checkout(checkout(billing_address=billing)).billing_address
    assert read is not None
    assert (read.recipient, read.country_area, read.company) == ("Charles", "CA", "Engines Inc.")


def test_all_mistakes_in_a_checkout_are_named_at_once() -> None:
    address = {"recipient": "", "line1": "", "line2": "x" * 201, "city": "", "country": "XX", "phone": "\0"}
    spoiled = checkout(cart_id="x", email="ada", payment_method_id="", shipping_address=address)
    with pytest.raises(UserErrors) as raised:
        inputs.checkout(spoiled)
    parts = ("recipient", "line1", "line2", "city", "country", "phone")
    assert mistakes(raised) == [
        (OrderErrorCode.CART_NOT_FOUND, ("cartId",)),
        (OrderErrorCode.INVALID, ("email",)),
        *[(OrderErrorCode.INVALID, ("shippingAddress", part)) for part in parts],
        (OrderErrorCode.INVALID, ("paymentMethodId",)),
    ]


def test_a_mistake_in_an_address_of_mail_is_told_once() -> None:
    with pytest.raises(UserErrors) as raised:
        inputs.checkout(checkout(email="a\0"))
    assert mistakes(raised) == [("INVALID", ("email",))]
