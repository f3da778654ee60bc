"""Password hashes, at a cost that tests can pay."""

import asyncio

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from subgraphs.users.infrastructure.passwords import Argon2Cost, Passwords, hash_of_nothing

CHEAP = Argon2Cost(passes=1, memory_kib=8192, lanes=1)


async def test_a_password_matches_its_hash_alone() -> None:
    passwords = Passwords(CHEAP, 1)
    stored = await passwords.hash("long enough")
    assert await passwords.matches("long enough", stored)
    assert not await passwords.matches("long enougH", stored)
    assert not await passwords.matches("long enough", None)
    assert not await passwords.matches("long enough", "no hash at all")


async def test_the_same_characters_typed_as_other_code_points_match() -> None:
    passwords = Passwords(CHEAP, 1)
    stored = await passwords.hash("Cafe\u0301 creme")
    assert await passwords.matches("Caf\u00e9 creme", stored)


def test_an_unknown_address_costs_as_much_as_a_wrong_password() -> None:
    """The hash of nothing is computed to the end: same parameters, and a mismatch, not a refusal of its form."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    nothing = hash_of_nothing(CHEAP)
    assert extract_parameters(nothing) == extract_parameters(hasher.hash("long enough"))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nothing, "long enough")


async def test_a_hash_of_another_cost_is_outdated() -> None:
    stored = await Passwords(CHEAP, 1).hash("long enough")
    assert not Passwords(CHEAP, 1).is_outdated(stored)
    assert Passwords(Argon2Cost(2, 8192, 1), 1).is_outdated(stored)


async def test_the_event_loop_turns_while_a_password_is_hashed() -> None:
    hashing = asyncio.create_task(Passwords(Argon2Cost(4, 65536, 1), 1).hash("long enough"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 3


async def test_only_a_few_take_their_turn_at_once() -> None:
    passwords = Passwords(CHEAP, 2)
    inside = most = 0

    async def take_turn() -> None:
        nonlocal inside, most
        async with passwords.turn():
            inside += 1
            most = max(most, inside)
            await passwords.hash("long enough")
            inside -= 1

    await asyncio.gather(*(take_turn() for _ in range(12)))
    assert most == 2
