"""Postal addresses in a confirmation: both where they differ, and nothing in them that leads anywhere."""

from typing import Any

import pytest

from subgraphs.notifications.domain.message import ORDER_LINK, Message
from subgraphs.notifications.entrypoints.addresses import without_links
from subgraphs.notifications.entrypoints.messages import order_confirmed
from subgraphs.notifications.entrypoints.payloads import OrderConfirmed
from tests.unit.notifications.builders import addresses, confirmed

OFFICE = {
    "recipient": "Charles Babbage",
    "company": "Engines Inc.",
    "line1": "1 Market Street",
    "line2": "Floor 2",
    "postalCode": "94105",
    "city": "San Francisco",
    "countryArea": "CA",
    "country": "US",
}


def message(**changes: Any) -> Message:
    return order_confirmed(OrderConfirmed.model_validate(confirmed(**changes)))


def test_a_confirmation_names_one_address_where_parcel_and_invoice_go_there() -> None:
    told = message(**addresses())
    assert "\nIt goes to:\n\n  Ada Lovelace\n  1 Analytical Way\n  N1 9GU London\n  GB\n\n" in told.text
    assert "<bdi>1 Analytical Way</bdi><br>" in told.html
    for part in (told.text, told.html):
        assert part.count("Ada Lovelace") == 1
        assert "invoice" not in part
    assert "\n\n\n" not in told.text


def test_a_confirmation_names_the_address_of_the_invoice_where_it_is_another() -> None:
    told = message(**addresses(**OFFICE))
    lines = ("Charles Babbage", "Engines Inc.", "1 Market Street", "Floor 2", "94105 San Francisco", "CA", "US")
    assert "\nIts invoice goes to:\n\n" + "".join(f"  {line}\n" for line in lines) in told.text
    for part in (told.text, told.html):
        assert "N1 9GU London" in part
        assert all(line in part for line in lines)
    assert "\n\n\n" not in told.text


def test_a_confirmation_of_before_tells_no_address() -> None:
    told = message()
    for part in (told.text, told.html):
        assert "goes to" not in part
    assert "\n\n\n" not in told.text


@pytest.mark.parametrize("customer_id", [None, "01a22f74-30f0-75f1-a2f2-2bfaa284b8a1"])
@pytest.mark.parametrize("field", ["recipient", "company", "line1", "line2", "postalCode", "city", "countryArea"])
def test_what_is_typed_as_an_address_leads_nowhere_and_is_no_markup(field: str, customer_id: str | None) -> None:
    hostile = f"<b>https://evil.test</b>\nwww.evil.test me@evil.test {ORDER_LINK}"
    told = message(customerId=customer_id, **addresses(**{field: hostile}))
    for part in (told.text, told.html):
        assert "evil. test" in part
        assert "evil.test" not in part
        assert "://" not in part
    assert "<b>" not in told.html
    assert told.text.count(ORDER_LINK) == (customer_id is None)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hauptstr.12", "Hauptstr.12"),
        ("c/o Ada, Top 4/A", "c/o Ada, Top 4/A"),
        ("Ul. Św. Marcina 7", "Ul. Św. Marcina 7"),
        ("St.Gallen", "St. Gallen"),
        ("Win at evil.com", "Win at evil. com"),
        ("evil\uff0ecom", "evil\uff0e com"),
        ("東京都千代田区1-1", "東京都千代田区1-1"),
        ("1\r\nBcc:all", "1 Bcc: all"),
    ],
)
def test_lines_are_shown_as_typed_but_for_what_would_be_a_link(typed: str, shown: str) -> None:
    assert without_links(typed) == shown
