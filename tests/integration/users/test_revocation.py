"""What follows when a session ends before its time: an event, a number, and access tokens that open nothing."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from shared.security.revocations import RevokedSessions
from subgraphs.users.domain.tokens import REFRESH_GRACE
from tests.backends import Backends
from tests.contracts import assert_matches_contract
from tests.integration.users.conftest import CHEAP_PASSWORDS
from tests.integration.users.shoppers import REFRESH, Shop, Shopper, codes
from tests.integration.users.test_sessions import EVERYWHERE, LOG_OUT, REVOKE, is_good, refused, sessions_of
from tests.subgraphs import eventually, fresh_environment, running
from tilt.embedded.backends import Valkey
from tilt.embedded.ports import free_port, free_ports


async def log_out(shop: Shop, shopper: Shopper) -> None:
    assert "errors" not in await shop.process.graphql(LOG_OUT, token=shopper.token)


async def log_out_everywhere(shop: Shop, shopper: Shopper) -> None:
    assert (await shop.mutate(EVERYWHERE, shopper.token))["endedCount"] == 1


async def revoke(shop: Shop, shopper: Shopper) -> None:
    (own,) = await sessions_of(shop, shopper.token)
    assert codes(await shop.mutate(REVOKE, shopper.token, id=own["id"])) == []


async def steal(shop: Shop, shopper: Shopper) -> None:
    """Its first refresh token comes again, long after its use."""
    assert await is_good(shop, shopper.refresh_token)
    await shop.sql("UPDATE refresh_tokens SET used_at = used_at - $1::interval", REFRESH_GRACE)
    assert codes(await shop.mutate(REFRESH, refreshToken=shopper.refresh_token)) == ["REFRESH_TOKEN_INVALID"]


WAYS = {"LOGGED_OUT": log_out, "LOGGED_OUT_EVERYWHERE": log_out_everywhere, "REVOKED": revoke, "REUSED": steal}


@pytest.mark.parametrize(("reason", "end"), WAYS.items(), ids=WAYS)
async def test_a_session_that_ends_is_told_of_and_its_access_tokens_are_refused(
    shop: Shop, reason: str, end: Callable[[Shop, Shopper], Awaitable[None]]
) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    (session,) = await sessions_of(shop, ada.token)
    ended_before = await shop.process.metric("mercato_users_sessions_revoked_total", reason=reason)
    await end(shop, ada)
    await eventually(lambda: refused(shop, ada.token), "the access token is refused")
    assert not await refused(shop, bob.token)
    told = await revocation_of(shop, ada)
    assert told.items() >= {"userId": ada.id, "sessionId": session["id"], "reason": reason}.items()
    assert await shop.process.metric("mercato_users_sessions_revoked_total", reason=reason) == ended_before + 1


async def revocation_of(shop: Shop, shopper: Shopper) -> dict[str, Any]:
    """What ``SessionRevoked`` says of a shopper's session."""
    servers = shop.process.environment["KAFKA_BOOTSTRAP_SERVERS"]
    consumer = AIOKafkaConsumer("users.user.v1", bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async for message in consumer:
            kind = dict(message.headers)["ce_type"]
            if (message.key, kind) == (shopper.id.encode(), b"mercato.users.SessionRevoked"):
                assert_matches_contract("users", message)
                return dict(json.loads(message.value))
    finally:
        await consumer.stop()
    raise AssertionError("a consumer goes on")


async def test_what_is_begun_and_refreshed_is_counted(shop: Shop) -> None:
    async def counted() -> list[float]:
        exchanges = [
            await shop.process.metric("mercato_users_sessions_refreshed_total", exchange=exchange)
            for exchange in ("first", "in_grace")
        ]
        return [await shop.process.metric("mercato_users_sessions_begun_total"), *exchanges]

    before = await counted()
    ada = await shop.shopper()
    for _ in range(3):
        assert await is_good(shop, ada.refresh_token)
    assert [after - earlier for after, earlier in zip(await counted(), before, strict=True)] == [1, 1, 2]


@asynccontextmanager
async def shop_with(backends: Backends, valkey: Valkey) -> AsyncIterator[Shop]:
    """Users of its own, with a Valkey that may go away."""
    environment = await fresh_environment(backends, "users", "kafka")
    port, grpc_port = free_ports(2)
    environment |= {"USERS_PORT": str(port), "USERS_GRPC_PORT": str(grpc_port), "USERS_URL": f"http://127.0.0.1:{port}"}
    environment |= {"REDIS_URL": valkey.url, "JWKS_URL": f"http://127.0.0.1:{port}/.well-known/jwks.json"}
    async with running("users", {**environment, **CHEAP_PASSWORDS}) as process:
        yield Shop(process)


async def test_what_valkey_was_not_told_or_has_lost_is_told_again(backends: Backends, tmp_path: Path) -> None:
    port = free_port()
    valkey, emptied = [Valkey(port, tmp_path / name, tmp_path / f"{name}.log") for name in ("valkey", "emptied")]
    await valkey.start()
    await valkey.wait_healthy()
    async with shop_with(backends, valkey) as shop:
        ada, bob = await shop.shopper(), await shop.shopper()
        await log_out(shop, ada)
        await valkey.stop()
        await log_out(shop, bob)
        await emptied.start()
        await emptied.wait_healthy()
        for shopper in (ada, bob):
            await eventually(lambda its=shopper: refused(shop, its.token), "the access token is refused")  # type: ignore[misc]
        revoked = RevokedSessions(emptied.url)
        assert len(await revoked.added_since(0)) == 2, "also of whom nobody needs to be told any more"
        await revoked.close()
    await emptied.stop()
