"""A subgraph with canned answers, as a process of its own:
`python -m tests.integration.router.subgraph_double NAME PORT`.

It serves the SDL of the real subgraph on /graphql and remembers what it was asked (/received).
What is tested with it is the router: how it plans, what it sends, and what it makes of the answers.
With TLS_DIR it has certificates, as a subgraph has.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from ariadne import MutationType, QueryType, graphql
from ariadne.contrib.federation import FederatedObjectType, make_federated_schema
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from shared.runtime.listening import listening
from shared.security.tls import Tls

# Ariadne's own definitions end at Federation 2.6.
COST_DIRECTIVES = """
directive @cost(
  weight: Int!
) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(
  assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
) on FIELD_DEFINITION
"""
SCHEMA = Path(__file__).parents[3] / "schema"
MONEY = {"amount": "19.90", "currency": "EUR"}
LATE_SECONDS = 8.5
LONGER_THAN_A_ROUTER_WAITS = 12
_IDLE_SECONDS = 20  # longer than routers (4) keep a connection
EMPTY_PAGE = {"hasNextPage": False, "hasPreviousPage": False}

# What products answers, by the slug asked for, when it is not itself.
NONSENSE = {
    "garbled": HTMLResponse("<p>Traceback of http://127.0.0.1/secret.py</p>", status_code=500),
    "broken off": Response('{"data": {"product": {"title": "Pro', media_type="application/json"),
    "empty": JSONResponse({}),
    "nothing": Response(status_code=502),
}


class Subgraph:
    """What the process remembers while it runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.received: list[dict[str, Any]] = []
        self.released = asyncio.Event()

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        variables = body.get("variables") or {}
        record = {"headers": dict(request.headers), "query": body["query"], "variables": variables, "outcome": "open"}
        self.received.append(record)
        leaving = asyncio.create_task(note_leaving(request, record))
        try:
            return await self.answer_to(body, variables)
        finally:
            if record["outcome"] == "open":
                record["outcome"] = "answered"
            leaving.cancel()

    async def answer_to(self, body: dict[str, Any], variables: dict[str, Any]) -> Response:
        for slug, nonsense in NONSENSE.items():
            if f'"{slug}"' in body["query"] or slug in variables.values():
                return nonsense
        _, result = await graphql(SCHEMAS[self.name](self), body)
        return JSONResponse(result)

    async def list_received(self, _: Request) -> Response:
        return JSONResponse(self.received)

    async def forget_received(self, _: Request) -> Response:
        self.received.clear()
        self.released.clear()
        return Response(status_code=204)

    async def release(self, _: Request) -> Response:
        """Lets the product `held` be answered."""
        self.released.set()
        return Response(status_code=204)


async def note_leaving(request: Request, record: dict[str, Any]) -> None:
    """Waits for the router to close the connection before it has its answer."""
    if (await request.receive())["type"] == "http.disconnect":
        record["outcome"] = "left"


def product(number: int) -> dict[str, Any]:
    variant = {
        "id": f"variant-{number}",
        "sku": f"SKU-{number}",
        "title": "One size",
        "selectedOptions": [],
        "price": MONEY,
        "weightGrams": 100,
    }
    return {
        "id": f"product-{number}",
        "slug": f"product-{number}",
        "title": f"Product {number}",
        "description": "A thing.",
        "options": [],
        "variants": [variant],
        "defaultVariant": variant,
        "media": [],
        "priceRange": {"min": MONEY, "max": MONEY},
        "createdAt": "2026-11-22T18:00:00Z",
        "category": {"id": "category-1", "slug": "things", "name": "Things", "description": "", "children": []},
    }


async def late(answer: dict[str, Any]) -> dict[str, Any]:
    """One such answer is in time for a router, two in a row are not."""
    await asyncio.sleep(LATE_SECONDS)
    return answer


def products_schema(subgraph: Subgraph) -> Any:
    query = QueryType()
    variant = FederatedObjectType("ProductVariant")

    @query.field("products")
    def list_products(*_: Any, first: int, filter: Any = None, **__: Any) -> dict[str, Any]:
        nodes = [{**product(number), "description": f"Found as {filter}"} for number in range(first)]
        return {"nodes": nodes, "edges": [], "pageInfo": EMPTY_PAGE}

    @query.field("product")
    async def one_product(*_: Any, slug: str | None = None, **__: Any) -> dict[str, Any]:
        if slug == "missing":
            raise GraphQLError("There is no such product.", extensions={"code": "NOT_FOUND"})
        if slug == "broken":
            leak = {"code": "INTERNAL", "stacktrace": ["File secret.py"], "sql": "SELECT * FROM product"}
            raise GraphQLError("Something went wrong.", extensions=leak)
        if slug == "uncoded":
            raise KeyError("product_row")
        if slug == "held":
            await subgraph.released.wait()
        if slug == "silent":
            await asyncio.sleep(LONGER_THAN_A_ROUTER_WAITS)
        if slug == "late":
            return await late(product(8))
        return {**product(1), "description": f"Found as {slug}"}

    @variant.reference_resolver
    def refer(_obj: Any, _info: Any, representation: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = product(int(representation["id"].split("-")[1]))["defaultVariant"]
        return found

    return make_federated_schema(_contract("products.graphql"), query, variant)


def inventory_schema(_: Subgraph) -> Any:
    query = QueryType()
    query.set_field("warehouses", lambda *_: [{"id": "w", "code": "BER", "name": "Berlin", "country": "DE"}])
    variant = FederatedObjectType("ProductVariant")

    @variant.reference_resolver
    async def refer(_obj: Any, _info: Any, representation: dict[str, Any]) -> dict[str, Any]:
        stock = {"available": 7, "status": "IN_STOCK"}
        answer = {"id": representation["id"], "stock": stock, "stockLevels": []}
        if "weightGrams" in representation:
            answer["shippingEstimate"] = {"weightGrams": 3 * representation["weightGrams"], "method": "PARCEL"}
        return await late(answer) if representation["id"] == "variant-8" else answer

    return make_federated_schema(_contract("inventory.graphql"), query, variant)


def users_schema(subgraph: Subgraph) -> Any:
    query, mutation = QueryType(), MutationType()
    query.set_field("me", lambda *_: {"id": "user-1", "name": "Ada", "email": "ada@example.org"})

    @mutation.field("addressDelete")
    async def delete_address(*_: Any, input: dict[str, Any]) -> dict[str, Any]:
        if input["id"] == "held":
            await subgraph.released.wait()
        missing = {"code": "ADDRESS_NOT_FOUND", "message": "You have no such address.", "field": ["id"]}
        return {"errors": [missing] if input["id"] == "missing" else []}

    return make_federated_schema(_contract("users.graphql"), query, mutation)


def _contract(file: str) -> list[str]:
    return [(SCHEMA / file).read_text(), COST_DIRECTIVES]


def remembered(build: Any) -> Any:
    schemas: list[Any] = []

    def schema(subgraph: Subgraph) -> Any:
        if not schemas:
            schemas.append(build(subgraph))
        return schemas[0]

    return schema


SCHEMAS = {
    "products": remembered(products_schema),
    "inventory": remembered(inventory_schema),
    "users": remembered(users_schema),
}


def application(subgraph: Subgraph) -> Starlette:
    return Starlette(
        routes=[
            Route("/graphql", subgraph.answer, methods=["POST"]),
            Route("/received", subgraph.list_received, methods=["GET"]),
            Route("/received", subgraph.forget_received, methods=["DELETE"]),
            Route("/release", subgraph.release, methods=["POST"]),
        ]
    )


async def serve_with_certificates(app: Starlette, port: int, folder: Path) -> None:
    """Until it is killed: nobody waits for a double to finish."""
    tls = Tls(folder)
    async with listening(app, "127.0.0.1", port, asyncio.Event(), tls.server_context()):
        await tls.watch(asyncio.Event())


def serve(name: str, port: int) -> None:
    app = application(Subgraph(name))
    if "TLS_DIR" in os.environ:
        asyncio.run(serve_with_certificates(app, port, Path(os.environ["TLS_DIR"])))
    else:
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_keep_alive=_IDLE_SECONDS)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
