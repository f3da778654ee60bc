"""The whole mesh with a router, all that it says, and who of it is still alive."""

import asyncio
import contextlib
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from tests.backends import Backends
from tests.e2e.mesh import Mesh, started_mesh
from tests.e2e.shopper import REGISTER
from tests.integration.router.processes import Kind, Router
from tests.integration.router.processes import router as running_router
from tests.security.campaign import MOST_GROWN_MB, Outcome, Target, tried
from tests.security.hostile.case import Case
from tests.security.hostile.terrain import Terrain
from tests.security.measuring import Meter

SCOPES = "orders:read orders:cancel orders:refund orders:retry orders:ship inventory:read inventory:write payments:read"
LISTING = """{ products(first: 20) { nodes { id title category { id name }
  defaultVariant { id price { amount } stock { available } } } } }"""
WARM_UPS = 60
# What one guess of a password costs is a setting of the operator's, more than any other request by intent. With the
# smallest it does not hide how many guesses a request can have.
CHEAP_GUESSES = {"USERS_ARGON2_PASSES": "1", "USERS_ARGON2_MEMORY_KIB": "8192", "USERS_ARGON2_LANES": "1"}


@dataclass
class Besieged:
    """Everything that a request can reach."""

    mesh: Mesh
    postgres_pid: int
    kind: Kind
    router: Router
    context: AbstractAsyncContextManager[Router]
    logs: Path
    staff_token: str = ""
    died: list[str] = field(default_factory=list)

    def meter(self) -> Meter:
        """Measures all processes as they are now."""
        pids = {name: each.process.pid for name, each in self.mesh.running.items()}
        return Meter({self.kind.name: self.router.process.pid, **pids, "postgres": self.postgres_pid})

    def target(self, name: str) -> Target:
        """The router, or a subgraph as its router would ask it."""
        if name == self.kind.name:
            return Target(name, str(self.router.http.base_url), staff_token=self.staff_token)
        secret = {"x-router-secret": self.mesh.environment["ROUTER_SECRET"]}
        return Target(name, self.mesh.environment[f"{name.upper()}_URL"], secret, self.staff_token)

    async def withstands(self, name: str, case: Case) -> Outcome:
        """What a case comes to, sent to the router or a subgraph.

        Whoever dies of it or hangs is named and started anew.

        Whether memory has grown by the case or by chance, as it does where garbage is collected late,
        a fresh process says.
        """
        outcome = await tried(self.target(name), case, self.meter())
        if not outcome.complaints():
            return outcome
        hurt = await self.hurt()
        self.died += hurt
        for each in hurt:
            await self.restart(each)
        if not hurt and outcome.spent.grown_mb > MOST_GROWN_MB and outcome.spent.grown_of != "postgres":
            await self.restart(outcome.spent.grown_of)
            again = await tried(self.target(name), case, self.meter())
            return min(outcome, again, key=lambda each: each.spent.grown_mb)
        return replace(outcome, hurt=tuple(hurt))

    async def hurt(self) -> list[str]:
        """Those that have died or do not answer any more."""
        everyone = {
            self.kind.name: self.router.process,
            **{name: each.process for name, each in self.mesh.running.items()},
        }
        return [
            name
            for name, process in everyone.items()
            if process.returncode is not None or not await self._answers(name)
        ]

    async def restart(self, name: str) -> None:
        """Ends what hangs, and starts it anew; a warm one, as those are that were asked for a while."""
        process = self.router.process if name == self.kind.name else self.mesh.running[name].process
        _kill(process)
        await process.wait()
        if name == self.kind.name:
            await self.context.__aexit__(None, None, None)
            await self.start_router()
        else:
            await self.mesh.stop(name)
            await self.mesh.start(name)
        await self.warm_up()

    async def exchange_router(self, kind: Kind) -> None:
        """Puts another kind of router before the same mesh."""
        await self.context.__aexit__(None, None, None)
        self.kind = kind
        await self.start_router()
        await self.warm_up()

    async def start_router(self) -> None:
        """Starts a router of the kind."""
        self.context = running_router(
            self.kind, self.mesh.environment, self.logs / f"{self.kind.name}-{secrets.token_hex(3)}.log"
        )
        self.router = await self.context.__aenter__()

    async def ground(self, name: str) -> Terrain:
        """What there is to attack at the router or a subgraph."""
        products = (await self.warm_up())["products"]["nodes"]
        known = {
            "Product": [product["id"] for product in products],
            "Category": [product["category"]["id"] for product in products],
            "ProductVariant": [product["defaultVariant"]["id"] for product in products],
        }
        return Terrain(None if name == self.kind.name else name, known)

    async def warm_up(self) -> dict[str, Any]:
        """Asks as shoppers do until what is compiled late is compiled; returns what the shop lists."""
        for _ in range(WARM_UPS):
            answer = await self.router.ask(LISTING)
        for each in self.mesh.running.values():
            for _ in range(WARM_UPS):
                await each.graphql("{ __typename _service { __typename } }")
        data: dict[str, Any] = answer["data"]
        return data

    async def _answers(self, name: str) -> bool:
        http = self.router.http if name == self.kind.name else self.mesh.running[name].http
        path = "/readiness" if name == self.kind.name else "/health/ready"
        with contextlib.suppress(Exception):
            return (await http.get(path, timeout=5)).status_code == 200
        return False


@contextlib.asynccontextmanager
async def besieged(backends: Backends, kind: Kind, logs: Path) -> AsyncIterator[Besieged]:
    """Starts everything, with somebody who has all scopes."""
    async with (
        started_mesh(backends, logs, **CHEAP_GUESSES) as mesh,
        besieged_behind(mesh, backends, kind, logs) as everything,
    ):
        yield everything


@contextlib.asynccontextmanager
async def besieged_behind(mesh: Mesh, backends: Backends, kind: Kind, logs: Path) -> AsyncIterator[Besieged]:
    """A router of a kind in front of a mesh."""
    context = running_router(kind, mesh.environment, logs / f"{kind.name}.log")
    postgres = (await backends.postgres()).process.pid
    assert postgres is not None
    everything = Besieged(mesh, postgres, kind, await context.__aenter__(), context, logs)
    try:
        everything.staff_token = await _staff_token(everything.router, mesh.environment)
        await everything.warm_up()
        yield everything
    finally:
        await everything.context.__aexit__(None, None, None)


async def _staff_token(router: Router, environment: Mapping[str, str]) -> str:
    """The token of an account with all scopes, as a developer makes one."""
    email = f"{secrets.token_hex(6)}@example.com"
    answer = await router.ask(REGISTER, input={"email": email, "password": secrets.token_urlsafe(12), "name": "Staff"})
    assert "errors" not in answer, answer
    command = (
        sys.executable,
        "-m",
        "subgraphs.users",
        "token",
        "--email",
        email,
        "--scope",
        SCOPES,
        "--expires-in",
        "36000",
    )
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().strip()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in (*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)):
            each.kill()
