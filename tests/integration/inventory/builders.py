"""Stock for tests, and commands in transactions of their own, as the entrypoints run them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.inventory.commands.change_stock import receive_stock
from subgraphs.inventory.commands.commit_reservation import commit_reservation
from subgraphs.inventory.commands.release_reservation import release_reservation
from subgraphs.inventory.commands.reserve_stock import reserve_stock
from subgraphs.inventory.commands.return_stock import drop_waiting, return_stock
from subgraphs.inventory.commands.set_policy import set_policy
from subgraphs.inventory.commands.set_stock import set_available
from subgraphs.inventory.domain.filling import Demand, fewest_parcels
from subgraphs.inventory.domain.promise import Reserved, Shortage, WaitingLine
from subgraphs.inventory.domain.requests import PolicyChange, Receipt
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders
from subgraphs.inventory.infrastructure.tables import StockItem, StockLevel, Warehouse
from subgraphs.inventory.queries.audits import find_stock_differences
from subgraphs.inventory.queries.stock import VariantStock, stock_by_variant

STAFF = new_id()


async def warehouse(code: str) -> UUID:
    """The warehouse with this code."""
    found, _ = await Warehouse.get_or_create(code=code, defaults={"id": new_id(), "name": code, "country": "DE"})
    return found.id


async def stocked_variant(available: int) -> UUID:
    """A new variant with this many pieces, known in two warehouses."""
    variant_id = new_id()
    async with db.transaction():
        await StockItem.create(variant_id=variant_id, version=0)
        for code in ("ONE", "TWO"):
            await StockLevel.create(variant_id=variant_id, warehouse_id=await warehouse(code), on_hand=0, held=0)
    await set_available(variant_id, available, "test")
    return variant_id


async def allow_backorders(variant_id: UUID, limit: int | None = None) -> None:
    """Lets a variant be bought beyond what is there."""
    await set_policy(PolicyChange(variant_id, None, Backorders(is_allowed=True, limit=limit)), STAFF)


async def receive(variant_id: UUID, quantity: int, code: str = "ONE") -> None:
    """Pieces come in."""
    await receive_stock(Receipt(variant_id, await warehouse(code), quantity, "delivery"), STAFF, str(new_id()))


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
    async with db.transaction():
        return await reserve_stock(order_id, lines, ttl_seconds, fewest_parcels, attempt)


async def commit(order_id: UUID, attempt: int = 1) -> bool:
    """Sells what an order holds."""
    return await committed(order_id, attempt) is not None


async def committed(order_id: UUID, attempt: int = 1) -> Sequence[WaitingLine] | None:
    """The same, with what is waited for anew."""
    async with db.transaction():
        return await commit_reservation(order_id, fewest_parcels, attempt)


async def drop(order_id: UUID, *refunded: Wanted) -> Sequence[WaitingLine]:
    """Ends the waiting for refunded pieces that never came."""
    async with db.transaction():
        return await drop_waiting(order_id, refunded)


async def release(order_id: UUID, attempt: int = 1) -> None:
    """Gives back what an order holds."""
    async with db.transaction():
        await release_reservation(order_id, attempt)


async def put_back(order_id: UUID, *wanted: Wanted, attempt: int = 1) -> None:
    """Puts sold pieces back; all of them when none are named."""
    async with db.transaction():
        await return_stock(order_id, wanted, attempt)


async def end_hold(order_id: UUID) -> None:
    """Lets the time of an order's hold be over."""
    await db.execute("UPDATE reservations SET expires_at = clock_timestamp() - interval '1 second' WHERE order_id = $1", order_id)


async def stock(variant_id: UUID) -> VariantStock:
    """The variant as the SDL has it."""
    return (await stock_by_variant([variant_id]))[variant_id]


async def available(variant_id: UUID) -> int:
    """How many can be bought."""
    return (await stock(variant_id)).stock.available


async def waiting(variant_id: UUID) -> int:
    """How many pieces orders wait for."""
    return (await stock(variant_id)).stock_policy.backorder.waiting


async def assert_books_agree() -> None:
    """Stock, ledger and reservations explain each other."""
    assert await find_stock_differences() == []
