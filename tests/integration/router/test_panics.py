"""A document that makes Hive Router panic gets an answer, and nobody else notices.

Its guards keep those that are known from it, so they are off here.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import HIVE, ROUTER, Router, router_environment
from tests.integration.router.processes import router as running_router
from tests.integration.router.test_connections import connected, request
from tests.subgraphs import eventually

# Fragments within what is asked about the schema, for which 0.3.10 is not prepared.
# When it is: take another, or take this away.
PANICS = json.dumps({"query": "{ __schema { ... { queryType { name } } } # a secret\n}"}).encode()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "router.log"


@pytest.fixture(scope="module")
async def unguarded(
    doubles: Doubles, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory, log: Path
) -> AsyncIterator[Router]:
    if not HIVE.command():
        pytest.skip("no Hive Router of ours: router/hive/build makes it")
    configuration = tmp_path_factory.mktemp("configuration") / "router.config.yaml"
    guards = "enabled:\n      from_env: HIVE_ROUTER_GUARDS\n      default: false"
    configuration.write_text((ROUTER / "router.config.yaml").read_text().replace(guards, "enabled: false"))
    environment = router_environment(issuer.jwks_url, doubles) | {"ROUTER_CONFIG_FILE_PATH": str(configuration)}
    async with running_router(HIVE, environment, log) as router:
        yield router


async def test_a_document_that_makes_the_router_panic_gets_an_answer(unguarded: Router) -> None:
    async with connected(unguarded) as connection:
        for _ in range(3):
            connection.send(request(PANICS, x_correlation_id="the-first"))
            status, headers, body = await connection.answer()
            assert status == 500
            assert headers["content-type"] == "application/json; charset=utf-8"
            assert headers["x-correlation-id"] == "the-first"
            assert [error["extensions"]["code"] for error in json.loads(body)["errors"]] == ["INTERNAL"]
        connection.send(request())
        assert (await connection.answer())[0] == 200


async def test_requests_beside_one_that_panics_are_answered(unguarded: Router) -> None:
    async with connected(unguarded) as connection:
        connection.send(b"".join((request() + request(PANICS)) for _ in range(20)))
        assert [(await connection.answer())[0] for _ in range(40)] == [200, 500] * 20


async def test_the_log_tells_the_place_of_a_panic_and_whose_request_it_was(unguarded: Router, log: Path) -> None:
    async with connected(unguarded) as connection:
        connection.send(request(PANICS, x_correlation_id="the-last"))
        await connection.answer()

    async def told() -> bool:
        return '"place"' in content(log) and '"correlation_id":"the-last"' in content(log)

    await eventually(told, "the panic is told")
    assert "secret" not in content(log)


def content(log: Path) -> str:
    return log.read_text()
