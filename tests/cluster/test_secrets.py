"""scripts/secrets makes what a namespace lacks, changes nothing that is there, and rotates with an overlap."""

import base64
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cluster.kubectl import CommandError, Kubectl, output_of
from tests.cluster.overlay import REPOSITORY
from tilt.embedded.subgraphs import SUBGRAPHS

pytestmark = pytest.mark.cluster

NAMESPACE = "mercato-secrets"
Values = dict[str, dict[str, str]]


@pytest_asyncio.fixture
async def empty() -> AsyncIterator[Kubectl]:
    """A namespace without a secret."""
    kubectl = Kubectl(NAMESPACE)
    await kubectl.run("delete", "namespace", NAMESPACE, "--ignore-not-found")
    await kubectl.run("create", "namespace", NAMESPACE)
    yield kubectl
    await kubectl.run("delete", "namespace", NAMESPACE)


async def secrets(*arguments: str, **environment: str) -> str:
    script = str(REPOSITORY / "scripts" / "secrets")
    return await output_of(script, "--namespace", NAMESPACE, *arguments, environment=environment)


async def values(kubectl: Kubectl) -> Values:
    found = await kubectl.items("secrets")
    return {
        each["metadata"]["name"]: {key: base64.b64decode(value).decode() for key, value in each["data"].items()}
        for each in found
    }


async def test_everything_is_made_once_and_told_without_its_value(empty: Kubectl) -> None:
    said = await secrets("--development")
    made = await values(empty)
    assert set(made) == {"mesh", "router", "postgres", *SUBGRAPHS}
    assert made["router"]["ROUTER_SECRET"] == made["mesh"]["ROUTER_SECRET"]
    assert made["orders"]["ORDERS_DATABASE_URL"].startswith("postgres://orders:")
    assert made["orders"]["ORDERS_DATABASE_URL"].endswith("@postgres:5432/orders")
    assert made["users"]["USERS_SIGNING_KEY"].startswith("-----BEGIN PRIVATE KEY-----")
    assert said.count("made ") == sum(map(len, made.values()))
    assert not [value for keys in made.values() for value in keys.values() if value in said]
    assert await secrets("--development") == ""
    assert await values(empty) == made


async def test_what_is_missing_is_named_before_anything_is_made(empty: Kubectl) -> None:
    with pytest.raises(CommandError, match="set in the environment: STRIPE_API_KEY STRIPE_WEBHOOK_SECRET SMTP_URL"):
        await secrets(STRIPE_API_KEY="", STRIPE_WEBHOOK_SECRET="", SMTP_URL="")
    assert await values(empty) == {}


async def test_keys_of_providers_come_from_the_environment_and_databases_can_be_apart(empty: Kubectl) -> None:
    given = {
        "STRIPE_API_KEY": "sk_live_1",
        "STRIPE_WEBHOOK_SECRET": "whsec_1",
        "SMTP_URL": "smtps://user:word@mail.example.com",
    }
    await secrets("--postgres-per-subgraph", **given)
    made = await values(empty)
    assert made["payments"].items() >= {"STRIPE_API_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}.items()
    assert made["notifications"]["SMTP_URL"] == given["SMTP_URL"]
    assert made["orders"]["ORDERS_DATABASE_URL"].endswith("@orders-postgres:5432/orders")
    assert set(made) >= {f"{name}-postgres" for name in SUBGRAPHS}


async def test_a_secret_between_subgraphs_changes_in_three_steps(empty: Kubectl) -> None:
    await secrets("--development")
    lines = [await _rpc_lines(empty)]
    for step in ("add", "switch", "finish"):
        await secrets("rotate", "rpc", step)
        lines.append(await _rpc_lines(empty))
    (old,), added, switched, finished = lines
    new = added[1]
    assert (added, switched, finished) == ([old, new], [new, old], [new])
    assert old != new


async def test_steps_out_of_turn_are_refused(empty: Kubectl) -> None:
    await secrets("--development")
    with pytest.raises(CommandError, match="RPC_SECRET has one line: begin with add"):
        await secrets("rotate", "rpc", "finish")
    await secrets("rotate", "rpc", "add")
    with pytest.raises(CommandError, match="changes already: go on with switch or finish"):
        await secrets("rotate", "rpc", "add")


async def test_a_database_gets_a_new_password_and_keeps_its_address(empty: Kubectl) -> None:
    await secrets("--development")
    before = (await values(empty))["orders"]["ORDERS_DATABASE_URL"]
    await secrets("rotate", "database", "orders")
    after = (await values(empty))["orders"]["ORDERS_DATABASE_URL"]
    assert before != after
    assert before.rpartition("@")[2] == after.rpartition("@")[2]
    with pytest.raises(CommandError, match="rotate the database of whom"):
        await secrets("rotate", "database", "nobody")


async def test_a_namespace_that_is_not_there_is_named() -> None:
    script = str(REPOSITORY / "scripts" / "secrets")
    with pytest.raises(CommandError, match="no namespace nowhere here"):
        await output_of(script, "--namespace", "nowhere", "--development", environment={"PATH": os.environ["PATH"]})


async def _rpc_lines(kubectl: Kubectl) -> list[str]:
    return (await values(kubectl))["mesh"]["RPC_SECRET"].splitlines()
