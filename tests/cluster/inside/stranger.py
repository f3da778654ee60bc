"""Somebody in the cluster who is not the router: asks a subgraph, and prints how each way of asking ends."""

import asyncio
import json
import sys

import grpc
import httpx

from schema.proto.mercato.inventory.v1 import inventory_pb2, inventory_pb2_grpc

_QUERY = {"query": "query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }", "variables": {"of": []}}
_SECONDS = 5.0


async def main() -> None:
    """Prints a JSON object: the way of asking, and the status or the failure."""
    scheme, name = sys.argv[1:]
    print(json.dumps({"graphql": _graphql(f"{scheme}://{name}:8080/graphql"), "grpc": await _grpc(f"{name}:9090")}))


def _graphql(url: str) -> str:
    try:
        response = httpx.post(url, json=_QUERY, headers={"x-router-secret": "a guess"}, timeout=_SECONDS, verify=False)
    except httpx.TransportError as error:
        return f"{type(error).__name__}: {error}"
    return f"HTTP {response.status_code}: {response.text}"


async def _grpc(address: str) -> str:
    async with grpc.aio.insecure_channel(address) as channel:
        stub = inventory_pb2_grpc.InventoryStub(channel)
        try:
            await stub.Release(inventory_pb2.ReleaseRequest(), timeout=_SECONDS)
        except grpc.aio.AioRpcError as error:
            return f"{error.code().name}: {error.details()}"
    return "an answer"


asyncio.run(main())
