"""One statement for what many resolvers of a request ask for at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shared.runtime import callers

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")

Load = Callable[[Sequence[Item]], Awaitable[Mapping[Item, Result]]]


@dataclass(slots=True)
class _Batch(Generic[Item, Result]):
    request: object  # held, so that its id stays its own while the batch collects
    load: Load[Item, Result]
    items: dict[Item, None] = field(default_factory=dict)


class Batcher(Generic[Item, Result]):
    """Collects items that are asked for in the same turn of the event loop; loads those of a request and a kind together."""

    def __init__(self) -> None:
        self._collecting: dict[
            tuple[int, Hashable], tuple[_Batch[Item, Result], asyncio.Task[Mapping[Item, Result]]]
        ] = {}

    async def get(self, request: object, kind: Hashable, item: Item, load: Load[Item, Result]) -> Result:
        """The result for one item; ``load`` must be the same for the same ``kind``, and answer all its items."""
        place = (id(request), kind)
        if place not in self._collecting:
            batch = _Batch(request, load)
            self._collecting[place] = (batch, callers.start(self._run(place, batch)))
        batch, task = self._collecting[place]
        batch.items[item] = None
        results = await asyncio.shield(task)
        return results[item]

    async def _run(self, place: tuple[int, Hashable], batch: _Batch[Item, Result]) -> Mapping[Item, Result]:
        # The task starts after those that are ready now: the resolvers beside the one that began it.
        del self._collecting[place]
        return await batch.load(list(batch.items))
