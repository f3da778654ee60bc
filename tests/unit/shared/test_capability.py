"""What opens one thing to whoever has it, and is kept nowhere."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.security.capability import capability, holder_id

LATER = datetime.now(UTC) + timedelta(days=1)


def test_a_capability_is_the_same_each_time_and_its_holder_too() -> None:
    thing = uuid4()
    made = [capability("key", "order", thing, LATER) for _ in range(2)]
    assert made[0] == made[1]
    assert holder_id(made[0]) == holder_id(made[1]) is not None


def test_another_key_purpose_thing_or_expiry_makes_another_holder() -> None:
    thing = uuid4()
    made = [
        capability("key", "order", thing, LATER),
        capability("other", "order", thing, LATER),
        capability("key", "invoice", thing, LATER),
        capability("key", "order", uuid4(), LATER),
        capability("key", "order", thing, LATER + timedelta(seconds=1)),
    ]
    assert len({holder_id(each) for each in made}) == len(made)


def test_a_holder_is_a_uuid_that_shows_nothing_of_the_capability() -> None:
    made = capability("key", "order", uuid4(), LATER)
    holder = holder_id(made)
    assert holder is not None
    assert (holder.version, holder.variant) == (8, "specified in RFC 4122")
    assert holder.hex not in made


def test_an_expired_capability_has_no_holder() -> None:
    thing, now = uuid4(), datetime.now(UTC)
    assert holder_id(capability("key", "order", thing, now - timedelta(seconds=1))) is None
    assert holder_id(capability("key", "order", thing, now + timedelta(seconds=60))) is not None


@pytest.mark.parametrize("text", ["", "x", "A" * 49, "A" * 51, "é" * 50, " " * 50, "=" * 50, "A" * 100_000])
def test_what_can_be_no_capability_has_no_holder(text: str) -> None:
    assert holder_id(text) is None
