"""The shop's day: the date of the clocks where the shop is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from shared import days


@pytest.fixture(autouse=True)
def _days_of_utc() -> Iterator[None]:
    yield
    days.keep_days_of("UTC")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", date(2026, 11, 29)),
        ("Pacific/Kiritimati", date(2026, 11, 30)),
        ("Pacific/Auckland", date(2026, 11, 30)),
        ("America/Los_Angeles", date(2026, 11, 29)),
        ("Etc/GMT+12", date(2026, 11, 28)),
    ],
)
def test_a_moment_is_of_the_day_that_the_shop_has(zone: str, expected: date) -> None:
    days.keep_days_of(zone)
    hour = 11 if expected < date(2026, 11, 29) else 12
    assert days.day_of(datetime(2026, 11, 29, hour, 30, tzinfo=UTC)) == expected


def test_the_day_changes_at_midnight_of_the_shop_also_in_summer() -> None:
    days.keep_days_of("Europe/Paris")
    assert days.day_of(datetime(2026, 7, 1, 21, 59, tzinfo=UTC)) == date(2026, 7, 1)
    assert days.day_of(datetime(2026, 7, 1, 22, 0, tzinfo=UTC)) == date(2026, 7, 2)


def test_today_is_never_the_same_at_both_ends_of_the_world() -> None:
    days.keep_days_of("Pacific/Kiritimati")
    first = days.today()
    days.keep_days_of("Etc/GMT+12")
    assert days.today() <= first - timedelta(days=1)
