"""One statement for what many resolvers of a request ask for at the same time.

Source of the pattern: the DataLoader of the GraphQL Foundation.
Unlike that one it remembers nothing once it has answered: a mutation in the same request may have changed it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from shared.graphql.context import RequestContext
from shared.runtime import callers

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

Load = Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]


class DataLoader(Generic[Key, Value]):
    """Collects the keys that are asked for in the same turn of the event loop, and loads them together.

    ``load`` answers all of its keys.
    """

    def __init__(self, load: Load[Key, Value]) -> None:
        self._load = load
        self._keys: dict[Key, None] = {}
        self._loading: asyncio.Task[Mapping[Key, Value]] | None = None

    async def get(self, key: Key) -> Value:
        """The value of a key."""
        if self._loading is None:
            self._loading = callers.start(self._run())
        self._keys[key] = None
        return (await asyncio.shield(self._loading))[key]

    async def _run(self) -> Mapping[Key, Value]:
        # The task starts after those that are ready now: the resolvers beside the one that began it.
        keys, self._keys, self._loading = list(self._keys), {}, None
        return await self._load(keys)


def data_loader(context: RequestContext, name: Hashable, load: Load[Key, Value]) -> DataLoader[Key, Value]:
    """The request's loader of this name; ``load`` must be the same for the same name."""
    loader: DataLoader[Key, Value] | None = context.loaders.get(name)
    if loader is None:
        loader = context.loaders[name] = DataLoader[Any, Any](load)
    return loader
