"""Inventory in memory with two warehouses, and what tests ask of it."""

from uuid import UUID, uuid4

from subgraphs.inventory.commands.commit_reservation import (
    CommitReservation,
    Committed,
    HoldExpired,
    commit_reservation,
)
from subgraphs.inventory.commands.release_reservation import ReleaseReservation, release_reservation
from subgraphs.inventory.commands.reserve_stock import ReserveStock, reserve_stock
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import InsufficientStock, Reserved
from subgraphs.inventory.domain.stock import Backorders, Item
from subgraphs.inventory.domain.warehouse import Warehouse
from tests.fakes.stock import InventoryTwin

HAMBURG = Warehouse(UUID(int=101), "HAM", "Hamburg", "DE", 1)
LYON = Warehouse(UUID(int=102), "LYS", "Lyon", "FR", 2)
STAFF = UUID(int=9)


def inventory() -> InventoryTwin:
    """Nothing in it yet."""
    twin = InventoryTwin()
    twin.warehouses.known = {each.id: each for each in (HAMBURG, LYON)}
    return twin


def stocked(twin: InventoryTwin, units: int, backorders: Backorders | None = None, waiting: int = 0) -> UUID:
    """A new variant with so many units in Hamburg."""
    variant_id = uuid4()
    twin.stock.items[variant_id] = Item(variant_id, backorders=backorders or Backorders(), waiting=waiting)
    twin.stock.on_hand[variant_id, HAMBURG.id] = units
    return variant_id


def available(twin: InventoryTwin, variant_id: UUID) -> int:
    """How many units can be promised."""
    on_hand = sum(units for (its, _), units in twin.stock.on_hand.items() if its == variant_id)
    return on_hand - sum(units for (its, _), units in twin.stock.held.items() if its == variant_id)


async def reserve(
    twin: InventoryTwin, order_id: UUID, *lines: Demand, attempt: int = 1, ttl_seconds: int = 60
) -> Reserved | InsufficientStock:
    """Holds lines of an order."""
    return await twin.perform(reserve_stock, ReserveStock(order_id, lines, ttl_seconds, attempt))


async def commit(twin: InventoryTwin, order_id: UUID, attempt: int = 1) -> Committed | HoldExpired:
    """Sells what an order holds."""
    return await twin.perform(commit_reservation, CommitReservation(order_id, attempt))


async def release(twin: InventoryTwin, order_id: UUID, attempt: int = 1) -> None:
    """Releases what an order holds."""
    await twin.perform(release_reservation, ReleaseReservation(order_id, attempt))


def told(twin: InventoryTwin, type_name: str) -> list[dict[str, object]]:
    """The payloads of events of a type, as they were recorded."""
    events = twin.events.events
    return [dict(event.payload) for event in events if event.type == f"mercato.inventory.{type_name}"]
