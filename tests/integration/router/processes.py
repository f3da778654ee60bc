"""Routers and subgraph doubles as processes, and how tests talk to them."""

import asyncio
import contextlib
import functools
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.certificates import Certificates
from tests.subgraphs import START_SECONDS, STOP_SECONDS, eventually
from tilt.embedded.ports import free_port
from tilt.embedded.subgraphs import SUBGRAPHS

REPOSITORY = Path(__file__).parents[3]
ROUTER = REPOSITORY / "router"
SUPERGRAPH = REPOSITORY / "schema" / "supergraph.graphql"
FOLLOW_CERTIFICATES = REPOSITORY / "k8s" / "images" / "follow-certificates"
SECRET = "the-router-is-who-it-says"


@dataclass(frozen=True)
class Kind:
    """A kind of router. What clients see of both is the same."""

    name: str

    def command(self) -> list[str]:
        """How it is started in its folder; nothing where there is none."""
        if self.name == "node":
            return ["node", "src/main.js"]
        binary = our_hive_router()
        return [str(FOLLOW_CERTIFICATES), binary] if binary else []


NODE = Kind("node")
HIVE = Kind("hive-router")


@functools.cache
def our_hive_router() -> str | None:
    """Our build of Hive Router: what HIVE_ROUTER names, what was built from these sources, or what is on the PATH.

    A stock binary keeps less of the contract than these tests ask for.
    """
    if named := os.environ.get("HIVE_ROUTER"):
        return named
    built = subprocess.run([ROUTER / "hive" / "build", "--built"], capture_output=True, text=True, check=False)
    return built.stdout.strip() or shutil.which("mercato-router")


@dataclass
class Double:
    """A subgraph's double; `http` reaches its own process, past the router."""

    name: str
    url: str
    process: asyncio.subprocess.Process
    http: httpx.AsyncClient

    async def received(self) -> list[dict[str, Any]]:
        requests: list[dict[str, Any]] = (await self.http.get("/received")).json()
        return requests

    async def forget(self) -> None:
        await self.http.delete("/received")

    async def release(self) -> None:
        await self.http.post("/release")


@dataclass
class Router:
    """A router's process."""

    kind: Kind
    process: asyncio.subprocess.Process
    http: httpx.AsyncClient
    metrics_url: str

    async def ask(
        self, query: str, token: str | None = None, *, order_token: str | None = None, **variables: Any
    ) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if order_token is not None:
            headers["x-order-token"] = order_token
        response = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        answer: dict[str, Any] = response.json()
        return answer


def assert_mistake(answer: Mapping[str, Any]) -> None:
    """The document was refused as a mistake of its own, before anything was executed."""
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


@contextlib.asynccontextmanager
async def double(name: str, port: int | None = None, certificates: Certificates | None = None) -> AsyncIterator[Double]:
    """Starts the double of a subgraph and waits until it answers; with certificates, those who have one too."""
    port = port or free_port()
    address = f"{'https' if certificates else 'http'}://127.0.0.1:{port}"
    environment = {"TLS_DIR": str(certificates.of(name))} if certificates else {}
    program = (sys.executable, "-m", "tests.integration.router.subgraph_double", name, str(port))
    process = await asyncio.create_subprocess_exec(*program, cwd=REPOSITORY, env={**os.environ, **environment})
    trusted = certificates.context("test") if certificates else True
    async with stopping(process), client(address, trusted) as http:
        await eventually(lambda: answers(http, "/received", process), f"the double of {name} answers", START_SECONDS)
        yield Double(name, address, process, http)


@contextlib.asynccontextmanager
async def router(kind: Kind, environment: Mapping[str, str], log: Path | None = None) -> AsyncIterator[Router]:
    """Starts a router and waits until it serves; what it says goes to ``log``, if there is one."""
    with contextlib.ExitStack() as files:
        output = files.enter_context(log.open("w")) if log else None
        process = await asyncio.create_subprocess_exec(
            *kind.command(), cwd=ROUTER, env={**os.environ, **environment}, stdout=output, stderr=output
        )
    address = f"http://127.0.0.1:{environment['ROUTER_PORT']}"
    async with stopping(process), client(address) as http:
        await eventually(lambda: answers(http, "/readiness", process), f"{kind.name} serves", START_SECONDS)
        yield Router(kind, process, http, f"http://127.0.0.1:{environment['ROUTER_METRICS_PORT']}/metrics")


def router_environment(jwks_url: str, doubles: Mapping[str, Double]) -> dict[str, str]:
    """The environment of a router in front of doubles; nobody listens where the other subgraphs should be."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    urls = {f"{name.upper()}_URL": doubles[name].url if name in doubles else nowhere for name in SUBGRAPHS}
    own = {"ROUTER_HOST": "127.0.0.1", "ROUTER_SECRET": SECRET, "LOG_LEVEL": "ERROR"}
    ports = {"ROUTER_PORT": str(free_port()), "ROUTER_METRICS_PORT": str(free_port())}
    return {**urls, **own, **ports, "JWKS_URL": jwks_url, "SUPERGRAPH_FILE": str(SUPERGRAPH)}


def client(address: str, trusted: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, timeout=30, verify=trusted)


async def answers(http: httpx.AsyncClient, path: str, process: asyncio.subprocess.Process) -> bool:
    assert process.returncode is None, f"the process ended with status {process.returncode}"
    try:
        return (await http.get(path)).status_code == 200
    except httpx.TransportError:
        return False


@contextlib.asynccontextmanager
async def stopping(process: asyncio.subprocess.Process) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
