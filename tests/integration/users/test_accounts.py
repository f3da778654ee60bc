"""Opening an account and logging in."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import replace
from ipaddress import IPv4Address
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer

from shared.errors import RateLimited
from shared.persistence import db
from shared.persistence.work import UnitOfWork
from shared.runtime.subgraph import Subgraph
from shared.security.secrets import Secret
from subgraphs.users.bootstrap import unit_of_work
from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.register import Register, register
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import CredentialsInvalid, TooManyFailures
from subgraphs.users.domain.tokens import Origin
from subgraphs.users.infrastructure.access_tokens import SignedTokens
from subgraphs.users.infrastructure.link_tokens import SecretLinkTokens
from subgraphs.users.infrastructure.passwords import Argon2Cost, Argon2Passwords
from subgraphs.users.infrastructure.throttle import FAILURES_A_MINUTE, FAILURES_OF_A_NETWORK, ValkeyThrottle
from subgraphs.users.settings import UsersSettings
from tests.contracts import assert_matches_contract
from tests.fakes.users import RevocationsTwin
from tests.integration.users.shoppers import LOG_IN, ME, PASSWORD, REGISTER, Shop, codes, new_email

CHEAP = Argon2Cost(passes=1, memory_kib=8192, lanes=1)
LINK_TOKENS = SecretLinkTokens(Secret("secret"))
LINK_TOKENS = SecretLinkTokens(Secret("secret"))
NO_VALKEY = "redis://127.0.0.1:1/0"
ADA = Register("ada@example.com", "Ada", PASSWORD)


def work_of(users: Subgraph, valkey: str = NO_VALKEY, cost: Argon2Cost = CHEAP) -> UnitOfWork[UsersWork]:
    """Users as it is put together in the mesh, with a Valkey and hashes of one's choice."""
    assert isinstance(users.settings, UsersSettings)
    tokens = SignedTokens(users.settings.signing_keys.current, "mercato", "mercato")
    return unit_of_work(
        Argon2Passwords(cost, at_once=2), ValkeyThrottle(valkey), tokens, RevocationsTwin(), LINK_TOKENS
    )


async def test_who_registers_is_logged_in(shop: Shop) -> None:
    email = new_email().upper()
    registered = await shop.mutate(REGISTER, email=f" {email} ", password=PASSWORD, name=" Ada ")
    me = await shop.process.graphql(ME, token=registered["tokens"]["accessToken"])
    assert me["data"]["me"] == {
        "id": registered["user"]["id"], "email": email, "name": "Ada", "addresses": [], "defaultAddress": None,
        "defaultBillingAddress": None,
    }  # fmt: skip


async def test_a_shopper_logs_in_whatever_the_case_of_the_address(shop: Shop) -> None:
    ada = await shop.shopper()
    entered = await shop.mutate(LOG_IN, email=f" {ada.email.upper()}", password=PASSWORD)
    assert entered["user"]["id"] == ada.id
    assert (await shop.process.graphql(ME, token=entered["tokens"]["accessToken"]))["data"]["me"]["email"] == ada.email


async def test_a_shopper_logs_in_however_the_domain_is_written(shop: Shop) -> None:
    local_part = new_email().partition("@")[0]
    registered = await shop.mutate(REGISTER, email=f"Jürgen.{local_part}@Bücher.de", password=PASSWORD, name="Jürgen")
    assert registered["errors"] == []
    assert registered["user"]["email"] == f"Jürgen.{local_part}@Bücher.de"
    written = f"ju\u0308rgen.{local_part}@xn--bcher-kva.de".upper()
    entered = await shop.mutate(LOG_IN, email=written, password=PASSWORD)
    assert entered["user"]["id"] == registered["user"]["id"]
    again = await shop.mutate(REGISTER, email=written, password=f"{PASSWORD} 2", name="Jürgen")
    assert codes(again) == ["EMAIL_TAKEN"]


async def test_a_password_that_many_people_have_opens_no_account(shop: Shop) -> None:
    refused = await shop.mutate(REGISTER, email=new_email(), password="Password123", name="Ada")
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", ["password"])]
    assert refused["user"] is None


async def test_one_address_registered_by_ten_at_once_has_one_account(shop: Shop) -> None:
    email = new_email()
    people = [(email.upper() if number % 2 else email, f"{PASSWORD} {number}") for number in range(10)]
    answers = await asyncio.gather(
        *(shop.mutate(REGISTER, email=each, password=own, name="Ada") for each, own in people)
    )
    assert Counter(code for answer in answers for code in codes(answer)) == {"EMAIL_TAKEN": 9}
    assert [answer["errors"][0]["field"] for answer in answers if answer["errors"]] == [["email"]] * 9
    events = await shop.sql("SELECT 1 FROM outbox WHERE lower(payload::json->>'email') = $1", email)
    assert len(events) == 1


async def test_a_registration_that_is_repeated_is_answered_as_the_first_time(shop: Shop) -> None:
    email = new_email()
    answers = await asyncio.gather(
        *(shop.mutate(REGISTER, email=email, password=PASSWORD, name="Ada") for _ in range(8))
    )
    assert [answer["errors"] for answer in answers] == [[]] * 8
    assert len({answer["user"]["id"] for answer in answers}) == 1
    assert len({answer["tokens"]["refreshToken"] for answer in answers}) == 8
    assert len(await shop.sql("SELECT 1 FROM outbox WHERE payload::json->>'email' = $1", email)) == 1


async def test_an_account_of_before_is_taken_whoever_knows_its_password(shop: Shop) -> None:
    ada = await shop.shopper()
    await shop.sql("UPDATE users SET created_at = created_at - interval '16 minutes' WHERE email = $1", ada.email)
    assert codes(await shop.mutate(REGISTER, email=ada.email, password=PASSWORD, name="Ada")) == ["EMAIL_TAKEN"]


async def test_registering_is_no_way_to_guess_a_password(shop: Shop) -> None:
    ada = await shop.shopper()
    for number in range(FAILURES_A_MINUTE):
        answer = await shop.mutate(REGISTER, email=ada.email, password=f"{PASSWORD} {number}", name="Ada")
        assert codes(answer) == ["EMAIL_TAKEN"]
    for mutation, name in ((REGISTER, {"name": "Ada"}), (LOG_IN, {})):
        answer = await shop.process.graphql(mutation, {"input": {"email": ada.email, "password": PASSWORD, **name}})
        assert answer["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "field": ["email"]}


async def test_a_registration_with_mistakes_changes_nothing(shop: Shop) -> None:
    answer = await shop.mutate(REGISTER, email="ada", password="short", name="\u0007")
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [
        ("INVALID", ["email"]), ("INVALID", ["password"]), ("INVALID", ["name"]),
    ]  # fmt: skip
    assert (answer["user"], answer["tokens"]) == (None, None)
    assert await shop.sql("SELECT 1 FROM users WHERE email = 'ada'") == []


@pytest.mark.parametrize(
    "name", ["Robert'); DROP TABLE users;--", "<script>alert(1)</script>", "🏴\u200d☠️", "\u202eadA"]
)
async def test_hostile_names_are_only_names(shop: Shop, name: str) -> None:
    registered = await shop.mutate(REGISTER, email=new_email(), password=PASSWORD, name=name)
    assert registered["user"]["name"] == name


async def test_a_registration_is_published_as_the_contract_says(shop: Shop) -> None:
    servers = shop.process.environment["KAFKA_BOOTSTRAP_SERVERS"]
    consumer = AIOKafkaConsumer("users.user.v1", bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ada = await shop.shopper()
        async for message in consumer:
            if message.key == ada.id.encode():
                break
    finally:
        await consumer.stop()
    assert_matches_contract("users", message)
    assert (json.loads(message.value)["email"], json.loads(message.value)["name"]) == (ada.email, "Ada")


@pytest.mark.parametrize("email", ["nobody@example.com", "", "no address", "\x00", "x" * 100_000])
async def test_an_unknown_address_is_answered_as_a_wrong_password(shop: Shop, email: str) -> None:
    ada = await shop.shopper()
    wrong = await shop.mutate(LOG_IN, email=ada.email, password="wrong password")
    assert codes(wrong) == ["CREDENTIALS_INVALID"]
    assert await shop.mutate(LOG_IN, email=email, password=PASSWORD) == wrong


async def test_ten_failures_in_a_minute_shut_an_address_and_no_other(shop: Shop) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    for number in range(FAILURES_A_MINUTE):
        spelling = ada.email.upper() if number % 2 else ada.email
        assert codes(await shop.mutate(LOG_IN, email=spelling, password="wrong password")) == ["CREDENTIALS_INVALID"]
    answer = await shop.process.graphql(LOG_IN, {"input": {"email": ada.email, "password": PASSWORD}})
    assert answer["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "field": ["email"]}
    assert codes(await shop.mutate(LOG_IN, email=bob.email, password=PASSWORD)) == []


async def test_a_crowd_of_guesses_does_not_outrun_the_throttle(users: Subgraph, shop: Shop) -> None:
    work = work_of(users, shop.process.environment["REDIS_URL"])
    guessed = LogIn(new_email(), "wrong password")

    async def guess() -> str:
        try:
            await work.perform_alone(log_in, guessed)
        except CredentialsInvalid:
            return "looked at"
        except TooManyFailures:
            return "rejected"
        except RateLimited:
            return "turned away"  # on a machine that stands still, after five seconds in the queue
        return "entered"

    outcomes = Counter(await asyncio.gather(*(guess() for _ in range(60))))
    assert set(outcomes) <= {"looked at", "rejected", "turned away"}
    assert outcomes["looked at"] <= FAILURES_A_MINUTE + 1
    assert outcomes["looked at"] >= FAILURES_A_MINUTE or outcomes["turned away"]


async def test_strangers_shut_an_account_for_strangers_alone_and_one_network_for_all_accounts(
    users: Subgraph, shop: Shop
) -> None:
    work = work_of(users, shop.process.environment["REDIS_URL"])
    home, stranger = Origin(place=new_place()), Origin(place=new_place())
    ada = replace(ADA, email=new_email(), origin=home)
    await work.perform_alone(register, ada)

    async def outcome(email: str, origin: Origin, password: str = "wrong password") -> str:
        try:
            await work.perform_alone(log_in, LogIn(email, password, origin))
        except (CredentialsInvalid, TooManyFailures) as rejection:
            return type(rejection).__name__
        return "entered"

    guessed = [await outcome(ada.email, stranger) for _ in range(FAILURES_A_MINUTE + 1)]
    assert guessed == ["CredentialsInvalid"] * FAILURES_A_MINUTE + ["TooManyFailures"]
    assert await outcome(ada.email, stranger, ada.password) == "TooManyFailures"
    assert await outcome(ada.email, home, ada.password) == "entered"
    sprayed = Counter([await outcome(new_email(), stranger) for _ in range(FAILURES_OF_A_NETWORK)])
    assert sprayed["CredentialsInvalid"] == FAILURES_OF_A_NETWORK - FAILURES_A_MINUTE
    assert await outcome(new_email(), Origin(place=new_place())) == "CredentialsInvalid"


def new_place() -> str:
    return str(IPv4Address(random.getrandbits(32)))


async def test_right_passwords_never_count(shop: Shop) -> None:
    ada = await shop.shopper()
    entered = await asyncio.gather(*(shop.mutate(LOG_IN, email=ada.email, password=PASSWORD) for _ in range(15)))
    assert [codes(answer) for answer in entered] == [[]] * 15


async def test_without_valkey_shoppers_still_log_in(users: Subgraph, caplog: pytest.LogCaptureFixture) -> None:
    work = work_of(users)
    opened = await work.perform_alone(register, ADA)
    for _ in range(FAILURES_A_MINUTE + 2):
        with pytest.raises(CredentialsInvalid):
            await work.perform_alone(log_in, LogIn(ADA.email, "wrong password"))
    assert (await work.perform_alone(log_in, LogIn(ADA.email, PASSWORD))).user_id == opened.user_id
    assert "Valkey is away" in caplog.text


async def test_a_hash_of_a_former_cost_is_renewed_by_the_next_log_in(users: Subgraph) -> None:
    user_id = (await work_of(users).perform_alone(register, ADA)).user_id
    cost = Argon2Cost(2, 8192, 1)
    work, dearer = work_of(users, cost=cost), Argon2Passwords(cost, 1)
    before = await password_hash(user_id)
    await work.perform_alone(log_in, LogIn(ADA.email, PASSWORD))
    renewed = await password_hash(user_id)
    assert dearer.is_outdated(before)
    assert not dearer.is_outdated(renewed)
    await work.perform_alone(log_in, LogIn(ADA.email, PASSWORD))
    assert await password_hash(user_id) == renewed


async def password_hash(user_id: UUID) -> str:
    stored: str = await db.fetch_value("SELECT password_hash FROM users WHERE id = $1", user_id)
    return stored
