"""Orders, payments and inventory on servers of their own, with a double of Stripe.

In this shop everything can be broken.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx

from seeds.catalogue import catalogue
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from tests.backends import Backends
from tests.chaos.buyers import Buyer
from tests.chaos.processes import Survivor, prefork_server_in, survivors
from tests.command_line import command
from tests.doubles.running import Double, double_of_stripe
from tests.identity import Issuer
from tests.reconciliation import assert_reconciled
from tests.stock import set_available
from tests.subgraphs import built, eventually, fresh_environment
from tilt.embedded.environment import stripe_webhook_url
from tilt.embedded.ports import free_ports
from tilt.embedded.prefork_client import PreforkService

SUBGRAPHS = ("orders", "payments", "inventory")
STAFF_SCOPES = (
    "orders:read orders:cancel orders:refund orders:retry orders:ship inventory:read inventory:write payments:read"
)
PRODUCTS = 120
RECOVERY_SECONDS = 60.0
_UNDER_WAY = ("PENDING", "AWAITING_PAYMENT_ACTION", "CANCELLING")
# A worker that died is taken over soon, and an order that can't be paid is given up soon.
SETTINGS = {
    "ORDERS_FULFILMENT_LEASE_SECONDS": "3",
    "ORDERS_FULFILMENT_DEADLINE_SECONDS": "40",
    "ORDERS_FULFILMENT_PARALLEL": "32",
}


@dataclass
class Shop:
    """The processes, what they were told, and what is left to sell."""

    environment: Mapping[str, str]
    prefork_server: PreforkService
    processes: Mapping[str, Survivor]
    backends: Backends
    stripe: Double
    issuer: Issuer
    http: httpx.AsyncClient
    unused: Iterator[UUID] = field(default_factory=lambda: iter(_seeded_variants()))
    one_connection: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def variant(self, stock: int) -> str:
        """A variant that nobody has bought yet, with so many units; orders knows of them."""
        variant_id = next(self.unused)
        await self.set_stock(variant_id, stock)
        await eventually(lambda: self._is_known(variant_id, stock), f"orders knows the stock of {variant_id}")
        return str(variant_id)

    async def set_stock(self, variant_id: UUID, units: int) -> None:
        """So many units of a variant can be bought from now on."""
        async with self.inventory():
            await set_available(variant_id, units, "for a test")

    @contextlib.asynccontextmanager
    async def inventory(self) -> AsyncIterator[None]:
        """This process is connected to inventory's database meanwhile, so that no other shop finds itself there."""
        async with self.one_connection, db.connected(tortoise_config(built("inventory", self.environment))):
            yield

    async def gift(self, stock: int) -> str:
        """The same of one that costs nothing."""
        variant_id = await self.variant(stock)
        await _rows(
            self.environment["ORDERS_DATABASE_URL"],
            "UPDATE variants SET price_minor = 0 WHERE id = $1",
            UUID(variant_id),
        )
        return variant_id

    def buyer(self) -> Buyer:
        """Somebody new with an account."""
        user_id = uuid4()
        return Buyer(self.http, self.environment["ROUTER_SECRET"], user_id, self.issuer.token(user_id))

    def staff(self) -> Buyer:
        """Somebody who may do everything that the shop's people may."""
        user_id = uuid4()
        return Buyer(self.http, self.environment["ROUTER_SECRET"], user_id, self.issuer.token(user_id, STAFF_SCOPES))

    @contextlib.asynccontextmanager
    async def another_worker(self) -> AsyncIterator[Survivor]:
        """A second process that works on orders."""
        port, grpc_port = free_ports(2)
        own = {"ORDERS_PORT": str(port), "ORDERS_GRPC_PORT": str(grpc_port), "ORDERS_URL": f"http://127.0.0.1:{port}"}
        worker = Survivor(
            "orders", self.prefork_server, {**self.environment, **own}, self.logs / "orders-2.log", "work"
        )
        await worker.start()
        try:
            yield worker
        finally:
            await worker.stop()

    async def statuses(self) -> Mapping[str, str]:
        """What became of each order, as the database has it."""
        rows = await _rows(self.environment["ORDERS_DATABASE_URL"], "SELECT id, status FROM orders")
        return {str(row["id"]): row["status"] for row in rows}

    async def settled(self, seconds: float = RECOVERY_SECONDS) -> Mapping[str, str]:
        """What became of each order, once nothing is under way."""

        async def look() -> Mapping[str, str] | None:
            statuses = await self.statuses()
            return None if set(statuses.values()) & set(_UNDER_WAY) else statuses

        return await eventually(look, f"every order is at its end; the logs are in {self.logs}", seconds)

    async def totals(self, orders: Sequence[str]) -> Mapping[str, int]:
        """What some orders cost, in minor units."""
        costs = "SELECT id, total_minor FROM orders WHERE id = ANY($1::uuid[])"
        rows = await _rows(self.environment["ORDERS_DATABASE_URL"], costs, [UUID(order_id) for order_id in orders])
        return {str(row["id"]): row["total_minor"] for row in rows}

    async def available(self, variant_id: str) -> int:
        """How many units inventory can still promise."""
        rows = await _rows(
            self.environment["INVENTORY_DATABASE_URL"],
            "SELECT coalesce(sum(on_hand - held), 0) AS units FROM stock_levels WHERE variant_id = $1",
            UUID(variant_id),
        )
        return int(rows[0]["units"])

    async def charges(self) -> Mapping[str, int]:
        """What the provider took and kept for each order, by all of its payments together, in minor units."""
        kept: Counter[str] = Counter()
        for payment in await self.stripe.ledger():
            kept[payment["ours"]["order_id"]] += payment["captured"] - payment["refunded"]
        return {order_id: minor for order_id, minor in kept.items() if minor}

    async def assert_reconciled(self) -> None:
        """All books agree."""
        await assert_reconciled(self.environment)

    async def all_are_up(self) -> None:
        """Waits for every process that a test, perhaps one that failed, has killed."""
        await asyncio.gather(*(process.ready() for process in self.processes.values()))

    @property
    def logs(self) -> Path:
        """Where the processes write."""
        return self.backends.settings.mercato_data_dir / "logs"

    async def known_stock(self, variant_id: str) -> int | None:
        """How many units orders believes that there are."""
        known = "SELECT available FROM known_stock WHERE variant_id = $1"
        rows = await _rows(self.environment["ORDERS_DATABASE_URL"], known, UUID(variant_id))
        return rows[0]["available"] if rows else None

    async def show_stock(self, variant_id: str, available: int) -> None:
        """Lets orders believe that there are so many units, so that a checkout is left to inventory to refuse.

        Only once orders has heard all that there is to tell: what it is told later would correct it.
        """
        await eventually(
            lambda: self._has_heard_all(variant_id),
            f"orders has heard all of the stock of {variant_id}",
            RECOVERY_SECONDS,
        )
        believed = "UPDATE known_stock SET available = $2 WHERE variant_id = $1 RETURNING available"
        await _rows(self.environment["ORDERS_DATABASE_URL"], believed, UUID(variant_id), available)

    async def first_line(self, order_id: str) -> str:
        """The id of an order's first line."""
        first = "SELECT id FROM order_lines WHERE order_id = $1 ORDER BY position LIMIT 1"
        rows = await _rows(self.environment["ORDERS_DATABASE_URL"], first, UUID(order_id))
        return str(rows[0]["id"])

    async def nothing_is_under_way(self) -> bool:
        """Whether every saga, refunds included, is at its end."""
        open_sagas = "SELECT count(*) AS sagas FROM sagas WHERE due_at IS NOT NULL"
        rows = await _rows(self.environment["ORDERS_DATABASE_URL"], open_sagas)
        return int(rows[0]["sagas"]) == 0

    async def unsent_events(self, subgraph: str) -> int:
        """How many events of a subgraph wait for Kafka."""
        unsent = "SELECT count(*) AS unsent FROM outbox WHERE sent_at IS NULL"
        rows = await _rows(self.environment[f"{subgraph.upper()}_DATABASE_URL"], unsent)
        return int(rows[0]["unsent"])

    async def _has_heard_all(self, variant_id: str) -> bool:
        known = "SELECT version FROM known_stock WHERE variant_id = $1"
        told = "SELECT version FROM stock_items WHERE variant_id = $1"
        variant = UUID(variant_id)
        heard = await _rows(self.environment["ORDERS_DATABASE_URL"], known, variant)
        last = await _rows(self.environment["INVENTORY_DATABASE_URL"], told, variant)
        return [row["version"] for row in heard] == [row["version"] for row in last]

    async def _is_known(self, variant_id: UUID, stock: int) -> bool:
        return await self.known_stock(str(variant_id)) == stock


@contextlib.asynccontextmanager
async def opened(backends: Backends, issuer: Issuer) -> AsyncIterator[Shop]:
    """A shop with a catalogue, until the end of the tests."""
    environment = await _environment(backends, issuer)
    async with contextlib.AsyncExitStack() as stack:
        stripe = await double_of_stripe(*_stripe_settings(backends))
        stack.push_async_callback(stripe.stop)
        environment |= {"STRIPE_API_BASE": stripe.url}
        await _seed(environment)
        prefork_server = await stack.enter_async_context(prefork_server_in(_logs(backends)))
        processes = await stack.enter_async_context(survivors(SUBGRAPHS, prefork_server, environment, _logs(backends)))
        limits = httpx.Limits(max_connections=600, max_keepalive_connections=100)
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=environment["ORDERS_URL"], timeout=30, limits=limits)
        )
        yield Shop(environment, prefork_server, processes, backends, stripe, issuer, http)


async def _environment(backends: Backends, issuer: Issuer) -> dict[str, str]:
    environment = await backends.environment("postgres", "kafka", subgraphs=())
    for name in SUBGRAPHS:
        variable = f"{name.upper()}_DATABASE_URL"
        environment[variable] = (await fresh_environment(backends, name))[variable]
    return environment | SETTINGS | {"JWKS_URL": issuer.jwks_url}


def _stripe_settings(backends: Backends) -> tuple[Path, str, str]:
    settings = backends.settings
    return settings.mercato_data_dir, stripe_webhook_url(settings), backends.credentials.stripe_webhook_secret


def _logs(backends: Backends) -> Path:
    folder = backends.settings.mercato_data_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _seed(environment: Mapping[str, str]) -> None:
    """Stock as inventory seeds it, and of products what orders would have heard of them."""
    status, output = await command(environment, "inventory", "seed", "--products", str(PRODUCTS))
    assert status == 0, output
    rows = [
        (variant.id, product.id, variant.sku, product.title, variant.price_minor, "EUR", True)
        for product in catalogue(PRODUCTS)
        for variant in product.variants
    ]
    connection = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    columns = ("id", "product_id", "sku", "title", "price_minor", "currency", "is_sold")
    await connection.copy_records_to_table("variants", records=rows, columns=columns)
    await connection.close()


def _seeded_variants() -> list[UUID]:
    return [variant.id for product in catalogue(PRODUCTS) for variant in product.variants]


async def _rows(url: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
        return rows
    finally:
        await connection.close()
