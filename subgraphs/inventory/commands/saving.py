"""Saves changes by which units become available: the orders that wait for them get theirs first."""

from collections.abc import Sequence

from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import WaitingLine, allocated, arrivals
from subgraphs.inventory.domain.stock import Change, Stock


async def save_and_allocate(
    work: InventoryWork, stock: Stock, change: Change, unwaited: Sequence[WaitingLine] = ()
) -> Stock:
    """Saves a change of locked stock; answers the stock of then.

    What it makes free goes to those who have waited longest.
    ``unwaited`` are lines that wait for fewer units by the change.
    """
    lines = list(unwaited)
    wanted = stock.after(change).wanted()
    if wanted:
        arrived = arrivals(await work.reservations.waiting_for(wanted), stock.after(change))
        lines += await work.reservations.allocate(arrived)
        change = change.and_then(allocated(arrived))
    return await work.stock.save(stock, change, lines)
