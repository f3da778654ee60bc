"""What belongs to orders and is read only when somebody asks for it: then for all orders of an answer at once."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.runtime import callers

Found = TypeVar("Found")


class Related(Generic[Found]):
    """Something of each of some orders, in one statement however many they are."""

    def __init__(
        self, order_ids: Sequence[UUID], load: Callable[[Sequence[UUID]], Coroutine[Any, Any, Mapping[UUID, Found]]]
    ) -> None:
        self._order_ids = order_ids
        self._load = load
        self._loading: asyncio.Task[Mapping[UUID, Found]] | None = None

    async def of(self, order_id: UUID) -> Found | None:
        """That of one of the orders; None when it has none."""
        if self._loading is None:
            self._loading = callers.start(self._load(self._order_ids))
        return (await self._loading).get(order_id)
