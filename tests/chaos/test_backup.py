"""All databases and Kafka are lost and come back from a backup that was taken while orders were on their way."""

import asyncio
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import asyncpg
import httpx
import pytest_asyncio

from subgraphs.payments.domain.reconciliation import Kind
from tests.backends import Backends
from tests.backups import command, migrated_databases
from tests.chaos.shop import SUBGRAPHS, Shop, opened
from tests.identity import Issuer
from tests.reconciliation import reconciled
from tests.subgraphs import eventually
from tilt.embedded.subgraphs import SUBGRAPHS as ALL
from tilt.embedded.topics import all_topics

OTHERS = tuple(name for name in ALL if name not in SUBGRAPHS)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(issuer: Issuer) -> AsyncIterator[Shop]:
    """A shop with servers of its own, for its tests lose all of them."""
    with tempfile.TemporaryDirectory(prefix="mercato-backup-") as folder:
        servers = Backends(Path(folder))
        try:
            async with opened(servers, issuer) as shop:
                yield shop
        finally:
            await servers.stop()


async def whole_environment(shop: Shop) -> dict[str, str]:
    """The shop's, with databases of the subgraphs that it does without."""
    return {**shop.environment, **await migrated_databases(shop.backends, *OTHERS)}


async def lose_everything(shop: Shop, environment: Mapping[str, str]) -> None:
    """Stops the shop, empties every database, and gives it a Kafka that never heard of it."""
    await asyncio.gather(*(each.stop() for each in shop.processes.values()))
    for name in (*SUBGRAPHS, *OTHERS):
        connection = await asyncpg.connect(environment[f"{name.upper()}_DATABASE_URL"])
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.close()
    kafka = await shop.backends.kafka()
    await kafka.stop()
    shutil.rmtree(kafka.data)
    await kafka.start()
    await kafka.wait_healthy()
    await kafka.create_topics(all_topics())


async def come_back(shop: Shop, environment: Mapping[str, str], folder: Path, deadlines: str) -> Mapping[str, str]:
    """Loses all, restores it, starts the shop, and answers what became of each order.

    ``deadlines`` is when orders are given up.
    """
    await lose_everything(shop, environment)
    status, output = await command("restore", environment, str(folder))
    assert status == 0, output
    connection = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    await connection.execute(f"UPDATE sagas SET deadline_at = now() + interval '{deadlines}' WHERE due_at IS NOT NULL")
    await connection.close()
    await asyncio.gather(*(each.start() for each in shop.processes.values()))
    return await shop.settled()


async def test_orders_under_way_at_the_backup_are_finished_after_the_restore_and_charged_once(
    shop: Shop, tmp_path: Path
) -> None:
    environment = await whole_environment(shop)
    variant = await shop.variant(60)
    settled = [await shop.buyer().placed({variant: 1}) for _ in range(5)]
    await shop.settled()
    under_way = await asyncio.gather(*(shop.buyer().placed({variant: 1}) for _ in range(20)))
    status, output = await command("backup", environment, str(tmp_path / "backup"))
    assert status == 0, output
    status, complaint = await command("restore", environment, str(tmp_path / "backup"))
    assert (status, "stop the shop first" in complaint) == (1, True)
    await shop.settled()

    statuses = await come_back(shop, environment, tmp_path / "backup", "10 minutes")
    assert {statuses[order_id] for order_id in (*settled, *under_way)} == {"CONFIRMED"}
    charged = Counter(payment["ours"].get("order_id") for payment in await shop.stripe.ledger())
    assert [charged[order_id] for order_id in (*settled, *under_way)] == [1] * 25
    assert await shop.available(variant) == 35
    await eventually(lambda: _is_known(shop, variant, 35), "orders knows the stock again")
    await shop.assert_reconciled()


async def test_orders_given_up_after_the_restore_are_listed_until_their_money_is_given_back(
    shop: Shop, tmp_path: Path
) -> None:
    """As when hours lie between backup and restore: their deadline is over, and payments knows of nothing to void."""
    environment = await whole_environment(shop)
    variant = await shop.variant(10)
    shop.processes["payments"].send(signal.SIGSTOP)
    under_way = [await shop.buyer().placed({variant: 1}) for _ in range(3)]
    status, output = await command("backup", environment, str(tmp_path / "backup"))
    shop.processes["payments"].send(signal.SIGCONT)
    assert status == 0, output
    await shop.settled()
    assert (await shop.charges()).keys() >= set(under_way)

    statuses = await come_back(shop, environment, tmp_path / "backup", "-1 hour")
    assert {statuses[order_id] for order_id in under_way} == {"CANCELLED"}
    status, output = await reconciled(environment)
    assert (status, _kinds(output)) == (1, {Kind.CHARGED_UNKNOWN: 3}), output
    await _refund_at_the_provider(shop, under_way)
    assert await shop.available(variant) == 10
    await shop.assert_reconciled()


async def _is_known(shop: Shop, variant: str, stock: int) -> bool:
    return await shop.known_stock(variant) == stock


async def test_what_was_done_after_the_backup_is_what_the_reconciler_lists(shop: Shop, tmp_path: Path) -> None:
    """Orders that nobody remembers are refunded at the provider by hand; forgotten refunds ``--repair`` has booked."""
    environment = await whole_environment(shop)
    variant = await shop.variant(10)
    kept = await shop.buyer().placed({variant: 1})
    refunded = await shop.buyer().placed({variant: 1})
    await shop.settled()
    status, output = await command("backup", environment, str(tmp_path / "backup"))
    assert status == 0, output
    forgotten = [await shop.buyer().placed({variant: 1}) for _ in range(2)]
    await shop.settled()
    await shop.staff().refund(refunded)
    await eventually(shop.nothing_is_under_way, "the refund is made")

    statuses = await come_back(shop, environment, tmp_path / "backup", "10 minutes")
    assert (statuses[kept], statuses[refunded], len(statuses.keys() & set(forgotten))) == ("CONFIRMED", "CONFIRMED", 0)
    status, output = await reconciled(environment)
    assert (status, _kinds(output)) == (1, {Kind.CHARGED_UNKNOWN: 2, Kind.PROVIDER_AMOUNT: 1}), output
    await _refund_at_the_provider(shop, forgotten)
    _, output = await reconciled(environment, "--repair")
    assert _kinds(output) == {Kind.PROVIDER_AMOUNT: 1}, output
    await shop.assert_reconciled()
    assert (await shop.statuses())[refunded] == "REFUNDED"
    assert await shop.available(variant) == 9  # nothing of it had left


def _kinds(output: str) -> Counter[Kind]:
    first_words = (line.split(maxsplit=1)[0] for line in output.splitlines() if line.strip())
    return Counter(Kind(word) for word in first_words if word in set(Kind))


async def _refund_at_the_provider(shop: Shop, orders: list[str]) -> None:
    """As a person does by hand, who looks for the orders' ids."""
    key = {"authorization": f"Bearer {shop.environment['STRIPE_API_KEY']}"}
    async with httpx.AsyncClient(base_url=shop.stripe.url, headers=key) as http:
        for payment in await shop.stripe.ledger():
            if payment["ours"].get("order_id") in orders:
                (await http.post("/v1/refunds", data={"payment_intent": payment["reference"]})).raise_for_status()
