"""Gives pieces that become free to the orders that wait for them."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from subgraphs.inventory.domain.promise import Arrival, WaitingLine, arrivals
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind, Stock
from subgraphs.inventory.infrastructure.stock import write
from subgraphs.inventory.infrastructure.waiting import hand_over, waiting_lines


async def write_and_hand_over(stock: Stock, change: Change, unwaited: Sequence[WaitingLine] = ()) -> Stock:
    """Writes a change of locked stock; what it makes free goes to those who have waited longest. Answers the stock of then.

    ``unwaited`` are lines that the change has wait for fewer pieces.
    """
    told = list(unwaited)
    then = stock.after(change)
    wanted = [variant_id for variant_id, item in then.items.items() if item.waiting > 0 and then.available(variant_id) > 0]
    if wanted:
        arrived = arrivals(await waiting_lines(wanted), then)
        told += await hand_over(arrived)
        change = change.and_then(_change(arrived))
    return await write(stock, change, told)


def _change(arrived: Sequence[Arrival]) -> Change:
    waiting: Counter[UUID] = Counter()
    for arrival in arrived:
        waiting[arrival.waiting.variant_id] -= arrival.quantity
    return Change([_movement(arrival) for arrival in arrived], waiting)


def _movement(arrival: Arrival) -> Movement:
    cause = Cause("came for an order that waited", order_id=arrival.waiting.order_id)
    place = arrival.waiting.variant_id, arrival.warehouse_id
    if arrival.waiting.is_sold:
        return Movement(MovementKind.SOLD, *place, -arrival.quantity, 0, cause)
    return Movement(MovementKind.HELD, *place, 0, arrival.quantity, cause)
