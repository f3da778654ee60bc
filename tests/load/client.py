"""A load generator's client: bounded in count and time, cheap enough not to be what is measured."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Measured:
    """What a run of requests took; durations in seconds."""

    count: int
    elapsed: float
    durations: list[float]

    @property
    def per_second(self) -> float:
        """Requests a second, all clients together."""
        return self.count / self.elapsed

    def percentile(self, share: float) -> float:
        """The duration that this share of the requests did not exceed."""
        return sorted(self.durations)[min(len(self.durations) - 1, int(len(self.durations) * share))]


class GraphQLClient:
    """Asks a router, or a subgraph as its router would."""

    def __init__(self, session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> None:
        self._session = session
        self._url = url
        self._headers = {"content-type": "application/json", **headers}

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """The answer's data.

        Raises:
            RuntimeError: when the answer holds errors: a failed request must not count as a fast one.
        """
        headers = {**self._headers, "authorization": f"Bearer {token}"} if token else self._headers
        body = orjson.dumps({"query": query, "variables": variables})
        async with self._session.post(self._url, data=body, headers=headers) as response:
            answer = orjson.loads(await response.read())
        if answer.get("errors"):
            raise RuntimeError(answer["errors"][0]["message"])
        data: dict[str, Any] = answer["data"]
        return data


@asynccontextmanager
async def graphql_client(url: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[GraphQLClient]:
    """A client with connections of its own."""
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        yield GraphQLClient(session, url, headers or {})


async def measure(
    request: Callable[[int], Awaitable[object]], clients: int, seconds: float, most: int = 100_000
) -> Measured:
    """Lets ``clients`` send one request after the other for ``seconds``, at most ``most`` in all.

    Each gets its number.
    """
    durations: list[float] = []
    numbers = iter(range(most))
    started = time.perf_counter()

    async def client() -> None:
        for number in numbers:
            begun = time.perf_counter()
            await request(number)
            ended = time.perf_counter()
            durations.append(ended - begun)
            if ended - started > seconds:
                return

    await asyncio.gather(*(client() for _ in range(clients)))
    return Measured(len(durations), time.perf_counter() - started, durations)
