"""What resolvers ask for at the same time is loaded at once."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from shared.graphql.context import RequestContext
from shared.graphql.dataloader import DataLoader, data_loader


class Loads:
    """What loads, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(list(keys))
        return {key: key * 10 for key in keys}


async def test_keys_asked_for_together_are_loaded_once_and_repeated_ones_only_once() -> None:
    load = Loads()
    loader = DataLoader(load)
    assert await asyncio.gather(*map(loader.get, (1, 2, 3, 2))) == [10, 20, 30, 20]
    assert load.asked == [[1, 2, 3]]


async def test_requests_and_names_are_kept_apart() -> None:
    load, one, other = Loads(), RequestContext(None), RequestContext(None)
    await asyncio.gather(
        data_loader(one, "name", load).get(1),
        data_loader(other, "name", load).get(2),
        data_loader(one, "another name", load).get(3),
        data_loader(one, "name", load).get(4),
    )
    assert sorted(load.asked) == [[1, 4], [2], [3]]


async def test_a_later_question_is_a_load_of_its_own() -> None:
    load = Loads()
    loader = DataLoader(load)
    for _ in range(2):
        await loader.get(1)
    assert load.asked == [[1], [1]]


async def test_a_failure_reaches_everybody_who_asked_and_nobody_after_them() -> None:
    failures = [ConnectionError()]

    async def load(keys: Sequence[int]) -> Mapping[int, int]:
        if failures:
            raise failures.pop()
        return {key: key * 10 for key in keys}

    loader = DataLoader(load)
    outcomes = await asyncio.gather(*map(loader.get, (1, 2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError, ConnectionError]
    assert await loader.get(1) == 10


async def test_one_who_gives_up_does_not_take_the_others_down() -> None:
    release = asyncio.Event()

    async def slow(keys: Sequence[int]) -> Mapping[int, int]:
        await release.wait()
        return {key: key * 10 for key in keys}

    loader = DataLoader(slow)
    impatient, patient = (asyncio.create_task(loader.get(key)) for key in (1, 2))
    await asyncio.wait([impatient], timeout=0.01)
    impatient.cancel()
    release.set()
    assert await patient == 20
    with pytest.raises(asyncio.CancelledError):
        await impatient
