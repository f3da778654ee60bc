"""Routers whose supergraph is another version than the subgraphs that answer: a roll-out, or a reload on save.

Inventory runs as in the mesh and has none of what its newer SDL brings. Users' double answers what an older SDL of its
own does not know.
"""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.ids import new_id
from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import (
    REPOSITORY,
    ROUTER,
    SECRET,
    Kind,
    Router,
    assert_mistake,
    router_environment,
)
from tests.integration.router.processes import router as running_router
from tests.subgraphs import Running, fresh_environment, running

# What a deployment of inventory will bring.
NEWER = """
extend type Query { warehouse(code: String!): Warehouse }
extend type Stock { expected: Int }
extend input StockReceiveInput { carrier: StockCarrier }
enum StockCarrier { ROAD }
type Product @key(fields: "id") { id: ID! origin: String }
"""
NEWER_ARGUMENT = {"stockMovements(": "stockMovements(\n kind: StockMovementKind"}
# What users had before the deployment that runs.
OLDER = {"defaultAddress: Address\n": "defaultAddress: Address!\n", " ADDRESS_NOT_FOUND\n": " ADDRESS_UNHEARD_OF\n"}
# A subgraph that nothing runs of yet.
REVIEWS = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Product @key(fields: "id") { id: ID! reviews: [String!] }
"""


@dataclass(frozen=True)
class Stock:
    """A variant in a warehouse of inventory."""

    variant_id: str
    warehouse_id: str


@pytest.fixture(scope="module")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    schema, configuration = folder / "schema", folder / "supergraph.yaml"
    shutil.copytree(REPOSITORY / "schema", schema, ignore=shutil.ignore_patterns("events", "proto", "operations"))
    change(schema / "inventory.graphql", NEWER_ARGUMENT, NEWER)
    change(schema / "users.graphql", OLDER)
    (schema / "reviews.graphql").write_text(REVIEWS)
    nowhere = "  reviews:\n    routing_url: http://127.0.0.1:9/graphql\n    schema: {file: ./schema/reviews.graphql}\n"
    configuration.write_text((REPOSITORY / "supergraph.yaml").read_text() + nowhere)
    out = folder / "supergraph.graphql"
    command = ["node", "compose/main.js", "--config", str(configuration), "--out", str(out)]
    subprocess.run(command, cwd=ROUTER, check=True, capture_output=True, text=True)
    return out


def change(file: Path, changes: Mapping[str, str], more: str = "") -> None:
    text = file.read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, f"{file.name} has not one {old!r}"
        text = text.replace(old, new)
    file.write_text(text + more)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inventory") / "log"


@pytest.fixture(scope="module")
async def inventory(backends: Backends, issuer: Issuer, log: Path) -> AsyncIterator[Running]:
    environment = await fresh_environment(backends, "inventory")
    own = {"JWKS_URL": issuer.jwks_url, "ROUTER_SECRET": SECRET}
    async with running("inventory", {**environment, **own}, "serve", log) as process:
        yield process


@pytest.fixture(scope="module")
async def stock(inventory: Running) -> Stock:
    connection = await asyncpg.connect(inventory.environment["INVENTORY_DATABASE_URL"])
    variant, warehouse = new_id(), new_id()
    await connection.execute(
        "INSERT INTO warehouses (id, code, name, country) VALUES ($1, 'HAM', 'Hamburg', 'DE')", warehouse
    )
    await connection.execute("INSERT INTO stock_items (variant_id) VALUES ($1)", variant)
    await connection.execute("INSERT INTO stock_levels (variant_id, warehouse_id) VALUES ($1, $2)", variant, warehouse)
    await connection.close()
    return Stock(str(variant), str(warehouse))


@pytest.fixture(scope="module", name="router")
async def skewed_router(
    kind: Kind, doubles: Doubles, issuer: Issuer, inventory: Running, supergraph: Path
) -> AsyncIterator[Router]:
    environment = router_environment(issuer.jwks_url, doubles)
    environment |= {"INVENTORY_URL": inventory.environment["INVENTORY_URL"], "SUPERGRAPH_FILE": str(supergraph)}
    async with running_router(kind, environment) as router:
        yield router


@pytest.fixture
def token(issuer: Issuer) -> str:
    return issuer.token(scope="inventory:read inventory:write")


def told(answer: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The places of errors, and their codes."""
    errors = answer.get("errors", [])
    return {(".".join(str(step) for step in error.get("path", [])), error["extensions"]["code"]) for error in errors}


STANDING = {"title": "Product 0"}
QUERIES: dict[str, tuple[str, dict[str, Any], Any, str]] = {
    "a field": (
        "{ products(first: 1) { nodes { title defaultVariant { sku stock { available expected } } } } }",
        {},
        {"products": {"nodes": [{**STANDING, "defaultVariant": {"sku": "SKU-0", "stock": None}}]}},
        "products.nodes.0.defaultVariant.stock",
    ),
    "a type": (
        "{ products(first: 1) { nodes { title origin } } }",
        {},
        {"products": {"nodes": [{**STANDING, "origin": None}]}},
        "products.nodes.0.origin",
    ),
    "a root field": (
        '{ warehouse(code: "HAM") { name } products(first: 1) { nodes { title } } }',
        {},
        {"warehouse": None, "products": {"nodes": [STANDING]}},
        "warehouse",
    ),
    "an argument": (
        "query ($kind: StockMovementKind) { products(first: 1) { nodes { title defaultVariant {"
        " sku stockMovements(kind: $kind) { nodes { kind } } } } } }",
        {"kind": "SOLD"},
        {"products": {"nodes": [{**STANDING, "defaultVariant": {"sku": "SKU-0", "stockMovements": None}}]}},
        "products.nodes.0.defaultVariant.stockMovements",
    ),
    "a subgraph that is not there yet": (
        "{ products(first: 1) { nodes { title reviews } } }",
        {},
        {"products": {"nodes": [{**STANDING, "reviews": None}]}},
        "products.nodes.0.reviews",
    ),
}


@pytest.mark.parametrize("what", QUERIES)
async def test_what_a_subgraph_does_not_have_yet_is_unavailable_and_the_rest_stands(
    router: Router, token: str, what: str
) -> None:
    query, variables, data, place = QUERIES[what]
    answer = await router.ask(query, token, **variables)
    assert answer["data"] == data
    assert told(answer) == {(place, "UNAVAILABLE")}, answer


RECEIVE = "stockReceive(input: %s, idempotencyKey: $key) { levels { onHand } errors { code } }"


@pytest.mark.parametrize("is_literal", [True, False], ids=["in the document", "in a variable"])
async def test_a_mutation_that_a_subgraph_does_not_have_yet_begins_nothing_and_leaves_its_key_unused(
    router: Router, inventory: Running, token: str, stock: Stock, is_literal: bool
) -> None:
    given = {"variantId": stock.variant_id, "warehouseId": stock.warehouse_id, "quantity": 5}
    literal = " ".join(f"{name}: {json.dumps(value)}" for name, value in given.items())
    newer = (
        f"mutation ($key: String!) {{ {RECEIVE % f'{{{literal} carrier: ROAD}}'} }}"
        if is_literal
        else f"mutation ($input: StockReceiveInput!, $key: String!) {{ {RECEIVE % '$input'} }}"
    )
    key = str(uuid4())
    variables = {"key": key} if is_literal else {"key": key, "input": {**given, "carrier": "ROAD"}}
    answer = await router.ask(newer, token, **variables)
    assert answer["data"] is None
    assert told(answer) == {("stockReceive", "UNAVAILABLE")}, answer
    assert "is being updated" in answer["errors"][0]["message"]
    before = await on_hand(inventory, stock)
    older = f"mutation ($input: StockReceiveInput!, $key: String!) {{ {RECEIVE % '$input'} }}"
    for _ in range(2):  # the second is a repetition, which a used key answers
        done = await router.ask(older, token, input=given, key=key)
        assert done["data"]["stockReceive"] == {"levels": [{"onHand": before + 5}], "errors": []}, done


async def on_hand(inventory: Running, stock: Stock) -> int:
    connection = await asyncpg.connect(inventory.environment["INVENTORY_DATABASE_URL"])
    query = "SELECT coalesce(sum(on_hand), 0) FROM stock_levels WHERE variant_id = $1"
    found: int = await connection.fetchval(query, UUID(stock.variant_id))
    await connection.close()
    return found


async def test_inventory_counts_each_such_request_and_tells_its_log_once_of_each_kind(
    router: Router, inventory: Running, log: Path
) -> None:
    before = await inventory.metric("mercato_version_skew_total", part="document")
    for alias in ("a", "b"):
        await router.ask(f'{{ {alias}: warehouse(code: "HAM") {{ name }} }}', None)
    assert await inventory.metric("mercato_version_skew_total", part="document") == before + 2
    (line,) = [line for line in lines_of(log) if "query warehouse: " in line["message"]]
    assert (line["service"], line["level"]) == ("inventory", "WARNING")
    assert "Cannot query field 'warehouse' on type 'Query'." in line["message"]


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


MOVEMENTS = "products(first: 1) { nodes { defaultVariant { stockMovements(%s) { nodes { kind } } } } }"
MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "an enum's value in a variable": (
        f"query ($kind: StockMovementKind) {{ {MOVEMENTS % 'kind: $kind'} }}",
        {"kind": "NOPE"},
    ),
    "an enum's value within one": (
        f"mutation ($input: StockReceiveInput!, $key: String!) {{ {RECEIVE % '$input'} }}",
        {"input": {"variantId": "1", "warehouseId": "1", "quantity": 1, "carrier": "NOPE"}, "key": "k"},
    ),
    "an enum's value in the document": (f"{{ {MOVEMENTS % 'kind: NOPE'} }}", {}),
    "a field that nobody has": ("{ products(first: 1) { nodes { nope } } }", {}),
    "a number that is too large": (f"query ($n: Int) {{ {MOVEMENTS % 'first: $n'} }}", {"n": 2**31}),
    "an input field that nobody has": (
        f"mutation ($input: StockReceiveInput!, $key: String!) {{ {RECEIVE % '$input'} }}",
        {"input": {"variantId": "1", "warehouseId": "1", "quantity": 1, "nope": "x"}, "key": "k"},
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
async def test_a_clients_own_mistake_is_found_by_the_router_and_stays_one(
    router: Router, inventory: Running, token: str, what: str
) -> None:
    before = await inventory.metric("mercato_version_skew_total")
    query, variables = MISTAKES[what]
    assert_mistake(await router.ask(query, token, **variables))
    assert await inventory.metric("mercato_version_skew_total") == before


async def test_a_null_that_an_older_supergraph_does_not_know_empties_what_is_around_it(
    router: Router, token: str
) -> None:
    answer = await router.ask("{ me { name defaultAddress { city } } products(first: 1) { nodes { title } } }", token)
    assert answer == {"data": {"me": None, "products": {"nodes": [STANDING]}}}


async def test_an_enums_value_that_an_older_supergraph_does_not_know_is_no_mistake_of_the_client(
    router: Router, token: str
) -> None:
    answer = await router.ask('mutation { addressDelete(input: {id: "missing"}) { errors { code message } } }', token)
    assert answer["data"] is None
    (error,) = answer["errors"]
    # Hive Router itself makes this error, and gives it no code.
    assert error.get("extensions", {"code": "INTERNAL"}) == {"code": "INTERNAL"}
