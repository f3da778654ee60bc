"""When nothing is under way: what the provider tells has arrived, what subgraphs tell each other too,
and no saga can go on.

An order that only its buyer can bring on is quiet: it is looked at again and again, and nothing comes of that.
"""

from uuid import UUID

import asyncpg

from subgraphs.orders.bootstrap import cart_unit_of_work, unit_of_work
from subgraphs.orders.domain.fulfilment import Step
from subgraphs.orders.entrypoints.catalogue_events import CatalogueEvents
from subgraphs.orders.entrypoints.events import handlers
from subgraphs.payments.domain.status import PaymentStatus
from tests.chaos.shop import Shop
from tests.chaos.ways_out.world import GONE
from tests.fakes.inventory import FakeInventory
from tests.fakes.payments import FakePayments
from tests.orders import TOKENS
from tests.subgraphs import eventually

SECONDS = 90.0
_TELLING = ("payments", "inventory")
_TOLD = "SELECT event_id FROM outbox WHERE type = ANY($1::text[])"
_HEARD = "SELECT event_id FROM inbox"
_OPEN_SAGAS = "SELECT order_id FROM sagas WHERE due_at IS NOT NULL"
_ASKING_SAGAS = f"""
SELECT order_id FROM sagas WHERE step = '{Step.AWAIT_ACTION}' AND NOT is_cancel_requested AND deadline_at > now()
"""
# Of a provider that the shop does not know any more the next look makes a refusal.
_ASKED = f"SELECT order_id FROM payments WHERE status = '{PaymentStatus.REQUIRES_ACTION}' AND provider <> '{GONE}'"
_LOOKS = "SELECT order_id FROM payments WHERE follow_at <= now() + interval '3 seconds' OR lease IS NOT NULL"


async def quiet(shop: Shop) -> None:
    """Returns when nothing is under way any more."""
    await eventually(lambda: _is_quiet(shop), f"nothing is under way; the logs are in {shop.logs}", SECONDS)


async def _is_quiet(shop: Shop) -> bool:
    if not all(_has_arrived(delivery) for delivery in await shop.stripe.deliveries()):
        return False
    if await _ids(shop, "payments", _LOOKS) - await _ids(shop, "payments", _ASKED) or await _can_go_on(shop):
        return False
    of_orders = handlers(unit_of_work(FakeInventory(), FakePayments(), TOKENS))
    read = (*CatalogueEvents(cart_unit_of_work()).handlers(), *of_orders)
    types = [handler.event_type for handler in read]
    told = [await _ids(shop, subgraph, _TOLD, types) for subgraph in _TELLING]
    # Sagas once more: what was heard meanwhile may have begun one.
    return set().union(*told) <= await _ids(shop, "orders", _HEARD) and not await _can_go_on(shop)


async def _can_go_on(shop: Shop) -> bool:
    """Whether there is an order that nobody outside of the shop need bring on."""
    waiting = await _ids(shop, "orders", _ASKING_SAGAS) & await _ids(shop, "payments", _ASKED)
    return bool(await _ids(shop, "orders", _OPEN_SAGAS) - waiting)


def _has_arrived(delivery: dict[str, object]) -> bool:
    return delivery["is_lost"] is True or delivery["status"] in (200, 204)


async def _ids(shop: Shop, subgraph: str, sql: str, *arguments: object) -> set[UUID]:
    connection = await asyncpg.connect(shop.environment[f"{subgraph.upper()}_DATABASE_URL"])
    try:
        return {row[0] for row in await connection.fetch(sql, *arguments)}
    finally:
        await connection.close()
