"""What messages about refunds say."""

from typing import Any

import pytest
from pydantic import ValidationError

from subgraphs.notifications.entrypoints.messages import order_refunded
from subgraphs.notifications.entrypoints.payloads import OrderRefunded
from tests.contracts import assert_payload_matches
from tests.unit.notifications.builders import refunded


def test_a_refund_says_how_much_what_for_and_why() -> None:
    message = order_refunded(OrderRefunded.model_validate(refunded()))
    assert message.subject == "We refunded 19.90 EUR for your order M-1001"
    for part in (message.text, message.html):
        for fact in ("19.90 EUR", "The handle was broken.", "Blue mug"):
            assert fact in part
    assert "1 x Blue mug (MUG-BLUE)" in message.text


def test_a_refund_of_a_mere_amount_names_no_lines() -> None:
    message = order_refunded(OrderRefunded.model_validate(refunded({"lines": [], "amountMinor": 500})))
    for part in (message.text, message.html):
        assert "5.00 EUR" in part
        assert "It is for" not in part
    assert "\n\n\n" not in message.text


@pytest.mark.parametrize("given", [{"source": "PROVIDER"}, {"amountMinor": 4980}])
def test_a_refund_of_more_than_its_lines_says_that_they_are_not_sent_any_more(given: dict[str, Any]) -> None:
    message = order_refunded(OrderRefunded.model_validate(refunded(given)))
    for part in (message.text, message.html):
        assert "It is for" not in part
        assert "This is not sent any more:" in part
        assert "Blue mug" in part


def test_what_a_bank_gave_back_is_told_with_what_is_not_sent_any_more() -> None:
    message = order_refunded(
        OrderRefunded.model_validate(refunded({"source": "DISPUTE", "amountMinor": 4980, "reason": "fraud"}))
    )
    assert message.subject == "Nothing more of your order M-1001 is sent"
    for part in (message.text, message.html):
        for fact in ("your bank has given back", "49.80 EUR", "This is not sent any more:", "Blue mug"):
            assert fact in part
        assert "we refunded" not in part
        assert "fraud" not in part


def test_a_refund_of_less_than_its_lines_does_not_say_that_it_is_their_price() -> None:
    message = order_refunded(OrderRefunded.model_validate(refunded({"amountMinor": 500})))
    for part in (message.text, message.html):
        assert ("It is for" in part, "It concerns" in part, "Blue mug" in part) == (False, True, True)


def test_what_the_shop_has_paid_another_way_is_not_looked_for_on_the_card() -> None:
    payload = refunded({"isOutside": True})
    assert_payload_matches("mercato.orders.OrderRefunded", payload)
    message = order_refunded(OrderRefunded.model_validate(payload))
    for part in (message.text, message.html):
        assert "we have paid it to you another way" in " ".join(part.split())
        assert "goes back the way you paid" not in part
    assert "\n\n\n" not in message.text


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [{"lineId": "00000000-0000-0000-0000-000000000000", "quantity": 1}]},
        {"amountMinor": -1},
        {"reason": None},
    ],
)
def test_a_refund_that_breaks_the_contract_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OrderRefunded.model_validate(refunded(changes))
