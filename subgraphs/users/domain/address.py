"""Postal addresses and the book that holds a user's."""

from dataclasses import dataclass
from uuid import UUID

from shared.countries import country_code
from subgraphs.users.domain.mistakes import Mistakes

BOOK_SIZE = 50
_LONGEST_LINE = 200
_LONGEST_POSTAL_CODE = 20
_LONGEST_PHONE = 40


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a parcel can go."""

    recipient: str
    line1: str
    line2: str | None
    postal_code: str | None
    city: str
    country: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Address(PostalAddress):
    """A postal address in a user's address book."""

    id: UUID
    is_default: bool


def checked_address(
    *,
    recipient: str,
    line1: str,
    city: str,
    country: str,
    line2: str | None = None,
    postal_code: str | None = None,
    phone: str | None = None,
) -> PostalAddress:
    """An address as typed, made tidy.

    Raises:
        UserErrors: naming all that is wrong.
    """
    mistakes = Mistakes()
    address = PostalAddress(
        recipient=mistakes.required_line("The recipient", recipient, _LONGEST_LINE, "address", "recipient"),
        line1=mistakes.required_line("The first line", line1, _LONGEST_LINE, "address", "line1"),
        line2=mistakes.optional_line("The second line", line2, _LONGEST_LINE, "address", "line2"),
        postal_code=mistakes.optional_line(
            "The postal code", postal_code, _LONGEST_POSTAL_CODE, "address", "postalCode"
        ),
        city=mistakes.required_line("The city", city, _LONGEST_LINE, "address", "city"),
        country=_country(mistakes, country),
        phone=mistakes.optional_line("The telephone number", phone, _LONGEST_PHONE, "address", "phone"),
    )
    mistakes.refuse()
    return address


def _country(mistakes: Mistakes, typed: str) -> str:
    code = country_code(typed)
    if code is None:
        mistakes.add("The country is no ISO 3166-1 code; write two letters such as DE.", "address", "country")
    return code or ""
