"""What probes are told, and the log."""

import asyncio
import contextlib

import httpx
import pytest
from starlette.applications import Starlette

from shared.runtime.health import Health
from tests.subgraphs import eventually


def probing(health: Health) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=health.routes())), base_url="http://pod")


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
    return probing(health)


async def test_what_keeps_it_from_being_ready_is_logged_when_it_changes(
    probe: httpx.AsyncClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "shared.runtime.health")
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


async def test_checks_run_side_by_side_and_the_one_that_hangs_is_named() -> None:
    health, seen = Health(0.1), list[str]()
    both = asyncio.Barrier(2)

    async def meets() -> None:
        await both.wait()
        seen.append("met")

    async def hangs() -> None:
        await asyncio.Event().wait()

    health.waiting_for = ""
    health.checks |= {"first": meets, "hanging": hangs, "second": meets}
    async with asyncio.timeout(30):
        answer = await probing(health).get("/health/ready")
    assert answer.json()["failures"] == {"hanging": "no answer within 0.1 s"}
    assert seen == ["met", "met"]


async def test_a_check_that_does_not_hear_of_its_end_is_begun_once_and_named_each_time() -> None:
    health, begun, released = Health(0.1), list[str](), asyncio.Event()

    async def deaf() -> None:
        begun.append("once")
        while not released.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await released.wait()

    health.waiting_for = ""
    health.checks["deaf"] = deaf
    for _ in range(3):
        answer = await probing(health).get("/health/ready")
        assert answer.json()["failures"] == {"deaf": "no answer within 0.1 s"}
    assert begun == ["once"]
    released.set()

    async def ready() -> bool:
        return (await probing(health).get("/health/ready")).status_code == 200

    await eventually(ready, "it is ready once the check has ended")


async def test_two_probes_at_once_are_answered_alike() -> None:
    health = Health()

    async def away() -> None:
        await asyncio.sleep(0)
        raise ConnectionError("away")

    health.waiting_for = ""
    health.checks["database"] = away
    answers = await asyncio.gather(*(probing(health).get("/health/ready") for _ in range(5)))
    assert [answer.json()["failures"] for answer in answers] == [{"database": "ConnectionError: away"}] * 5
