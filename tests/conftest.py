"""Fixtures of all tests."""

from collections.abc import Iterator

import pytest

from tests.backends import *  # noqa: F403 - the fixtures of the real servers
from tests.identity import Issuer, start_issuer


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Somebody who issues access tokens."""
    issuer, server = start_issuer()
    yield issuer
    server.shutdown()
