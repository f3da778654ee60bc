"""Postal addresses in messages: anybody may have typed one, and have it mailed to somebody else."""

import re
from typing import Annotated

from pydantic import AfterValidator

from shared.events.handlers import Payload
from subgraphs.notifications.entrypoints.lines import one_line

# What mail programs make links of, has one of these before a letter: "evil.test", "https://", "me@evil".
_JOINT = re.compile(r"([.:@\u3002\uff0e\uff1a\uff20\uff61])(?=[^\s\d])")


def without_links(text: str) -> str:
    """A line of which no mail program makes a link: "St.Gallen" becomes "St. Gallen", "Hauptstr.12" stays."""
    return _JOINT.sub(r"\1 ", one_line(text))


Typed = Annotated[str, AfterValidator(without_links)]


class Address(Payload):
    """Where an order, or its invoice, goes."""

    recipient: Typed
    company: Typed | None = None
    line1: Typed
    line2: Typed | None = None
    postal_code: Typed | None = None
    city: Typed
    country_area: Typed | None = None
    country: Typed

    @property
    def lines(self) -> list[str]:
        """As it is shown, one under the other."""
        place = " ".join(part for part in (self.postal_code, self.city) if part)
        lines = (self.recipient, self.company, self.line1, self.line2, place, self.country_area, self.country)
        return [line for line in lines if line]
