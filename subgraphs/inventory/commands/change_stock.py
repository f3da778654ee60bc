"""What staff do to stock: receive, adjust, transfer. Each is one transaction with its movements and events."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

import orjson

from shared.errors import UserErrors
from shared.json import dumps
from shared.persistence.idempotency import replayable
from subgraphs.inventory.commands.hand_over import write_and_hand_over
from subgraphs.inventory.domain.errors import not_enough_stock, out_of_range, variant_not_found, warehouse_not_found
from subgraphs.inventory.domain.requests import MOST_ON_HAND, Adjustment, Receipt, Transfer
from subgraphs.inventory.domain.stock import Cause, Change, Level, Movement, MovementKind, Stock
from subgraphs.inventory.infrastructure.stock import add_level, locked_stock
from subgraphs.inventory.queries.warehouses import StockLevelView, WarehouseView, warehouses_by_id

Request = Receipt | Adjustment | Transfer


async def receive_stock(receipt: Receipt, actor_id: UUID, idempotency_key: str) -> list[StockLevelView]:
    """Books pieces that came in; answers the level. Orders that wait for pieces get theirs first.

    Raises:
        UserErrors: when variant or warehouse are unknown or the warehouse is full; then nothing was changed.
        Conflict: when the key came with another request before.
    """

    async def receive() -> list[StockLevelView]:
        stock, warehouses = await _stock_in(receipt.variant_id, {"warehouseId": receipt.warehouse_id})
        _refuse_too_many(stock, receipt.variant_id, receipt.warehouse_id, receipt.quantity, "quantity")
        cause = Cause(receipt.reason, actor_id)
        place = receipt.variant_id, receipt.warehouse_id
        movement = Movement(MovementKind.RECEIVED, *place, receipt.quantity, 0, cause)
        return _views(await write_and_hand_over(stock, Change([movement])), receipt.variant_id, warehouses)

    return await _replayable_levels(f"stockReceive:{actor_id}", idempotency_key, receipt, receive)


async def adjust_stock(adjustment: Adjustment, actor_id: UUID, idempotency_key: str) -> list[StockLevelView]:
    """Corrects what lies in a warehouse; answers the level. Pieces that are held stay.

    Raises:
        UserErrors: when variant or warehouse are unknown, or fewer pieces are free than are to go; then nothing was changed.
        Conflict: when the key came with another request before.
    """

    async def adjust() -> list[StockLevelView]:
        stock, warehouses = await _stock_in(adjustment.variant_id, {"warehouseId": adjustment.warehouse_id})
        _refuse_too_many(stock, adjustment.variant_id, adjustment.warehouse_id, adjustment.delta, "delta")
        _refuse_too_few(stock, adjustment.variant_id, adjustment.warehouse_id, -adjustment.delta, "delta")
        cause = Cause(adjustment.reason, actor_id)
        place = adjustment.variant_id, adjustment.warehouse_id
        movement = Movement(MovementKind.ADJUSTED, *place, adjustment.delta, 0, cause)
        return _views(await write_and_hand_over(stock, Change([movement])), adjustment.variant_id, warehouses)

    return await _replayable_levels(f"stockAdjust:{actor_id}", idempotency_key, adjustment, adjust)


async def transfer_stock(transfer: Transfer, actor_id: UUID, idempotency_key: str) -> list[StockLevelView]:
    """Moves free pieces; answers the level that they left and the one that they came to.

    Raises:
        UserErrors: when something is unknown, too few pieces are free or the target is full; then nothing was changed.
        Conflict: when the key came with another request before.
    """

    async def move() -> list[StockLevelView]:
        variant_id, origin, target = transfer.variant_id, transfer.from_warehouse_id, transfer.to_warehouse_id
        stock, warehouses = await _stock_in(variant_id, {"fromWarehouseId": origin, "toWarehouseId": target})
        _refuse_too_few(stock, variant_id, origin, transfer.quantity, "quantity")
        _refuse_too_many(stock, variant_id, target, transfer.quantity, "quantity")
        cause = Cause(transfer.reason, actor_id)
        leaving = Movement(MovementKind.MOVED, variant_id, origin, -transfer.quantity, 0, cause)
        coming = Movement(MovementKind.MOVED, variant_id, target, transfer.quantity, 0, cause)
        return _views(await write_and_hand_over(stock, Change([leaving, coming])), variant_id, warehouses)

    return await _replayable_levels(f"stockTransfer:{actor_id}", idempotency_key, transfer, move)


async def _stock_in(variant_id: UUID, places: Mapping[str, UUID]) -> tuple[Stock, list[WarehouseView]]:
    """The variant's locked stock, with a level in each of the places, which are named by the fields that ask for them."""
    known = await warehouses_by_id(list(places.values()))
    stock = await locked_stock([variant_id])
    mistakes = [] if variant_id in stock.items else [variant_not_found()]
    mistakes += [warehouse_not_found(field) for field, warehouse_id in places.items() if warehouse_id not in known]
    if mistakes:
        raise UserErrors(*mistakes)
    warehouses = [known[warehouse_id] for warehouse_id in places.values()]
    for warehouse in warehouses:
        if stock.level(variant_id, warehouse.id) is None:
            stock = await add_level(stock, variant_id, warehouse.id, warehouse.priority)
    return stock, warehouses


def _refuse_too_few(stock: Stock, variant_id: UUID, warehouse_id: UUID, leaving: int, field: str) -> None:
    available = _level(stock, variant_id, warehouse_id).available
    if leaving > available:
        raise UserErrors(not_enough_stock(available, field))


def _refuse_too_many(stock: Stock, variant_id: UUID, warehouse_id: UUID, coming: int, field: str) -> None:
    room = max(0, MOST_ON_HAND - _level(stock, variant_id, warehouse_id).on_hand)  # what came back may be above it
    if coming > room:
        raise UserErrors(out_of_range(f"A warehouse takes {MOST_ON_HAND} pieces of a variant; {room} more fit in.", field))


def _level(stock: Stock, variant_id: UUID, warehouse_id: UUID) -> Level:
    level = stock.level(variant_id, warehouse_id)
    assert level is not None
    return level


def _views(stock: Stock, variant_id: UUID, warehouses: Sequence[WarehouseView]) -> list[StockLevelView]:
    levels = [(warehouse, _level(stock, variant_id, warehouse.id)) for warehouse in warehouses]
    return [StockLevelView(warehouse, level.on_hand, level.held) for warehouse, level in levels]


async def _replayable_levels(
    scope: str, key: str, request: Request, effect: Callable[[], Awaitable[list[StockLevelView]]]
) -> list[StockLevelView]:
    async def encoded() -> str:
        return dumps([asdict(level) for level in await effect()]).decode()

    return [_decoded(level) for level in orjson.loads(await replayable(scope, key, dumps(asdict(request)), encoded))]


def _decoded(level: dict[str, object]) -> StockLevelView:
    warehouse = level["warehouse"]
    assert isinstance(warehouse, dict)
    return StockLevelView(
        WarehouseView(**{**warehouse, "id": UUID(warehouse["id"])}), int(str(level["on_hand"])), int(str(level["held"]))
    )
