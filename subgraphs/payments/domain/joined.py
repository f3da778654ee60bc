"""The full outer join of three books, each read page by page in the order of their orders' ids."""

from collections.abc import AsyncIterator
from typing import Generic, Protocol, TypeVar
from uuid import UUID


class OfOrder(Protocol):
    """Anything that belongs to an order."""

    @property
    def order_id(self) -> UUID:
        """The order."""


First = TypeVar("First", bound=OfOrder)
Second = TypeVar("Second", bound=OfOrder)
Third = TypeVar("Third", bound=OfOrder)
Item = TypeVar("Item", bound=OfOrder)


async def joined(
    first: AsyncIterator[First], second: AsyncIterator[Second], third: AsyncIterator[Third]
) -> AsyncIterator[tuple[First | None, Second | None, Third | None]]:
    """What each book has of an order, order by order; memory is bounded by their pages."""
    heads = (_Head(first), _Head(second), _Head(third))
    for head in heads:
        await head.advance()
    while left := [head.item.order_id for head in heads if head.item is not None]:
        order_id = min(left)
        yield await heads[0].taken(order_id), await heads[1].taken(order_id), await heads[2].taken(order_id)


class _Head(Generic[Item]):
    """The next item of a book; None at its end."""

    item: Item | None

    def __init__(self, items: AsyncIterator[Item]) -> None:
        self._items = items

    async def advance(self) -> None:
        self.item = await anext(self._items, None)

    async def taken(self, order_id: UUID) -> Item | None:
        """The item, if it is this order's; then the next one follows."""
        item = self.item
        if item is None or item.order_id != order_id:
            return None
        await self.advance()
        return item
