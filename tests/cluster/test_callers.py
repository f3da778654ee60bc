"""Who may ask whom."""

import json

import pytest

from tests.cluster.inside import STRANGER
from tests.cluster.mesh import Mesh
from tilt.embedded.subgraphs import SUBGRAPHS

pytestmark = pytest.mark.cluster


async def test_pod_that_is_not_the_router_gets_no_answer(mesh: Mesh) -> None:
    for name in SUBGRAPHS:
        answers = json.loads(await mesh.kubectl.run_program("deployment/inventory-work", STRANGER, "http", name))
        assert answers["graphql"].startswith("HTTP 403"), f"{name}: {answers}"


async def test_pod_without_the_secret_commands_nobody(mesh: Mesh) -> None:
    answers = json.loads(await mesh.kubectl.run_program("deployment/inventory-work", STRANGER, "http", "inventory"))
    assert answers["grpc"].startswith("UNAUTHENTICATED"), answers
