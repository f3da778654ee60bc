"""Whether an address has an account shows neither in the words of an answer nor in how long it takes.

How long is compared by ranks (Mann and Whitney, 1947): of all pairs of a known and an unknown address, asked in
turns, in which share the known one took longer. Half of them when nothing can be told; by chance, with so many pairs,
hardly ever (five standard deviations) outside of the limits here. An answer that takes a hash longer is told by all.
"""

import secrets
import statistics
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.integration.users.shoppers import LOG_IN, PASSWORD, REGISTER, Shop, codes, new_email

ROUNDS = 120
# The share's standard deviation is sqrt((2n + 1) / 12) / n: 0.037 of 120 each.
LEAST, MOST = 0.31, 0.69
FORGOT = (
    "mutation ($input: UserRequestPasswordResetInput!)"
    " { userRequestPasswordReset(input: $input) { errors { code message field } } }"
)

Ask = Callable[[], Awaitable[object]]


async def share_of_longer(known: Ask, unknown: Ask) -> float:
    """In which share of pairs the first took longer; which of both comes first is left to chance in each round."""
    took: tuple[list[float], list[float]] = [], []
    for _ in range(ROUNDS):
        for which in secrets.SystemRandom().sample((0, 1), 2):
            began = time.perf_counter()
            await (known, unknown)[which]()
            took[which].append(time.perf_counter() - began)
    return statistics.fmean((one > other) + (one == other) / 2 for one in took[0] for other in took[1])


async def opened_long_before(shop: Shop) -> str:
    ada = await shop.shopper()
    await shop.sql("UPDATE users SET created_at = created_at - interval '1 day' WHERE email = $1", ada.email)
    return ada.email


async def test_asking_for_another_password_tells_nothing_by_its_answer(shop: Shop) -> None:
    known = await shop.mutate(FORGOT, email=(await shop.shopper()).email)
    assert await shop.mutate(FORGOT, email=new_email()) == known == {"errors": []}


async def test_asking_for_another_password_tells_nothing_by_its_time(shop: Shop) -> None:
    email = (await shop.shopper()).email
    share = await share_of_longer(
        lambda: shop.mutate(FORGOT, email=email), lambda: shop.mutate(FORGOT, email=new_email())
    )
    assert LEAST < share < MOST


async def test_logging_in_tells_nothing_by_its_time(shop: Shop) -> None:
    known = [await opened_long_before(shop) for _ in range(ROUNDS // 9 + 1)] * 9
    share = await share_of_longer(
        lambda: shop.mutate(LOG_IN, email=known.pop(), password="wrong password"),
        lambda: shop.mutate(LOG_IN, email=new_email(), password="wrong password"),
    )
    assert LEAST < share < MOST


async def test_registering_tells_nothing_by_its_time_of_how_old_an_account_is(shop: Shop) -> None:
    """That there is one is told in words."""
    old = [await opened_long_before(shop) for _ in range(ROUNDS // 9 + 1)] * 9  # under the throttle's ten failures
    young = [(await shop.shopper()).email for _ in range(ROUNDS // 9 + 1)] * 9

    async def asked(email: str) -> None:
        answer = await shop.mutate(REGISTER, email=email, password=f"{PASSWORD} 2", name="Ada")
        assert codes(answer) == ["EMAIL_TAKEN"]

    share = await share_of_longer(lambda: asked(old.pop()), lambda: asked(young.pop()))
    assert LEAST < share < MOST


async def test_a_hash_more_would_be_noticed(shop: Shop) -> None:
    """What these tests look for, if it were there: an answer that is given before a password is hashed."""
    share = await share_of_longer(
        lambda: shop.mutate(LOG_IN, email=new_email(), password="wrong password"),
        lambda: shop.mutate(FORGOT, email="no address"),
    )
    assert share > MOST


@pytest.mark.parametrize("email", ["", "no address", "x" * 100_000, "\x00@example.com"])
async def test_what_is_no_address_is_told_with_its_field(shop: Shop, email: str) -> None:
    refused = await shop.mutate(FORGOT, email=email)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", ["email"])]
