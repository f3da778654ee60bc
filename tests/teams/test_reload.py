"""What is saved of real subgraphs is answered through both routers, which are not restarted.

How long it takes is printed, and never asserted: ``RELOADS=10 pytest -s`` on this file measures ten of each.
"""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.integration.embedded.mesh_process import MeshProcess, until
from tests.integration.embedded.saved_subgraph import NAME, write_subgraph
from tests.integration.embedded.saved_tree import SavedTree, whole_tree
from tests.integration.router.processes import HIVE
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually
from tilt.embedded.ports import free_ports

ROUNDS = int(os.environ.get("RELOADS", "1"))
QUERIES = "subgraphs/products/entrypoints/graphql/queries.py"
CONTRACT = "schema/products.graphql"

Ask = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> SavedTree:
    return whole_tree(tmp_path_factory.mktemp("whole") / "tree")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mesh(tmp_path_factory: pytest.TempPathFactory, tree: SavedTree) -> AsyncIterator[MeshProcess]:
    """The mesh of that tree, with the Node router and servers of its own."""
    given = {"RELOAD": "1", "ROUTER": "node", "MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}"}
    mesh = MeshProcess(tmp_path_factory.mktemp("mesh"), given)
    mesh.tree = tree.root
    await mesh.up()
    yield mesh
    await mesh.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def routers(mesh: MeshProcess) -> AsyncIterator[list[Ask]]:
    """The mesh's own router, and our Hive Router beside it where it was built."""
    async with httpx.AsyncClient(base_url=mesh.settings.router_url, timeout=30) as client:

        async def ask_node(query: str) -> dict[str, Any]:
            answer: dict[str, Any] = (await client.post("/graphql", json={"query": query})).json()
            return answer

        if not HIVE.command():
            yield [ask_node]
            return
        async with running_router(HIVE, await hive_environment(mesh)) as hive:
            yield [ask_node, hive.ask]


async def hive_environment(mesh: MeshProcess) -> dict[str, str]:
    """What the mesh tells its router, for another one on ports of its own."""
    _, printed = await mesh.run("environment")
    told = dict(line.split("=", 1) for line in printed.splitlines())
    port, metrics_port = free_ports(2)
    ports = {"ROUTER_PORT": str(port), "ROUTER_METRICS_PORT": str(metrics_port)}
    supergraph = str(mesh.settings.mercato_data_dir / "supergraph.graphql")
    return {name: value.strip("'") for name, value in told.items()} | ports | {"SUPERGRAPH_FILE": supergraph}


async def answered(routers: Sequence[Ask], query: str, expected: object) -> float:
    """How long it takes until all routers answer so."""
    begun = time.monotonic()

    async def by(ask: Ask) -> None:
        async def look() -> bool:
            return await ask(query) == {"data": expected}  # an error leaves a null, too

        await eventually(look, f"{query} is {expected}", seconds=120, pause_seconds=0.1)  # it is measured: ask gently

    await asyncio.gather(*map(by, routers))
    return time.monotonic() - begun


def tell(what: str, seconds: Sequence[float]) -> None:
    print(f"\n{what}: {statistics.median(seconds):.2f} s, at worst {max(seconds):.2f} s, of {len(seconds)}")


def add_field(tree: SavedTree, contract: str, name: str) -> None:
    """To the first type of the contract, which is Query."""
    tree.save(
        CONTRACT, contract.replace("type Query {\n", f'type Query {{\n  "A field that was saved."\n  {name}: Int\n', 1)
    )


def resolve(tree: SavedTree, code: str, answers: Mapping[str, int]) -> None:
    begin = "        query = QueryType()\n"
    added = (f'        query.set_field("{name}", lambda *_: {answer})\n' for name, answer in answers.items())
    tree.save(QUERIES, code.replace(begin, begin + "".join(added), 1))


async def test_a_saved_field_and_its_saved_resolver_are_answered_by_both_routers(
    mesh: MeshProcess, tree: SavedTree, routers: list[Ask]
) -> None:
    contract, code = tree.read(CONTRACT), tree.read(QUERIES)
    contracts: list[float] = []
    resolvers: list[float] = []
    answers: dict[str, int] = {}
    for number in range(ROUNDS):
        field = f"savedField{number}"
        for measured, answer in ((contracts, 1), (resolvers, 2)):
            answers[field] = answer
            resolve(tree, code, answers)
            if measured is contracts:
                add_field(tree, tree.read(CONTRACT), field)  # beside those of before: nothing is taken away
            measured.append(await answered(routers, f"{{ {field} }}", {field: answer}))
    tell("a saved contract with its resolver is answered through the routers after", contracts)
    tell("a saved resolver is answered through the routers after", resolvers)
    tree.save(QUERIES, code)
    tree.save(CONTRACT, contract)
    await eventually(lambda: is_unknown(routers, field), "the field is gone from both", seconds=120)
    await until(lambda: mesh.output.rindex("products: reloaded") > mesh.output.rindex("supergraph: composed"))


async def is_unknown(routers: Sequence[Ask], field: str) -> bool:
    answers = await asyncio.gather(*(ask(f"{{ {field} }}") for ask in routers))
    return all("data" not in answer for answer in answers)


async def test_a_new_subgraph_is_answered_by_routers_that_were_started_without_it(
    mesh: MeshProcess, tree: SavedTree, routers: list[Ask]
) -> None:
    processes, manifest, taken = mesh.processes(), tree.read("supergraph.yaml"), []
    for _ in range(ROUNDS):
        write_subgraph(tree, *free_ports(2))
        taken.append(await answered(routers, "{ reviewCount }", {"reviewCount": 3}))
        tree.save("supergraph.yaml", manifest)
        await eventually(lambda: is_unknown(routers, "reviewCount"), "it is gone", seconds=120)
        await until(partial(has_told, mesh, f"{NAME}: stopped, ", len(taken)))
    tell("a new subgraph is answered through the routers after", taken)
    assert mesh.processes() == {name: who for name, who in processes.items() if name != NAME}


def has_told(mesh: MeshProcess, line: str, times: int) -> bool:
    return mesh.output.count(line) >= times


async def test_no_answer_is_lost_while_a_subgraph_reloads_under_requests(
    mesh: MeshProcess, tree: SavedTree, routers: list[Ask]
) -> None:
    code, reloaded, failed = tree.read(QUERIES), mesh.output.count("products: reloaded in "), []

    async def shop() -> None:
        while mesh.output.count("products: reloaded in ") < reloaded + ROUNDS:
            for ask in routers:
                answer = await ask("{ products(first: 1) { nodes { title } } }")
                if "errors" in answer:
                    failed.append(answer["errors"])

    shoppers = [asyncio.create_task(shop()) for _ in range(4)]
    for number in range(ROUNDS):
        tree.save(QUERIES, f"{code}\n# {number}\n")
        await until(partial(has_told, mesh, "products: reloaded in ", reloaded + number + 1))
    await asyncio.gather(*shoppers)
    assert failed == []
