"""Federated listings a second: 20 products with price, category and stock, 32 clients, a different page each time."""

import os

from tests.load.client import GraphQLClient, Measured, graphql_client, measure
from tests.load.report import Row

CLIENTS = 32
SECONDS = 10.0
LISTING = """query Listing($after: String) { products(first: 20, after: $after) { nodes {
  id title priceRange { min { amount currency } } category { name }
  defaultVariant { id price { amount } stock { available status } } } } }"""
CURSORS = "query Cursors($after: String) { products(first: 100, after: $after) { edges { cursor } pageInfo { hasNextPage endCursor } } }"


async def federated_listing(router_url: str) -> list[Row]:
    """Measures the router of the running mesh."""
    async with graphql_client(f"{router_url}/graphql") as client:
        cursors = await _cursors(client)
        measured = await _listings(client, cursors)
    router = os.environ.get("ROUTER", "node")
    target = 400 if router == "hive-router" else 200
    return [
        Row(f"federated listing of 20, c=32, {router}", f"{measured.per_second:.0f} rps", f">= {target} rps"),
        Row("  its p95", f"{measured.percentile(0.95) * 1000:.0f} ms", ""),
    ]


async def _listings(client: GraphQLClient, cursors: list[str]) -> Measured:
    async def listing(number: int) -> None:
        await client.ask(LISTING, {"after": cursors[number % len(cursors)]})

    await measure(listing, CLIENTS, seconds=2.0)  # connections, caches of documents and plans
    return await measure(listing, CLIENTS, SECONDS)


async def _cursors(client: GraphQLClient) -> list[str]:
    """Cursors of many pages.

    Identical requests in flight are sent to a subgraph once, which would flatter the router.
    """
    cursors: list[str] = []
    after: str | None = None
    while len(cursors) < 2000:
        page = (await client.ask(CURSORS, {"after": after}))["products"]
        cursors.extend(edge["cursor"] for edge in page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return cursors[:-20]  # so that every page is full
