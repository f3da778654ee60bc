"""One contract for the ports by which accounts change: the twins in memory and Postgres answer alike."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shared.ids import new_id
from subgraphs.users.domain.account import NewAccount
from subgraphs.users.domain.links import LIFETIMES, Link, Purpose
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.tokens import UNKNOWN_ORIGIN
from tests.integration.users.test_ports import ADA, LINK_TOKENS, Users, users

__all__ = ["users"]

BOB = NewAccount("bob@example.com", "Bob", "bobs")
VERIFY, UNDO = Purpose.VERIFY_EMAIL, Purpose.UNDO_EMAIL_CHANGE


async def mailed(users: Users, user_id: UUID, purpose: Purpose = VERIFY, email: str = ADA.email) -> Link:
    link = LINK_TOKENS.issue(user_id, purpose, email)
    await users.work.links.add(link)
    return link


async def test_a_profile_is_found_by_its_id_and_its_address(users: Users) -> None:
    user_id = await users.opened()
    profile = Profile(user_id, ADA.email, "Ada", is_verified=False)
    profiles = users.work.profiles
    assert await profiles.of(user_id) == await profiles.by_email(" ADA@example.COM ") == profile
    assert await users.work.transaction(lambda work: work.profiles.lock(user_id)) == profile
    assert (await profiles.of(new_id()), await profiles.lock(new_id()), await profiles.by_email("x@y.example")) == (
        None, None, None,
    )  # fmt: skip
    assert (await profiles.password_hash(user_id), await profiles.password_hash(new_id())) == ("hash", None)


async def test_a_name_and_a_password_are_changed_of_one_account(users: Users) -> None:
    ada, bob = await users.opened(), await users.opened(BOB)
    profiles = users.work.profiles
    await profiles.rename(ada, "Countess")
    await profiles.set_password(ada, "other")
    named = [profile.name for profile in (await profiles.of(ada), await profiles.of(bob)) if profile]
    assert (named, await profiles.password_hash(ada)) == (["Countess", "Bob"], "other")
    assert await profiles.password_hash(bob) == "bobs"


async def test_an_address_is_proved_once(users: Users) -> None:
    user_id, profiles = await users.opened(), users.work.profiles
    assert [await profiles.verify(user_id) for _ in range(2)] == [True, False]
    profile = await profiles.of(user_id)
    assert profile is not None
    assert profile.is_verified


async def test_an_account_moves_to_an_address_that_nobody_has(users: Users) -> None:
    ada, _ = await users.opened(), await users.opened(BOB)
    profiles = users.work.profiles
    await profiles.lock_addresses(ADA.email, BOB.email)
    assert not await profiles.move(ada, BOB.email.upper())
    assert await profiles.of(ada) == Profile(ada, ADA.email, "Ada", is_verified=False)
    assert await profiles.move(ada, "Ada@Bücher.example")
    assert await profiles.by_email("ada@xn--bcher-kva.example") == Profile(
        ada, "Ada@Bücher.example", "Ada", is_verified=True
    )
    assert await profiles.by_email(ADA.email) is None
    assert await profiles.move(ada, "ada@bücher.example"), "in its own way"


async def test_a_link_is_used_once_for_its_purpose(users: Users) -> None:
    link, links = await mailed(users, await users.opened()), users.work.links
    assert (await links.owner(link.holder, VERIFY), await links.by_id(link.id)) == (link.user_id, link)
    assert (await links.owner(link.holder, UNDO), await links.use(link.holder, UNDO)) == (None, None)
    assert await links.use(new_id(), VERIFY) is None
    assert [await links.use(link.holder, VERIFY) for _ in range(2)] == [link, None]
    assert (await links.owner(link.holder, VERIFY), await links.by_id(link.id)) == (None, None)


async def test_of_many_that_use_a_link_at_once_one_does(users: Users) -> None:
    link = await mailed(users, await users.opened())
    used = await asyncio.gather(*(users.work.links.use(link.holder, VERIFY) for _ in range(8)))
    assert sum(each is not None for each in used) == 1


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_link_expires(users: Users, purpose: Purpose) -> None:
    link, links = await mailed(users, await users.opened(), purpose), users.work.links
    await users.passes(LIFETIMES[purpose] - timedelta(seconds=60))
    assert await links.by_id(link.id) is not None
    await users.passes(timedelta(seconds=61))
    assert (await links.by_id(link.id), await links.owner(link.holder, purpose)) == (None, None)
    assert await links.use(link.holder, purpose) is None


async def test_links_are_ended_by_account_and_purpose(users: Users) -> None:
    ada, bob, links = await users.opened(), await users.opened(BOB), users.work.links
    ended, other_purpose = await mailed(users, ada), await mailed(users, ada, Purpose.CHANGE_EMAIL)
    of_bob = await mailed(users, bob)
    await links.end(ada, VERIFY, Purpose.RESET_PASSWORD)
    good = [await links.by_id(link.id) for link in (ended, other_purpose, of_bob)]
    assert good == [None, other_purpose, of_bob]


async def test_undoing_a_change_ends_the_links_that_undo_later_ones(users: Users) -> None:
    ada, links = await users.opened(), users.work.links
    earlier, own, later = [await mailed(users, ada, UNDO) for _ in range(3)]
    verification = await mailed(users, ada)
    of_bob = await mailed(users, await users.opened(BOB), UNDO)
    await links.end_later_undos(own)
    good = [await links.by_id(link.id) for link in (earlier, own, later, verification, of_bob)]
    assert good == [earlier, own, None, verification, of_bob]


async def test_links_of_the_last_hour_are_counted_ended_or_not(users: Users) -> None:
    ada, links = await users.opened(), users.work.links
    for _ in range(2):
        await mailed(users, ada)
    await links.end(ada, VERIFY)
    assert (await links.made_lately(ada, VERIFY), await links.made_lately(ada, UNDO)) == (2, 0)
    await users.passes(timedelta(hours=1))
    await mailed(users, ada)
    assert await links.made_lately(ada, VERIFY) == 1


async def test_an_address_is_held_for_its_account_while_a_link_brings_it_back(users: Users) -> None:
    ada, links = await users.opened(), users.work.links
    await mailed(users, ada)
    assert not await links.is_held(ADA.email, None), "a link that proves it holds nothing"
    link = await mailed(users, ada, UNDO)
    held = [await links.is_held(ADA.email.upper(), whose) for whose in (None, new_id(), ada)]
    assert held == [True, True, False]
    assert not await links.is_held(BOB.email, None)
    await links.use(link.holder, UNDO)
    assert not await links.is_held(ADA.email, None)


async def test_links_are_forgotten_a_day_after_they_expired(users: Users) -> None:
    ada, links = await users.opened(), users.work.links
    await mailed(users, ada)
    await links.forget_expired()
    assert await links.made_lately(ada, VERIFY) == 1
    await users.passes(LIFETIMES[VERIFY] + timedelta(days=1, seconds=1))
    await links.forget_expired()
    await users.passes(-LIFETIMES[VERIFY] - timedelta(days=1, seconds=1))
    assert await links.made_lately(ada, VERIFY) == 0


async def test_requests_are_taken_once_and_each_address_once_at_a_time(users: Users) -> None:
    requests = users.work.reset_requests
    for email in ("ada@example.com", "ada@example.com", "bob@example.com"):
        await requests.add(email)
    assert await requests.take(2) == {"ada@example.com"}
    assert (await requests.take(9), await requests.take(9)) == ({"bob@example.com"}, set())


async def test_what_fails_in_a_step_leaves_the_link_and_the_account_as_they_were(users: Users) -> None:
    link = await mailed(users, await users.opened())

    async def fail(work: object) -> None:
        assert await users.work.links.use(link.holder, VERIFY)
        assert await users.work.profiles.verify(link.user_id)
        await users.work.sessions.begin(link.user_id, UNKNOWN_ORIGIN)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await users.work.transaction(fail)
    assert await users.work.links.use(link.holder, VERIFY) == link
    assert await users.work.profiles.verify(link.user_id)


async def test_the_token_of_a_link_is_made_again_and_of_no_other_secret() -> None:
    link = LINK_TOKENS.issue(new_id(), VERIFY, ADA.email)
    token = LINK_TOKENS.of(link)
    assert token is not None
    assert LINK_TOKENS.of(link) == token
    assert LINK_TOKENS.of(replace(link, holder=new_id())) is None
    assert LINK_TOKENS.of(replace(link, purpose=UNDO)) is None
