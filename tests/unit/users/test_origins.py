"""Where a request came from, of what a client or a proxy may write."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.graphql.context import RequestContext
from subgraphs.users.domain.tokens import Origin
from subgraphs.users.entrypoints.graphql.origins import origin_of


def origin(user_agent: str | None, forwarded_for: str | None) -> Origin:
    info: Any = SimpleNamespace(context=RequestContext(None, user_agent=user_agent, forwarded_for=forwarded_for))
    return origin_of(info)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (" Mozilla/5.0 (X11) ", "Mozilla/5.0 (X11)"),
        ("x" * 201, "x" * 200),
        ("Müller/1", "Müller/1"),
        ("tab\there", None),
        ("\x1b[31m", None),
        ("  ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_device_is_what_a_program_calls_itself(user_agent: str | None, device: str | None) -> None:
    assert origin(user_agent, None) == Origin(device, None)


@pytest.mark.parametrize(
    ("forwarded_for", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"),
        ("nonsense, 192.0.2.7 ", "192.0.2.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, nonsense", None),
        ("fe80::1%eth0", None),
        ("192.0.2.7:443", None),
        ("192.0.2.007", None),
        ("", None),
        (None, None),
    ],
)
def test_a_place_is_the_last_address_that_was_seen(forwarded_for: str | None, place: str | None) -> None:
    assert origin(None, forwarded_for) == Origin(None, place)
