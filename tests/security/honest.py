"""Shoppers who only want to see the shop.

``python -m tests.security.honest URL SECONDS`` prints what each of their requests took, in seconds. It is a process
of its own, so that nobody who prepares an attack keeps them waiting.
"""

import asyncio
import json
import sys
import time

import aiohttp
import uvloop

SHOPPERS = 2
PAUSE_SECONDS = 0.02
LISTING = """{ products(first: 20) { nodes {
  id title category { name } defaultVariant { price { amount } stock { available } } } } }"""
CATEGORIES = "{ categories { name children { name } } }"


async def main(url: str, seconds: float) -> list[float]:
    """Durations of all requests, in no order."""
    durations: list[float] = []
    ends = time.monotonic() + seconds
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(_shop(session, url, ends, durations) for _ in range(SHOPPERS)))
    return durations


async def _shop(session: aiohttp.ClientSession, url: str, ends: float, durations: list[float]) -> None:
    while time.monotonic() < ends:
        for document in (LISTING, CATEGORIES):
            begun = time.perf_counter()
            async with session.post(url, json={"query": document}) as response:
                answer = await response.json()
            durations.append(time.perf_counter() - begun)
            assert "errors" not in answer, answer["errors"]
            await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(main(sys.argv[1], float(sys.argv[2])))))
