"""What resolvers ask for at the same time is loaded at once."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from subgraphs.products.queries.batching import Batcher


class Loads:
    """A loader that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def __call__(self, items: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(list(items))
        return {item: item * 10 for item in items}


async def test_items_asked_for_together_are_loaded_once_and_repeated_ones_only_once() -> None:
    batcher: Batcher[int, int] = Batcher()
    load, request = Loads(), object()
    results = await asyncio.gather(*(batcher.get(request, "kind", item, load) for item in (1, 2, 3, 2)))
    assert results == [10, 20, 30, 20]
    assert load.asked == [[1, 2, 3]]


async def test_requests_and_kinds_are_kept_apart() -> None:
    batcher: Batcher[int, int] = Batcher()
    load, one, other = Loads(), object(), object()
    await asyncio.gather(
        batcher.get(one, "kind", 1, load),
        batcher.get(other, "kind", 2, load),
        batcher.get(one, "another kind", 3, load),
    )
    assert sorted(load.asked) == [[1], [2], [3]]


async def test_a_later_question_is_a_load_of_its_own() -> None:
    batcher: Batcher[int, int] = Batcher()
    load, request = Loads(), object()
    await batcher.get(request, "kind", 1, load)
    await batcher.get(request, "kind", 1, load)
    assert load.asked == [[1], [1]]


async def test_a_failure_reaches_everybody_who_asked() -> None:
    batcher: Batcher[int, int] = Batcher()

    async def fail(_: Sequence[int]) -> Mapping[int, int]:
        raise ConnectionError

    request = object()
    outcomes = await asyncio.gather(
        *(batcher.get(request, "kind", item, fail) for item in (1, 2)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [ConnectionError, ConnectionError]


async def test_one_who_gives_up_does_not_take_the_others_down() -> None:
    batcher: Batcher[int, int] = Batcher()
    request, release = object(), asyncio.Event()

    async def slow(items: Sequence[int]) -> Mapping[int, int]:
        await release.wait()
        return {item: item * 10 for item in items}

    impatient, patient = (asyncio.create_task(batcher.get(request, "kind", item, slow)) for item in (1, 2))
    await asyncio.wait([impatient], timeout=0.01)
    impatient.cancel()
    release.set()
    assert await patient == 20
    with pytest.raises(asyncio.CancelledError):
        await impatient
