"""Payments without a server."""

import pytest

from tests.unit.payments.shop import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()
