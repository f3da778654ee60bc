"""Inventory's handlers, performed in this process on its database as the entrypoints have them performed."""

from uuid import UUID

from shared.ids import new_id
from subgraphs.inventory.bootstrap import unit_of_work
from subgraphs.inventory.commands import set_available as available
from subgraphs.inventory.commands import set_policy as policy
from subgraphs.inventory.commands import tell_backorder as backorder
from subgraphs.inventory.domain.filling import fewest_shipments
from subgraphs.inventory.domain.stock import Backorders
from subgraphs.inventory.entrypoints.workers import Expiry

STAFF = new_id()
WORK = unit_of_work(fewest_shipments)


async def set_available(variant_id: UUID, units: int, reason: str = "for a test") -> None:
    """Puts a variant's stock to a number."""
    await WORK.perform(available.set_available, available.SetAvailable(variant_id, units, reason))


async def set_policy(variant_id: UUID, low_stock_threshold: int | None, backorders: Backorders | None) -> None:
    """Sets a variant's rules."""
    await WORK.perform(policy.set_policy, policy.SetPolicy(variant_id, low_stock_threshold, backorders, STAFF))


async def tell_backorder(order_id: UUID) -> None:
    """Publishes what an order waits for once more."""
    await WORK.perform(backorder.tell_backorder, backorder.TellBackorder(order_id))


async def sweep_overdue() -> int:
    """Ends the holds that are overdue."""
    return await Expiry(WORK).sweep()
