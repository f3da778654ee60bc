"""Password hashes, at a cost that tests can pay."""

import asyncio

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from starlette.types import Message

from shared.errors import RateLimited
from shared.runtime.callers import Caller, CallerGone
from subgraphs.users.infrastructure.passwords import Argon2Cost, Argon2Passwords, hash_of_nothing
from tests.subgraphs import eventually

CHEAP = Argon2Cost(passes=1, memory_kib=8192, lanes=1)


async def test_a_password_matches_its_hash_alone() -> None:
    passwords = Argon2Passwords(CHEAP, 1)
    stored = await passwords.hash("long enough")
    assert await passwords.matches("long enough", stored)
    assert not await passwords.matches("long enougH", stored)
    assert not await passwords.matches("long enough", None)
    assert not await passwords.matches("long enough", "no hash at all")


async def test_the_same_characters_typed_as_other_code_points_match() -> None:
    passwords = Argon2Passwords(CHEAP, 1)
    stored = await passwords.hash("Cafe\u0301 creme")
    assert await passwords.matches("Caf\u00e9 creme", stored)


def test_an_unknown_address_costs_as_much_as_a_wrong_password() -> None:
    """The hash of nothing is computed to the end: same parameters, and a mismatch, not a rejection of its form."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    nothing = hash_of_nothing(CHEAP)
    assert extract_parameters(nothing) == extract_parameters(hasher.hash("long enough"))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nothing, "long enough")


async def test_a_hash_of_another_cost_is_outdated() -> None:
    stored = await Argon2Passwords(CHEAP, 1).hash("long enough")
    assert not Argon2Passwords(CHEAP, 1).is_outdated(stored)
    assert Argon2Passwords(Argon2Cost(2, 8192, 1), 1).is_outdated(stored)


async def test_the_event_loop_turns_while_a_password_is_hashed() -> None:
    hashing = asyncio.create_task(Argon2Passwords(Argon2Cost(4, 65536, 1), 1).hash("long enough"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 3


async def test_only_a_few_have_a_slot_at_once() -> None:
    passwords = Argon2Passwords(CHEAP, 2)
    inside = most = 0

    async def take_slot() -> None:
        nonlocal inside, most
        async with passwords.slot():
            inside += 1
            most = max(most, inside)
            await passwords.hash("long enough")
            inside -= 1

    await asyncio.gather(*(take_slot() for _ in range(12)))
    assert most == 2


async def wait_for_slot(passwords: Argon2Passwords, caller: Caller) -> None:
    async def hash_in_slot() -> None:
        async with passwords.slot():
            await passwords.hash("long enough")

    await caller.attended(hash_in_slot(), 0.0)


async def all_wait(passwords: Argon2Passwords, count: int) -> None:
    async def look() -> bool:
        return passwords._waiting == count

    await eventually(look, f"{count} wait", pause_seconds=0.001)


async def never() -> Message:
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def test_who_comes_when_too_many_wait_is_rejected_at_once() -> None:
    passwords = Argon2Passwords(CHEAP, at_once=1, waiting=2)
    async with passwords.slot():
        waiting = [asyncio.create_task(wait_for_slot(passwords, Caller(never, 60))) for _ in range(2)]
        await all_wait(passwords, 2)
        with pytest.raises(RateLimited):
            await wait_for_slot(passwords, Caller(never, 60))
    await asyncio.gather(*waiting)
    await wait_for_slot(passwords, Caller(never, 60))


async def test_whoever_would_be_answered_too_late_is_rejected_before_any_work() -> None:
    passwords = Argon2Passwords(CHEAP, at_once=1, longest_wait_seconds=0.05)
    async with passwords.slot():
        with pytest.raises(RateLimited):
            await wait_for_slot(passwords, Caller(never, 60))
    await wait_for_slot(passwords, Caller(never, 60))


async def test_whoever_has_gone_is_dropped_from_the_queue() -> None:
    passwords, leaves = Argon2Passwords(CHEAP, at_once=1, waiting=1), asyncio.Event()

    async def left() -> Message:
        await leaves.wait()
        return {"type": "http.disconnect"}

    async with passwords.slot():
        waiting = asyncio.create_task(wait_for_slot(passwords, Caller(left, 60)))
        await all_wait(passwords, 1)
        leaves.set()
        with pytest.raises(CallerGone):
            await waiting
        following = asyncio.create_task(wait_for_slot(passwords, Caller(never, 60)))
        await all_wait(passwords, 1)
    await following
