"""Each kind of router in turn: a fixture for the conftest of every package that asks both."""

import pytest

from tests.integration.router.processes import HIVE, NODE, Kind


@pytest.fixture(name="kind", scope="package", params=[NODE, HIVE], ids=lambda kind: kind.name)
def each_kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of router that is there."""
    chosen: Kind = request.param
    if not chosen.command():
        pytest.skip(f"no {chosen.name} of ours: router/hive/build makes it")
    return chosen
