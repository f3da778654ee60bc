"""Orders a second, placed and confirmed, with 8 buyers and with 32.

What an order costs, and whether all books agree afterwards.

Buyers come with full carts: filling them is not part of the clock.
Each places an order with a key of its own, waits until it is confirmed, and places the next.
"""

import time
from dataclasses import dataclass, field

from tests.load.buyers import Account, Confirmations, new_account, offers
from tests.load.client import GraphQLClient, Measured, graphql_client, measure
from tests.load.costs import counted, cpu_seconds, milliseconds_per_order, per_order
from tests.load.events import event_delay_p95, event_delays
from tests.load.report import Row
from tests.reconciliation import reconciled
from tilt.embedded.credentials import load_credentials
from tilt.embedded.environment import mesh_environment
from tilt.embedded.settings import Settings

FEW, MANY = 8, 32  # buyers at once
WARM_UP, ORDERS_OF_FEW, ORDERS_OF_MANY = 48, 240, 720
SECONDS = 30.0
SHOWN_MILLISECONDS = 0.05


@dataclass
class Shopping:
    """What a crowd of buyers went through; durations in seconds."""

    placing: list[float] = field(default_factory=list)
    confirming: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def orders(self) -> int:
        """How many were placed and confirmed."""
        return len(self.confirming)

    @property
    def per_second(self) -> float:
        """Orders a second, placed and confirmed."""
        return self.orders / self.elapsed


async def checkout(settings: Settings) -> list[Row]:
    """Measures the running mesh."""
    async with graphql_client(f"{settings.router_url}/graphql") as client:
        variants = await offers(client, WARM_UP + ORDERS_OF_FEW + ORDERS_OF_MANY)
        await shopping(await new_account(client), MANY, variants[:WARM_UP])
        few, delay = await _of_few(client, settings, variants[WARM_UP : WARM_UP + ORDERS_OF_FEW])
        many, costs = await _of_many(client, settings, variants[-ORDERS_OF_MANY:])
    return [*_rows_of_few(few, delay), *_rows_of_many(many), *costs, await _books(settings)]


async def shopping(account: Account, buyers: int, variants: list[str]) -> Shopping:
    """Has so many buyers buy a unit of each variant."""
    carts = await filled_carts(account, variants)
    return await buying(account, buyers, carts)


async def filled_carts(account: Account, variants: list[str]) -> list[str]:
    """A cart for each variant."""
    carts: list[str] = []

    async def fill(number: int) -> None:
        carts.append(await account.filled_cart(variants[number]))

    await measure(fill, FEW, 2 * SECONDS, len(variants))
    return carts


async def buying(account: Account, buyers: int, carts: list[str]) -> Shopping:
    """Has so many buyers place an order of each cart."""
    done = Shopping()
    confirmations = Confirmations(account)

    async def buy(number: int) -> None:
        begun = time.perf_counter()
        order_id = await account.place(carts[number])
        done.placing.append(time.perf_counter() - begun)
        done.confirming.append(await confirmations.of(order_id))

    async with confirmations.watched():
        done.elapsed = (await measure(buy, buyers, SECONDS, len(carts))).elapsed
    return done


async def _of_few(client: GraphQLClient, settings: Settings, variants: list[str]) -> tuple[Shopping, float]:
    """Eight buyers, and the 95th percentile of how long events were on their way."""
    before = await event_delays(_urls(settings))
    done = await shopping(await new_account(client), FEW, variants)
    return done, event_delay_p95(before, await event_delays(_urls(settings)))


async def _of_many(client: GraphQLClient, settings: Settings, variants: list[str]) -> tuple[Shopping, list[Row]]:
    """Thirty-two buyers, and what an order of theirs costs."""
    account = await new_account(client)
    carts = await filled_carts(account, variants)
    cpu, work = cpu_seconds(settings), await counted(_urls(settings))
    done = await buying(account, MANY, carts)
    times = milliseconds_per_order(cpu, cpu_seconds(settings), done.orders)
    counts = per_order(work, await counted(_urls(settings)), done.orders)
    whole = Row("CPU time of an order", f"{sum(share for _, share in times):.1f} ms", "<= 40 ms")
    shares = [Row(f"  {name}", f"{share:.1f} ms", "") for name, share in times if share >= SHOWN_MILLISECONDS]
    return done, [whole, *shares, *(Row(f"{kind} of an order", f"{count:.1f}", "") for kind, count in counts)]


def _rows_of_few(done: Shopping, delay: float) -> list[Row]:
    return [
        Row(f"order placed -> confirmed, p95, {FEW} buyers", _milliseconds(done.confirming, 0.95), "< 400 ms"),
        Row("  its median", _milliseconds(done.confirming, 0.5), ""),
        Row("  checkoutPlaceOrder, p95", _milliseconds(done.placing, 0.95), "< 60 ms"),
        Row("  orders placed and confirmed a second", f"{done.per_second:.1f}", ""),
        Row("event committed -> effect elsewhere, p95", f"{delay * 1000:.0f} ms", "< 250 ms"),
    ]


def _rows_of_many(done: Shopping) -> list[Row]:
    return [
        Row(f"orders placed and confirmed a second, {MANY} buyers", f"{done.per_second:.1f}", ">= 50"),
        Row("  order placed -> confirmed, p95", _milliseconds(done.confirming, 0.95), ""),
        Row("  checkoutPlaceOrder, p95", _milliseconds(done.placing, 0.95), ""),
    ]


async def _books(settings: Settings) -> Row:
    """Whether provider, payments, orders and inventory agree on every order."""
    status, output = await reconciled(mesh_environment(settings, load_credentials(settings)))
    if status:
        print(output)
    return Row("differences between the books", "0" if status == 0 else "see above", "0")


def _milliseconds(durations: list[float], share: float) -> str:
    return f"{1000 * Measured(len(durations), 0, durations).percentile(share):.0f} ms"


def _urls(settings: Settings) -> list[str]:
    return [subgraph.url for subgraph in settings.subgraphs.values()]
