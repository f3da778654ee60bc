"""The value that a postal address is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a parcel or an invoice goes. What a country lacks, and what nobody gave, is None.

    ``country_area`` is the area's code where the country's areas are known ("CA" of the US), else as it was typed.
    Addresses of before countries were looked at may lack what their country wants.
    """

    recipient: str
    line1: str
    line2: str | None
    postal_code: str | None
    city: str
    country: str
    phone: str | None
    country_area: str | None = None
    company: str | None = None
