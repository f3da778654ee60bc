"""Revoked sessions on a real Valkey, and what inventory answers to who has one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from redis.asyncio import Redis

from shared.ids import new_id
from shared.security.revocations import RevokedSessions
from tests.backends import Backends
from tests.identity import Issuer
from tests.subgraphs import Running, eventually, fresh_environment, running
from tilt.embedded.backends import Valkey
from tilt.embedded.ports import free_port

ME = "{ warehouses { code } }"
SET_POLICY = "mutation ($input: StockSetPolicyInput!) { stockSetPolicy(input: $input) { errors { code } } }"
POLICY = {"input": {"variantId": str(new_id()), "lowStockThreshold": 3}}
SCOPE = "inventory:read inventory:write"


@pytest_asyncio.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[Valkey]:
    """One of the test's own, to be stopped and started."""
    valkey = Valkey(free_port(), tmp_path / "valkey", tmp_path / "valkey.log")
    await valkey.start()
    await valkey.wait_healthy()
    yield valkey
    await valkey.stop()


async def test_a_session_is_on_the_list_from_when_it_was_added(valkey: Valkey) -> None:
    revoked, (first, second, other) = RevokedSessions(valkey.url), [new_id() for _ in range(3)]
    await revoked.add([])
    assert await revoked.added_since(0) == []
    await revoked.add([first])
    ((_, added),) = await revoked.added_since(0)
    await revoked.add([first, second])
    assert dict(await revoked.added_since(0))[first] == added, "what is told once more is no news"
    assert [session_id for session_id, _ in await revoked.added_since(added + 1)] == [second]
    assert [await revoked.holds(session_id) for session_id in (first, second, other)] == [True, True, False]
    await revoked.close()


async def test_what_is_older_than_any_access_token_leaves_the_list(valkey: Valkey) -> None:
    revoked, (old, new) = RevokedSessions(valkey.url), (new_id(), new_id())
    await revoked.add([old])
    async with Redis.from_url(valkey.url) as client:
        (key,) = await client.keys()
        await client.zincrby(key, -700 * 1_000_000, old.bytes)
        await revoked.add([new])
        assert await client.zrange(key, 0, -1) == [new.bytes]
        assert 600 < await client.ttl(key) <= 660
    await revoked.close()


async def test_ten_thousand_that_are_revoked_at_once_are_all_on_the_list(valkey: Valkey) -> None:
    revoked, sessions = RevokedSessions(valkey.url), [new_id() for _ in range(10_000)]
    await revoked.add(sessions)
    assert {session_id for session_id, _ in await revoked.added_since(0)} == set(sessions)
    await revoked.close()


async def test_a_revoked_session_is_refused_and_without_valkey_nothing_is_done_but_reads(
    backends: Backends, issuer: Issuer, valkey: Valkey
) -> None:
    environment = await fresh_environment(backends, "inventory")
    own = {"JWKS_URL": issuer.jwks_url, "REDIS_URL": valkey.url}
    revoked, sessions = RevokedSessions(valkey.url), [new_id() for _ in range(2)]
    tokens = [issuer.token(scope=SCOPE, sid=str(session_id)) for session_id in sessions]
    async with running("inventory", {**environment, **own}, "serve") as process:
        assert [await answer(process, token) for token in tokens] == [("", "VARIANT_NOT_FOUND")] * 2
        await revoked.add(sessions[:1])
        assert (await answer(process, tokens[0]))[1] == "UNAUTHENTICATED", "it asks the list itself"
        await eventually(lambda: reads(process, tokens[0], "UNAUTHENTICATED"), "reads are refused too")
        assert await answer(process, tokens[1]) == ("", "VARIANT_NOT_FOUND")
        await valkey.stop()
        assert await answer(process, tokens[1]) == ("", "UNAVAILABLE")
        assert (await answer(process, tokens[0]))[0] == "UNAUTHENTICATED", "what was known stays known"
        await valkey.start()
        await valkey.wait_healthy()
        await eventually(lambda: writes(process, tokens[1], "VARIANT_NOT_FOUND"), "it goes on")
    await revoked.close()


async def answer(process: Running, token: str) -> tuple[str, str]:
    """The codes that a read and a write are answered with."""
    read, written = await asyncio.gather(
        process.graphql(ME, token=token), process.graphql(SET_POLICY, POLICY, token=token)
    )
    return code(read), code(written)


async def reads(process: Running, token: str, expected: str) -> bool:
    return (await answer(process, token))[0] == expected


async def writes(process: Running, token: str, expected: str) -> bool:
    return (await answer(process, token))[1] == expected


def code(answered: dict[str, Any]) -> str:
    if errors := answered.get("errors"):
        found: str = errors[0]["extensions"]["code"]
        return found
    (payload,) = answered["data"].values()
    problems = payload["errors"] if isinstance(payload, dict) else []
    return problems[0]["code"] if problems else ""
