"""What probes are told, and the log."""

import httpx
import pytest
from starlette.applications import Starlette

from shared.health import Health


class Database:
    """Something that is needed, and away for a reason until there is none."""

    reason = ""

    async def require(self) -> None:
        if self.reason:
            raise ConnectionError(self.reason)


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def probe(database: Database) -> httpx.AsyncClient:
    health = Health()
    health.checks["database"] = database.require
    health.waiting_for = ""
    return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=health.routes())), base_url="http://pod")


async def test_what_keeps_it_from_being_ready_is_logged_when_it_changes(
    probe: httpx.AsyncClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "shared.health")
    for reason in ("", "away", "away", "full", "", ""):
        database.reason = reason
        answer = await probe.get("/health/ready")
        assert answer.status_code == (503 if reason else 200)
        assert answer.json()["failures"] == ({"database": f"ConnectionError: {reason}"} if reason else {})
    assert caplog.messages == [
        "not ready: database: ConnectionError: away",
        "not ready: database: ConnectionError: full",
        "ready again",
    ]
