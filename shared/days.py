"""The shop's day: which date it is where the shop is.

Moments are UTC everywhere; a date without a time needs a place.
"""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

_zone: tzinfo = UTC


def keep_days_of(time_zone: str) -> None:
    """Has this process know the date by the clocks of a zone: the setting TIME_ZONE, an IANA name."""
    global _zone
    _zone = ZoneInfo(time_zone)


def today() -> date:
    """The date where the shop is."""
    return day_of(datetime.now(UTC))


def day_of(moment: datetime) -> date:
    """The date of a moment where the shop is."""
    return moment.astimezone(_zone).date()
