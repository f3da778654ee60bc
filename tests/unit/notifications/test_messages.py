"""What messages say, and what hostile input can't make them say."""

import pytest
from pydantic import ValidationError

from subgraphs.notifications.entrypoints.lines import one_line
from subgraphs.notifications.entrypoints.messages import (
    greeted_name,
    order_cancelled,
    order_confirmed,
    order_delivered,
    order_expected,
    order_payment_action_required,
    order_refunded,
    order_shipped,
    welcome,
)
from subgraphs.notifications.entrypoints.payloads import (
    Order,
    OrderCancelled,
    OrderConfirmed,
    OrderExpected,
    OrderRefunded,
    OrderShipped,
    OrderWaiting,
    OrderWithShipment,
    UserRegistered,
)
from tests.contracts import assert_payload_matches
from tests.unit.notifications.builders import (
    addresses,
    cancelled,
    confirmed,
    expected,
    line,
    payment_action_required,
    refunded,
    registered,
    shipped,
    waiting,
)

HOSTILE = '<script>alert("1")</script>'


def test_the_payloads_of_these_tests_are_what_the_contracts_say() -> None:
    assert_payload_matches("mercato.users.UserRegistered", registered())
    assert_payload_matches("mercato.orders.OrderConfirmed", confirmed())
    assert_payload_matches("mercato.orders.OrderConfirmed", confirmed(**addresses()))
    assert_payload_matches("mercato.orders.OrderExpectedDayChanged", expected("2999-12-01"))
    assert_payload_matches("mercato.orders.OrderCancelled", cancelled())
    assert_payload_matches("mercato.orders.OrderPaymentActionRequired", payment_action_required())
    assert_payload_matches("mercato.orders.OrderShipped", shipped())
    assert_payload_matches("mercato.orders.OrderDelivered", shipped())
    assert_payload_matches("mercato.orders.OrderRefunded", refunded())


def test_a_confirmation_names_number_lines_and_total() -> None:
    message = order_confirmed(OrderConfirmed.model_validate(confirmed()))
    assert message.subject == "Your order M-1001 is confirmed"
    for part in (message.text, message.html):
        for fact in (
            "M-1001",
            "Blue mug",
            "MUG-BLUE",
            "19.90 EUR each",
            "39.80 EUR",
            "Spoon",
            "10.00 EUR",
            "49.80 EUR",
        ):
            assert fact in part
    assert "2 x Blue mug" in message.text


def test_a_confirmation_tells_what_follows_later_and_when() -> None:
    order = confirmed()
    order["waiting"] = [waiting(order, "2999-12-01"), waiting(order, None, place=1)]
    message = order_confirmed(OrderConfirmed.model_validate(order))
    for part in (message.text, message.html):
        for fact in ("packing what", "follows later", "expected from 1 December 2999", "we do not know yet when"):
            assert fact in part
    assert "1 x Blue mug (MUG-BLUE), expected from 1 December 2999\n" in message.text
    assert "\n\n\n" not in message.text


def test_a_confirmation_promises_no_day_that_is_over_and_packs_nothing_that_is_not_here() -> None:
    order = confirmed(lines=[line()])
    order["waiting"] = [waiting(order, "2020-12-01", quantity=2)]
    message = order_confirmed(OrderConfirmed.model_validate(order))
    for part in (message.text, message.html):
        assert "2020" not in part
        assert "we are packing" not in part
        assert "All of it is still on" in part


def test_a_confirmation_of_what_is_here_speaks_of_nothing_later() -> None:
    message = order_confirmed(OrderConfirmed.model_validate(confirmed(waiting=[])))
    for part in (message.text, message.html):
        assert "later" not in part
    assert "\n\n\n" not in message.text


def test_a_shipment_tells_what_of_the_rest_is_still_to_come() -> None:
    order = shipped()
    order["waiting"] = [waiting(order, "2999-12-01")]
    message = order_shipped(OrderShipped.model_validate(order))
    for part in (message.text, message.html):
        assert "still on its way to us" in part
        assert "expected from 1 December 2999" in part
    assert "\n\n\n" not in message.text


@pytest.mark.parametrize(
    ("day", "told"), [("2999-12-24", "expected from 24 December 2999"), (None, "we do not know yet when")]
)
def test_another_day_is_told_with_the_way_out(day: str | None, told: str) -> None:
    message = order_expected(OrderExpected.model_validate(expected(day)))
    assert message.subject == "News about the rest of your order M-1001"
    for part in (message.text, message.html):
        for fact in ("M-1001", "Blue mug", told, "If you do not want to wait"):
            assert fact in part
    assert "\n\n\n" not in message.text


def test_what_waits_is_of_the_order_s_own_lines() -> None:
    order = confirmed()
    order["waiting"] = [waiting(confirmed(), None)]
    with pytest.raises(ValidationError):
        OrderWaiting.model_validate(order)


def test_prices_have_the_decimals_of_their_currency() -> None:
    order = confirmed(currency="JPY", totalMinor=3000, lines=[line(quantity=2, unitPriceMinor=1500)])
    message = order_confirmed(OrderConfirmed.model_validate(order))
    assert "1500 JPY each, 3000 JPY" in message.text


def test_a_cancellation_of_an_order_that_may_be_paid_again_says_how() -> None:
    again = {"code": "PAYMENT_DECLINED", "message": "Your card was declined.", "mayBePaidAgain": True}
    message = order_cancelled(OrderCancelled.model_validate(cancelled(cancellation=again)))
    final = order_cancelled(OrderCancelled.model_validate(cancelled()))
    for text, otherwise in ((message.text, final.text), (message.html, final.html)):
        assert "pay again" in text
        assert "welcome to order again" not in text
        assert "pay again" not in otherwise
        assert "welcome to order again" in otherwise


def test_a_cancellation_says_why_and_that_nobody_is_charged() -> None:
    message = order_cancelled(OrderCancelled.model_validate(cancelled()))
    assert message.subject == "Your order M-1001 was cancelled"
    for part in (message.text, message.html):
        assert "Your card was declined." in part
        assert "You are not charged for it" in part


def test_a_payment_that_waits_for_its_buyer_says_how_much_and_what_to_do() -> None:
    message = order_payment_action_required(Order.model_validate(payment_action_required()))
    assert message.subject == "Please confirm the payment of your order M-1001"
    for part in (message.text, message.html):
        for fact in ("M-1001", "49.80 EUR", "Blue mug", "Open the order in your account", "the order is cancelled"):
            assert fact in part


def test_a_shipment_names_carrier_tracking_number_and_what_is_in_it() -> None:
    message = order_shipped(OrderShipped.model_validate(shipped()))
    assert message.subject == "A part of your order M-1001 is on its way"
    for part in (message.text, message.html):
        for fact in ("Royal Mail", "RM-0042", "Blue mug", "MUG-BLUE", "The rest of your order follows"):
            assert fact in part
        assert "Spoon" not in part, "it is not in this parcel"
    assert "1 x Blue mug (MUG-BLUE)" in message.text


def test_the_last_shipment_says_that_nothing_follows() -> None:
    message = order_shipped(OrderShipped.model_validate(shipped({"isLast": True})))
    assert message.subject == "Your order M-1001 is on its way"
    for part in (message.text, message.html):
        assert "Nothing else follows" in part
        assert "another parcel" not in part


def test_a_shipment_without_a_tracking_number_does_not_speak_of_one() -> None:
    message = order_shipped(OrderShipped.model_validate(shipped({"trackingCode": None})))
    for part in (message.text, message.html):
        assert "racking number" not in part
        assert "None" not in part


def test_a_delivery_says_what_arrived() -> None:
    message = order_delivered(OrderWithShipment.model_validate(shipped()))
    assert message.subject == "Your parcel of order M-1001 was delivered"
    for part in (message.text, message.html):
        for fact in ("M-1001", "Royal Mail", "Blue mug"):
            assert fact in part


def test_money_that_is_only_held_is_not_called_paid() -> None:
    held = order_confirmed(OrderConfirmed.model_validate(confirmed(isPaid=False)))
    paid = order_confirmed(OrderConfirmed.model_validate(confirmed(isPaid=True)))
    for part in (held.text, held.html):
        assert "It is paid" not in part
        assert "Your bank holds its price until the first parcel leaves" in part
    assert "It is paid" in paid.text
    assert "It is paid" in paid.html


def test_a_welcome_greets_by_name() -> None:
    message = welcome(UserRegistered.model_validate(registered(name="Ada")))
    assert message.text.startswith("Hello Ada,\n")
    assert "Ada" not in message.subject


def test_what_others_typed_is_escaped_in_html() -> None:
    order = cancelled(
        lines=[line(title=HOSTILE, sku=HOSTILE)], cancellation={"code": "X", "message": HOSTILE}, number=HOSTILE
    )
    shipment, refund = {"carrier": HOSTILE, "trackingCode": HOSTILE}, {"reason": HOSTILE}
    for message in (
        order_shipped(OrderShipped.model_validate(shipped(shipment, lines=order["lines"]))),
        order_delivered(OrderWithShipment.model_validate(shipped(shipment, lines=order["lines"]))),
        order_refunded(OrderRefunded.model_validate(refunded(refund, lines=order["lines"]))),
        order_payment_action_required(Order.model_validate(order)),
        order_cancelled(OrderCancelled.model_validate(order)),
        order_confirmed(OrderConfirmed.model_validate(order)),
        welcome(UserRegistered.model_validate(registered(name=HOSTILE))),
    ):
        assert "<script" not in message.html
    assert HOSTILE in order_cancelled(OrderCancelled.model_validate(order)).text


def test_what_others_typed_is_no_template() -> None:
    message = welcome(UserRegistered.model_validate(registered(name="{{ 7 * 7 }}")))
    assert message.text.startswith("Hello {{ 7 * 7 }},")


@pytest.mark.parametrize(
    ("typed", "line_of_it"),
    [
        ("M-1\r\nBcc: all@example.com", "M-1 Bcc: all@example.com"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("nul\x00 tab\t", "nul tab"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
    ],
)
def test_what_others_typed_becomes_one_line(typed: str, line_of_it: str) -> None:
    assert one_line(typed) == line_of_it


def test_a_subject_has_no_line_breaks() -> None:
    order = OrderConfirmed.model_validate(confirmed(number="M-1\r\nBcc: all@example.com"))
    assert order_confirmed(order).subject.splitlines() == ["Your order M-1 Bcc: all@example.com is confirmed"]


@pytest.mark.parametrize("name", ["Ada Lovelace", "J.R.R. Tolkien", "Nguyễn Văn A", "O'Brien-Smith", "Dr. No", "🏴‍☠️"])
def test_people_are_greeted_by_their_names(name: str) -> None:
    assert greeted_name(name) == name


@pytest.mark.parametrize("name", ["Win at https://evil.test", "www.evil", "evil.com", "mail me@evil", "a" * 81])
def test_advertisements_are_not_greeted(name: str) -> None:
    assert greeted_name(name) == ""
    assert welcome(UserRegistered.model_validate(registered(name=name))).text.startswith("Hello,\n")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@",
        "ada@",
        "a@b@c",
        "ada@example.com\r\nBcc: all@example.com",
        "a@b.c,d@e.f",
        "Ada <ada@example.com>",
        "a b@c.d",
    ],
)
def test_a_message_to_what_is_no_address_is_malformed(email: str) -> None:
    with pytest.raises(ValidationError):
        UserRegistered.model_validate(registered(email=email))


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"lines": [line(quantity=0)]},
        {"totalMinor": -1},
        {"totalMinor": "a lot"},
        {"currency": "euro"},
        {"orderId": "1"},
    ],
)
def test_an_order_that_breaks_the_contract_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Order.model_validate(confirmed(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"lines": [{"lineId": "00000000-0000-0000-0000-000000000000", "quantity": 1}]},
        {"carrier": None},
        {"isLast": None},
    ],
)
def test_a_shipment_that_breaks_the_contract_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OrderWithShipment.model_validate(shipped(changes))


def test_properties_that_notifications_does_not_know_are_ignored() -> None:
    assert Order.model_validate(confirmed(loyaltyPoints=5)).number == "M-1001"
