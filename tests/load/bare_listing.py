"""How fast products lists 20 products, as a share of what the same page costs without GraphQL.

Both servers are one uvicorn worker on the same database,
asked in turns for pages that begin at a different product each time.
"""

import asyncio
import base64
import contextlib
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from tests.backends import Backends
from tests.load.bare_endpoint import EPOCH, PAGE
from tests.load.report import Row, show
from tests.subgraphs import eventually, fresh_environment, running
from tilt.embedded.credentials import load_credentials
from tilt.embedded.environment import mesh_environment
from tilt.embedded.ports import free_ports
from tilt.embedded.settings import Settings

PRODUCTS = 2_000
PAGES = 1_000
CONCURRENCY = 16
SECONDS = 6.0
ROUNDS = 3

LISTING = """query Listing($first: Int!, $after: String) {
  products(first: $first, after: $after) {
    nodes { id slug title createdAt priceRange { min { amount currency } } category { name } }
    pageInfo { hasNextPage }
  }
}"""

Place = tuple[int, str]  # a product's creation in microseconds, and its id


@dataclass(frozen=True)
class Target:
    """A server under load and what it is asked."""

    name: str
    url: str
    path: str
    bodies: Sequence[Mapping[str, Any]]
    headers: Mapping[str, str]

    @property
    def requests(self) -> list[str]:
        """Whole HTTP requests, ready to be sent."""
        return [self._request(json.dumps(body)) for body in self.bodies]

    def _request(self, body: str) -> str:
        headers = {
            "host": "localhost",
            "content-type": "application/json",
            "content-length": str(len(body)),
            **self.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {self.path} HTTP/1.1\r\n{lines}\r\n{body}"

    async def first_titles(self) -> list[str]:
        """The titles that the first request is answered with."""
        async with httpx.AsyncClient() as http:
            answer = (await http.post(self.url + self.path, json=self.bodies[0], headers=self.headers)).json()
        page = answer["data"]["products"] if "data" in answer else answer
        return [node["title"] for node in page["nodes"]]


async def listing(settings: Settings) -> list[Row]:
    """Measures products of the running mesh."""
    return await _measured(mesh_environment(settings, load_credentials(settings)))


async def main() -> None:
    """Measures a products of its own, on a Postgres of its own."""
    with tempfile.TemporaryDirectory(prefix="mercato-load-") as folder:
        backends = Backends(Path(folder))
        try:
            environment = await fresh_environment(backends, "products")
            await _seed(environment)
            async with running("products", environment, "serve"):
                show(await _measured(environment))
        finally:
            await backends.stop()


async def _measured(environment: Mapping[str, str]) -> list[Row]:
    async with _bare(environment) as bare_url:
        targets = await _targets(environment, bare_url)
        titles = [await target.first_titles() for target in targets]
        if len(titles[0]) != PAGE or titles[0] != titles[1]:
            raise RuntimeError(f"both must answer the same page: {titles}")
        rounds = [[await _rate(target) for target in targets] for _ in range(ROUNDS)]
    subgraph, bare = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    return [
        Row(f"listing of {PAGE}, products alone, c={CONCURRENCY}", f"{subgraph:.0f} rps", ""),
        Row("  the same page without GraphQL", f"{bare:.0f} rps", ""),
        Row("  ratio", f"{subgraph / bare:.1%}", ">= 20%"),
    ]


async def _targets(environment: Mapping[str, str], bare_url: str) -> list[Target]:
    places = await _places(environment["PRODUCTS_DATABASE_URL"])
    graphql = [{"query": LISTING, "variables": {"first": PAGE, "after": _cursor(place)}} for place in places]
    bare = [{"created_at": created_at, "id": product_id} for created_at, product_id in places]
    secret = {"x-router-secret": environment["ROUTER_SECRET"]}
    return [
        Target("products", environment["PRODUCTS_URL"], "/graphql", graphql, secret),
        Target("bare", bare_url, "/listing", bare, {}),
    ]


async def _places(database_url: str) -> list[Place]:
    """Where the pages begin: spread over the whole list, but for its end, where pages are short."""
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT created_at, id FROM products ORDER BY created_at DESC, id DESC")
    await connection.close()
    return [
        (int((row["created_at"] - EPOCH).total_seconds()) * 1_000_000, str(row["id"])) for row in rows[: -PAGE - 1]
    ][:PAGES]


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(["NEWEST", *place]).encode()).decode().rstrip("=")


async def _rate(target: Target) -> float:
    """Requests a second, from a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(target.requests, file)
        file.flush()
        url = httpx.URL(target.url)
        arguments = (url.host, str(url.port), file.name, str(CONCURRENCY), str(SECONDS))
        hammer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.load.hammer", *arguments, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await hammer.communicate()
    summary = json.loads(output)
    if summary["failures"]:
        raise RuntimeError(f"{target.name}: {summary}")
    rate: float = summary["rps"]
    return rate


async def _seed(environment: Mapping[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "subgraphs.products",
        "seed",
        "--products",
        str(PRODUCTS),
        env={**os.environ, **environment},
    )
    assert await process.wait() == 0


@contextlib.asynccontextmanager
async def _bare(environment: Mapping[str, str]) -> AsyncIterator[str]:
    (port,) = free_ports(1)
    arguments = (
        "tests.load.bare_endpoint:app",
        "--port",
        str(port),
        "--http",
        "httptools",
        "--loop",
        "uvloop",
        "--no-access-log",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", *arguments, "--log-level", "warning", env={**os.environ, **environment}
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await eventually(lambda: _answers(url), "the bare endpoint answers")
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _answers(url: str) -> bool:
    async with httpx.AsyncClient() as http:
        try:
            return (await http.get(url)).status_code == 404
        except httpx.TransportError:
            return False


if __name__ == "__main__":
    asyncio.run(main())
