"""Secrets are changed while a subgraph serves, and no request fails for it."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest_asyncio

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import ServiceError, Unauthenticated
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.subgraphs import Running, eventually, fresh_environment, running
from tests.unit.shared.test_secrets import replace
from tests.unit.users.test_tokens import new_key, pem

NAMES = ("INVENTORY_DATABASE_URL", "ROUTER_SECRET", "RPC_SECRET")
PRODUCT = "0190a0a0-0000-7000-8000-000000000000"
MANY = 16


@dataclass(frozen=True)
class Rotating:
    """A subgraph whose secrets are files, and a connection of who may change its role."""

    subgraph: Running
    folder: Path
    administrator: asyncpg.Connection
    database_log: Path
    failures: list[dict[str, Any]] = field(default_factory=list)

    async def set_password(self, password: str, role: str = "inventory") -> None:
        """In the database alone."""
        await self.administrator.execute(f"ALTER ROLE {role} PASSWORD '{password}'")

    def write_login(self, password: str, user: str = "inventory") -> None:
        """In the file alone."""
        file = self.folder / "INVENTORY_DATABASE_URL"
        parts = urlsplit(file.read_text())
        replace(file, urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}")))

    async def asks(self) -> bool:
        """Whether a request is answered from the database; keeps what is wrong."""
        answer = await self.subgraph.entities("ProductVariant", [PRODUCT], "{ stock { available } }")
        if "errors" in answer:
            self.failures.append(answer)
        return "errors" not in answer

    async def works(self, requests: int = 1) -> bool:
        """Whether so many requests at once are all answered."""
        return all(await asyncio.gather(*(self.asks() for _ in range(requests))))

    def rejections(self) -> int:
        """How often the database has let nobody in."""
        return self.database_log.read_text().count('password authentication failed for user "inventory"')

    async def connections(self, user: str) -> int:
        """How many of its pool are a user's."""
        counting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = $1 AND application_name = 'inventory' AND usename = $2"
        )
        database = urlsplit((self.folder / "INVENTORY_DATABASE_URL").read_text()).path.lstrip("/")
        return int(await self.administrator.fetchval(counting, database, user))

    @contextlib.asynccontextmanager
    async def slow(self) -> AsyncIterator[None]:
        """No request is answered as long as the context lasts, so that each needs a connection of its own."""
        holder = await asyncpg.connect(self.subgraph.environment["INVENTORY_DATABASE_URL"])
        try:
            async with holder.transaction():
                await holder.execute("LOCK TABLE stock_items IN ACCESS EXCLUSIVE MODE")
                yield
        finally:
            await holder.close()

    @contextlib.asynccontextmanager
    async def load(self) -> AsyncIterator[None]:
        """One request after the other, as long as the context lasts."""
        ended = asyncio.Event()

        async def ask_on() -> None:
            while not ended.is_set():
                await self.asks()

        asking = asyncio.create_task(ask_on())
        try:
            yield
        finally:
            ended.set()
            await asking


@pytest_asyncio.fixture
async def rotating(backends: Backends, tmp_path: Path) -> AsyncIterator[Rotating]:
    """Inventory with a pool that begins with one connection."""
    environment = await fresh_environment(backends, "inventory", "kafka")
    for name in NAMES:
        (tmp_path / name).write_text(environment[name])
    public = {name: value for name, value in environment.items() if name not in NAMES} | {"SECRETS_DIR": str(tmp_path)}
    postgres = await backends.postgres()
    administrator = await asyncpg.connect(postgres.url())
    try:
        async with running("inventory", public, "serve") as subgraph:
            shown = Running("inventory", subgraph.process, environment, subgraph.http)
            yield Rotating(shown, tmp_path, administrator, postgres.log)
    finally:
        old = urlsplit(environment["INVENTORY_DATABASE_URL"]).password
        await administrator.execute(f"ALTER ROLE inventory PASSWORD '{old}'")
        await administrator.close()


async def test_a_changed_password_fails_no_request_though_connections_are_opened_before_its_file_is_there(
    rotating: Rotating,
) -> None:
    async with rotating.load():
        assert await rotating.works()
        before, rejections = await rotating.connections("inventory"), rotating.rejections()

        async def is_rejected() -> bool:
            return rotating.rejections() > rejections

        async with rotating.slow():
            await rotating.set_password(password := secrets.token_hex(8))
            crowd = asyncio.create_task(rotating.works(MANY))
            await eventually(is_rejected, "the crowd makes the pool open connections")
            rotating.write_login(password)
        assert await crowd
    assert rotating.failures == []
    assert await rotating.connections("inventory") > before, "connections were opened with the new password"


async def test_a_changed_user_fails_no_request(rotating: Rotating) -> None:
    user, password = f"inventory_{secrets.token_hex(4)}", secrets.token_hex(8)
    await rotating.administrator.execute(f"CREATE ROLE {user} LOGIN IN ROLE inventory PASSWORD '{password}'")
    async with rotating.load():
        assert await rotating.works()

        async def are_opened() -> bool:
            return await rotating.connections(user) > 0

        async with rotating.slow():
            rotating.write_login(password, user)
            await rotating.set_password("of nobody")
            crowd = asyncio.create_task(rotating.works(MANY))
            await eventually(are_opened, "connections opened since are the new user's")
        assert await crowd
    assert rotating.failures == []
    assert await rotating.connections("inventory") > 0, "connections that exist go on"


async def test_a_wrong_password_is_an_outage_that_ends_when_the_file_is_right(rotating: Rotating) -> None:
    await rotating.set_password("another")
    await rotating.administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'inventory'"
    )

    async def says_why() -> bool:
        answer = await rotating.subgraph.http.get("/health/ready")
        return answer.status_code == 503 and "password" in answer.json()["failures"].get("database", "")

    await eventually(says_why, "it is not ready and says why")
    assert not await rotating.asks()
    assert rotating.failures[0]["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    rotating.write_login("another")
    await eventually(rotating.works, "it works again without a restart")


async def test_the_secret_of_the_router_changes_with_both_good_meanwhile(rotating: Rotating) -> None:
    async def accepts(secret: str) -> bool:
        return "errors" not in await rotating.subgraph.graphql("{ __typename }", secret=secret)

    await changes_with_both_good_meanwhile(rotating.folder / "ROUTER_SECRET", accepts)


async def test_the_secret_between_subgraphs_changes_with_both_good_meanwhile(rotating: Rotating) -> None:
    address = rotating.subgraph.environment["INVENTORY_RPC_ADDRESS"]

    async def accepts(secret: str) -> bool:
        rpc = RpcClient(address, Secret(secret))
        request = pb.ReleaseRequest(idempotency_key=str(new_id()), order_id=str(new_id()))
        try:
            await rpc.call(pb_grpc.InventoryStub(rpc.channel).Release, request)
        except ServiceError as error:
            return not isinstance(error, Unauthenticated)
        finally:
            await rpc.close()
        return True

    await changes_with_both_good_meanwhile(rotating.folder / "RPC_SECRET", accepts)


def text_of(file: Path) -> str:
    return file.read_text()


async def changes_with_both_good_meanwhile(file: Path, accepts: Callable[[str], Awaitable[bool]]) -> None:
    old, new = text_of(file), secrets.token_hex(8)
    assert not await accepts(new)
    replace(file, f"{new}\n{old}\n")
    await eventually(lambda: accepts(new), "the new secret is good")
    assert await accepts(old)
    replace(file, new)

    async def rejects_the_old() -> bool:
        return not await accepts(old)

    await eventually(rejects_the_old, "the old secret is good no more")
    assert await accepts(new)


async def test_new_keys_of_users_are_published_beside_the_old_ones(backends: Backends, tmp_path: Path) -> None:
    environment = await fresh_environment(backends, "users", "kafka", "valkey")
    old, key_file = text_of(Path(environment["USERS_SIGNING_KEY_FILE"])), tmp_path / "keys.pem"
    replace(key_file, old)
    async with running("users", {**environment, "USERS_SIGNING_KEY_FILE": str(key_file)}, "serve") as users:

        async def published() -> list[str]:
            return [key["kid"] for key in (await users.http.get("/.well-known/jwks.json")).json()["keys"]]

        (before,) = await published()
        replace(key_file, pem(new_key()) + old)

        async def are_two() -> bool:
            return len(await published()) == 2

        await eventually(are_two, "both keys are published")
        assert (await published())[1] == before
