"""Clients in JavaScript: each has a file of tests for Node's own runner, which are run against each kind of router."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.e2e.mesh import SESSION_MESH

pytestmark = SESSION_MESH

CLIENTS = sorted(file.name for file in Path(__file__).parent.glob("*.test.js"))


def test_there_are_clients_to_test() -> None:
    assert {"apollo.test.js", "audits.test.js", "codegen.test.js", "relay.test.js", "urql.test.js"} <= set(CLIENTS)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_gets_what_it_expects(client: str, address: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *("node", "--test", "--test-reporter=spec", client),
        cwd=Path(__file__).parent,
        env={**os.environ, "ROUTER_URL": address},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, output.decode()
