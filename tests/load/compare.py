"""What each kind of request costs the subgraphs of several trees: ``python -m tests.load.compare ../before .``

A tree is a checkout with its own ``.venv`` (``git worktree add``, ``make install``) and the same migrations as this
one: their subgraphs run side by side on the same databases, and are asked in turns. CPU time hardly depends on what
else a machine does, as requests a second do; what it still does is left out by the median of many short rounds.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import asyncpg

from seeds.catalogue import catalogue
from tests.backends import Backends
from tests.identity import Issuer, start_issuer
from tests.load.asked import PAGE, Shop
from tests.load.client import GraphQLClient, graphql_client, measure
from tests.load.report import Row, show
from tests.subgraphs import fresh_environment, running
from tilt.embedded.ports import free_ports

SUBGRAPHS = ("products", "inventory", "users", "orders", "payments")
PRODUCTS = 400
CLIENTS = 8
REQUESTS = 150
ROUNDS = 15
TOKEN_SECONDS = 3600
CURSORS = """query ($after: String) { products(first: 100, after: $after) {
  edges { cursor } pageInfo { hasNextPage endCursor } } }"""
REGISTER = "mutation ($input: UserRegisterInput!) { userRegister(input: $input) { user { id } } }"

Kind = tuple[str, str]
Costs = dict[Kind, list[list[float]]]  # milliseconds of CPU time: for each round, one number a tree


async def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.compare")
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE", help="the others are compared with the first")
    parser.add_argument("--only", choices=SUBGRAPHS, nargs="+", default=SUBGRAPHS, help="all when none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    issuer, server = start_issuer()
    with tempfile.TemporaryDirectory(prefix="mercato-load-") as folder:
        backends = Backends(Path(folder))
        try:
            environment = await _filled(backends) | {"JWKS_URL": issuer.jwks_url}
            async with AsyncExitStack() as stack:
                opened = [_opened(tree.resolve(), arguments.only, environment, issuer) for tree in arguments.trees]
                trees = [await stack.enter_async_context(each) for each in opened]
                kinds = [kind for kind in trees[0].shop.kinds() if kind[1] in arguments.only]
                costs = await _compared(trees, kinds, arguments.rounds)
        finally:
            await backends.stop()
            server.shutdown()
    show(_rows(arguments.trees, costs))


async def _filled(backends: Backends) -> dict[str, str]:
    """Databases with a catalogue, its stock, and what orders would have heard of both."""
    environment = await backends.environment("postgres", subgraphs=())
    for name in SUBGRAPHS:
        variable = f"{name.upper()}_DATABASE_URL"
        environment[variable] = (await fresh_environment(backends, name))[variable]
    for name in ("products", "inventory"):
        seed = (sys.executable, "-m", f"subgraphs.{name}", "seed", "--products", str(PRODUCTS))
        seeding = await asyncio.create_subprocess_exec(*seed, env={**os.environ, **environment})
        if await seeding.wait():
            raise RuntimeError(f"{name} was not seeded")
    await _tell_orders(environment["ORDERS_DATABASE_URL"])
    return environment


async def _tell_orders(url: str) -> None:
    sold = [(product, variant) for product in catalogue(PRODUCTS) for variant in product.variants]
    variants = [(v.id, product.id, v.sku, product.title, v.price_minor, "EUR", True) for product, v in sold]
    connection = await asyncpg.connect(url)
    columns = ("id", "product_id", "sku", "title", "price_minor", "currency", "is_sold")
    await connection.copy_records_to_table("variants", records=variants, columns=columns)
    stock = [(variant.id, 1, 1_000_000) for _, variant in sold]
    await connection.copy_records_to_table("known_stock", records=stock, columns=("variant_id", "version", "available"))
    await connection.close()


@dataclass(frozen=True, eq=False)
class _Tree:
    """A tree that runs: how to ask it, and what that costs."""

    shop: Shop
    processes: Mapping[str, int]

    async def cost(self, kind: Kind) -> float:
        """CPU time of a request of this kind, in milliseconds."""
        process = self.processes[kind[1]]
        before = _cpu_seconds(process)
        done = await measure(self.shop.kinds()[kind], CLIENTS, 60, REQUESTS)
        return 1000 * (_cpu_seconds(process) - before) / len(done.durations)


@asynccontextmanager
async def _opened(
    tree: Path, names: Sequence[str], environment: Mapping[str, str], issuer: Issuer
) -> AsyncIterator[_Tree]:
    """A tree's subgraphs, on ports of their own."""
    own = {**environment, **_on_free_ports()}
    secret = {"x-router-secret": own["ROUTER_SECRET"]}
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        started = {name: await enter(running(name, own, "serve", tree=tree)) for name in names}
        clients = {name: await enter(graphql_client(f"{own[f'{name.upper()}_URL']}/graphql", secret)) for name in names}
        user_id = await _user(clients["users"]) if "users" in names else uuid4()
        cursors = await _cursors(clients["products"]) if "products" in names else []
        variants = [str(variant.id) for product in catalogue(PRODUCTS) for variant in product.variants]
        shop = Shop(clients, issuer.token(user_id, exp=int(time.time()) + TOKEN_SECONDS), cursors, variants)
        yield _Tree(shop, {name: subgraph.process.pid for name, subgraph in started.items()})


def _on_free_ports() -> dict[str, str]:
    own: dict[str, str] = {}
    for name in map(str.upper, SUBGRAPHS):
        port, grpc_port = free_ports(2)
        own |= {
            f"{name}_PORT": str(port),
            f"{name}_GRPC_PORT": str(grpc_port),
            f"{name}_URL": f"http://127.0.0.1:{port}",
        }
    return own


async def _user(users: GraphQLClient) -> UUID:
    given = {"email": f"{secrets.token_hex(8)}@example.com", "password": secrets.token_urlsafe(12), "name": "Load"}
    return UUID((await users.ask(REGISTER, {"input": given}))["userRegister"]["user"]["id"])


async def _cursors(products: GraphQLClient) -> list[str]:
    """Of pages that begin at another product each time, all of them full."""
    cursors: list[str] = []
    after: str | None = None
    while len(cursors) < PRODUCTS:
        page = (await products.ask(CURSORS, {"after": after}))["products"]
        cursors += [edge["cursor"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    return cursors[:-PAGE]


async def _compared(trees: Sequence[_Tree], kinds: Sequence[Kind], rounds: int) -> Costs:
    """All trees in turns; a first round, in which documents are compiled, is not counted."""
    costs: Costs = {kind: [] for kind in kinds}
    for number in range(rounds + 1):
        for kind in kinds:
            turn = {tree: await tree.cost(kind) for tree in (trees if number % 2 else reversed(trees))}
            if number:
                costs[kind].append([turn[tree] for tree in trees])
    return costs


def _rows(trees: Sequence[Path], costs: Costs) -> list[Row]:
    rows = []
    for (what, subgraph), turns in costs.items():
        for index, tree in enumerate(trees):
            cost, ratio = (
                median(values) for values in zip(*[(turn[index], turn[index] / turn[0]) for turn in turns], strict=True)
            )
            rows.append(
                Row(f"{what}, {subgraph}, {tree.name or tree}", f"{cost:.3f} ms", f"{ratio:.2f}" if index else "")
            )
    return rows


def _cpu_seconds(process: int) -> float:
    """Of all threads; the kernel's books are in nanoseconds, those of other tools in hundredths of a second."""
    schedules = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(schedule.read_text().split()[0]) for schedule in schedules) / 1e9


if __name__ == "__main__":
    asyncio.run(main())
