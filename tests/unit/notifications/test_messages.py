"""What messages say, and what hostile input can't make them say."""

import pytest
from pydantic import ValidationError

from subgraphs.notifications.messages import greeted_name, order_cancelled, order_confirmed, welcome
from subgraphs.notifications.payloads import OrderCancelled, OrderConfirmed, UserRegistered, one_line
from tests.contracts import assert_payload_matches
from tests.unit.notifications.builders import cancelled, confirmed, line, registered

HOSTILE = '<script>alert("1")</script>'


def test_the_payloads_of_these_tests_are_what_the_contracts_say() -> None:
    assert_payload_matches("mercato.users.UserRegistered", registered())
    assert_payload_matches("mercato.orders.OrderConfirmed", confirmed())
    assert_payload_matches("mercato.orders.OrderCancelled", cancelled())


def test_a_confirmation_names_number_lines_and_total() -> None:
    message = order_confirmed(OrderConfirmed.model_validate(confirmed()))
    assert message.subject == "Your order M-1001 is confirmed"
    for part in (message.text, message.html):
        for fact in ("M-1001", "Blue mug", "MUG-BLUE", "19.90 EUR each", "39.80 EUR", "Spoon", "10.00 EUR", "49.80 EUR"):
            assert fact in part
    assert "2 x Blue mug" in message.text


def test_prices_have_the_decimals_of_their_currency() -> None:
    order = confirmed(currency="JPY", totalMinor=3000, lines=[line(quantity=2, unitPriceMinor=1500)])
    message = order_confirmed(OrderConfirmed.model_validate(order))
    assert "1500 JPY each, 3000 JPY" in message.text


def test_a_cancellation_says_why_and_that_nobody_was_charged() -> None:
    message = order_cancelled(OrderCancelled.model_validate(cancelled()))
    assert message.subject == "Your order M-1001 was cancelled"
    for part in (message.text, message.html):
        assert "Your card was declined." in part
        assert "You have not been charged" in part


def test_a_welcome_greets_by_name() -> None:
    message = welcome(UserRegistered.model_validate(registered(name="Ada")))
    assert message.text.startswith("Hello Ada,\n")
    assert "Ada" not in message.subject


def test_what_others_typed_is_escaped_in_html() -> None:
    order = cancelled(lines=[line(title=HOSTILE, sku=HOSTILE)], cancellation={"code": "X", "message": HOSTILE}, number=HOSTILE)
    for message in (
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
    ["", "ada", "@", "ada@", "a@b@c", "ada@example.com\r\nBcc: all@example.com", "a@b.c,d@e.f", "Ada <ada@example.com>", "a b@c.d"],
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
        OrderConfirmed.model_validate(confirmed(**changes))


def test_properties_that_notifications_does_not_know_are_ignored() -> None:
    assert OrderConfirmed.model_validate(confirmed(loyaltyPoints=5)).number == "M-1001"
