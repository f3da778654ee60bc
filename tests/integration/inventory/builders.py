"""Stock for tests, and commands in transactions of their own, as the entrypoints run them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.inventory.commands.commit_reservation import CommitReservation, Committed, commit_reservation
from subgraphs.inventory.commands.drop_waiting import DropWaiting, drop_waiting
from subgraphs.inventory.commands.receive_stock import ReceiveStock, receive_stock
from subgraphs.inventory.commands.release_reservation import ReleaseReservation, release_reservation
from subgraphs.inventory.commands.reserve_stock import ReserveStock, reserve_stock
from subgraphs.inventory.commands.return_units import ReturnUnits, return_units
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import InsufficientStock, Reserved, Shortage, WaitingLine
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders
from subgraphs.inventory.infrastructure.tables import StockItem, StockLevel, Warehouse
from subgraphs.inventory.queries.audits import find_stock_differences
from subgraphs.inventory.queries.stock import VariantStock, stock_by_variant
from tests.stock import STAFF, WORK, set_available, set_policy


async def warehouse(code: str) -> UUID:
    """The warehouse with this code."""
    found, _ = await Warehouse.get_or_create(code=code, defaults={"id": new_id(), "name": code, "country": "DE"})
    return found.id


async def stocked_variant(available: int) -> UUID:
    """A new variant with this many units, known in two warehouses."""
    variant_id = new_id()
    async with db.transaction():
        await StockItem.create(variant_id=variant_id, version=0)
        for code in ("ONE", "TWO"):
            await StockLevel.create(variant_id=variant_id, warehouse_id=await warehouse(code), on_hand=0, held=0)
    await set_available(variant_id, available)
    return variant_id


async def allow_backorders(variant_id: UUID, limit: int | None = None) -> None:
    """Lets a variant be bought beyond what is there."""
    await set_policy(variant_id, None, Backorders(is_allowed=True, limit=limit))


async def receive(variant_id: UUID, quantity: int, code: str = "ONE") -> None:
    """Units come in."""
    await WORK.perform(receive_stock, ReceiveStock(variant_id, await warehouse(code), quantity, "delivery", STAFF))


async def reserve(
    variant_id: UUID,
    quantity: int,
    order_id: UUID,
    ttl_seconds: int = 900,
    line_id: UUID | None = None,
    attempt: int = 1,
) -> datetime | list[Shortage]:
    """Holds one line of an order."""
    return await reserve_lines(order_id, [Demand(line_id or new_id(), variant_id, quantity)], ttl_seconds, attempt)


async def reserve_lines(
    order_id: UUID, lines: Sequence[Demand], ttl_seconds: int = 900, attempt: int = 1
) -> datetime | list[Shortage]:
    """Holds all lines of an order."""
    outcome = await reserved_lines(order_id, lines, ttl_seconds, attempt)
    return outcome.expires_at if isinstance(outcome, Reserved) else outcome


async def reserved_lines(
    order_id: UUID, lines: Sequence[Demand], ttl_seconds: int = 900, attempt: int = 1
) -> Reserved | list[Shortage]:
    """The same, with what is waited for."""
    outcome = await WORK.perform(reserve_stock, ReserveStock(order_id, lines, ttl_seconds, attempt))
    return list(outcome.shortages) if isinstance(outcome, InsufficientStock) else outcome


async def commit(order_id: UUID, attempt: int = 1) -> bool:
    """Sells what an order holds."""
    return await committed(order_id, attempt) is not None


async def committed(order_id: UUID, attempt: int = 1) -> Sequence[WaitingLine] | None:
    """The same, with what is waited for anew."""
    outcome = await WORK.perform(commit_reservation, CommitReservation(order_id, attempt))
    return outcome.waiting if isinstance(outcome, Committed) else None


async def drop(order_id: UUID, *refunded: Wanted) -> Sequence[WaitingLine]:
    """Ends the waiting for refunded units that never came."""
    return await WORK.perform(drop_waiting, DropWaiting(order_id, refunded))


async def release(order_id: UUID, attempt: int = 1) -> None:
    """Releases what an order holds."""
    await WORK.perform(release_reservation, ReleaseReservation(order_id, attempt))


async def put_back(order_id: UUID, *wanted: Wanted, attempt: int = 1) -> None:
    """Puts sold units back; all of them when none are named."""
    await WORK.perform(return_units, ReturnUnits(order_id, wanted, attempt))


async def end_hold(order_id: UUID) -> None:
    """Lets the time of an order's hold be over."""
    await db.execute(
        "UPDATE reservations SET expires_at = clock_timestamp() - interval '1 second' WHERE order_id = $1", order_id
    )


async def stock(variant_id: UUID) -> VariantStock:
    """The variant as the SDL has it."""
    return (await stock_by_variant([variant_id]))[variant_id]


async def available(variant_id: UUID) -> int:
    """How many can be bought."""
    return (await stock(variant_id)).stock.available


async def waiting(variant_id: UUID) -> int:
    """How many units orders wait for."""
    return (await stock(variant_id)).stock_policy.backorder.waiting


async def assert_books_agree() -> None:
    """Stock, ledger and reservations explain each other."""
    assert await find_stock_differences() == []
