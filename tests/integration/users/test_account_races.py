"""Two who change one account, or want one address, at once: real Postgres decides, and once only."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from uuid import UUID

import pytest

from shared.errors import Rejection
from shared.persistence import db
from shared.persistence.work import UnitOfWork
from shared.runtime.subgraph import Subgraph
from subgraphs.users.bootstrap import unit_of_work
from subgraphs.users.commands.change_email import ChangeEmail, change_email
from subgraphs.users.commands.change_password import ChangePassword, change_password
from subgraphs.users.commands.confirm_email_change import ConfirmEmailChange, confirm_email_change
from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.register import Register, register
from subgraphs.users.commands.request_password_reset import (
    AnswerResetRequests,
    RequestPasswordReset,
    answer_reset_requests,
    request_password_reset,
)
from subgraphs.users.commands.reset_password import ResetPassword, reset_password
from subgraphs.users.commands.undo_email_change import UndoEmailChange, undo_email_change
from subgraphs.users.commands.verify_email import VerifyEmail, verify_email
from subgraphs.users.domain.links import MOST_LINKS_AN_HOUR, Purpose
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.infrastructure.links import PostgresLinks
from tests.fakes.users import PasswordsTwin, RevocationsTwin, ThrottleTwin, TokensTwin
from tests.integration.users.shoppers import PASSWORD, new_email
from tests.integration.users.test_ports import LINK_TOKENS

CROWD = 8
TRIES = 10


@pytest.fixture
def work(users: Subgraph) -> UnitOfWork[UsersWork]:
    """Real Postgres; hashes take no time, so that all come to it at once."""
    return unit_of_work(PasswordsTwin(), ThrottleTwin(), TokensTwin(), RevocationsTwin(), LINK_TOKENS)


async def opened(work: UnitOfWork[UsersWork], email: str) -> UUID:
    return (await work.perform_alone(register, Register(email, "Ada", PASSWORD))).user_id


async def token(user_id: UUID, purpose: Purpose) -> str:
    """What the latest good link of an account holds."""
    latest = "SELECT id FROM mailed_links WHERE user_id = $1 AND purpose = $2 ORDER BY id DESC LIMIT 1"
    link = await PostgresLinks().by_id(await db.fetch_value(latest, user_id, purpose))
    assert link is not None
    made = LINK_TOKENS.of(link)
    assert made is not None
    return made


async def outcomes(*attempts: Awaitable[object]) -> Counter[str]:
    """How often each happened; anything but a rejection fails the test."""

    async def outcome(attempt: Awaitable[object]) -> str:
        try:
            await attempt
        except Rejection as rejection:
            return type(rejection).__name__
        return "done"

    return Counter(await asyncio.gather(*map(outcome, attempts)))


async def told(user_id: UUID, name: str) -> int:
    count = "SELECT count(*) FROM outbox WHERE payload::json->>'userId' = $1 AND type = $2"
    return int(await db.fetch_value(count, str(user_id), f"mercato.users.{name}"))


async def wants(work: UnitOfWork[UsersWork], user_id: UUID, email: str) -> str:
    await work.perform_alone(change_email, ChangeEmail(user_id, email, PASSWORD))
    return await token(user_id, Purpose.CHANGE_EMAIL)


async def test_a_verification_used_by_many_at_once_counts_once(work: UnitOfWork[UsersWork]) -> None:
    ada = await opened(work, new_email())
    link = VerifyEmail(ada, await token(ada, Purpose.VERIFY_EMAIL))
    assert await outcomes(*(work.perform(verify_email, link) for _ in range(CROWD))) == {
        "done": 1, "LinkInvalid": CROWD - 1,
    }  # fmt: skip
    assert await told(ada, "EmailVerified") == 1


async def test_a_reset_used_by_many_at_once_sets_one_password(work: UnitOfWork[UsersWork]) -> None:
    email = new_email()
    ada = await opened(work, email)
    await work.perform_alone(request_password_reset, RequestPasswordReset(email))
    await work.perform(answer_reset_requests, AnswerResetRequests(9))
    link = await token(ada, Purpose.RESET_PASSWORD)
    resets = [ResetPassword(link, f"{PASSWORD} {number}") for number in range(CROWD)]
    assert await outcomes(*(work.perform_alone(reset_password, each) for each in resets)) == {
        "done": 1, "LinkInvalid": CROWD - 1,
    }  # fmt: skip
    assert await told(ada, "PasswordChanged") == 1
    entered = await outcomes(*(work.perform_alone(log_in, LogIn(email, each.password)) for each in resets))
    assert entered["done"] == 1


async def test_many_who_answer_requests_at_once_mail_one_link_each(work: UnitOfWork[UsersWork]) -> None:
    accounts = {email: await opened(work, email) for email in (new_email() for _ in range(5))}
    for email in accounts:
        await work.perform_alone(request_password_reset, RequestPasswordReset(email))
    answers = (work.perform(answer_reset_requests, AnswerResetRequests(2)) for _ in range(CROWD))
    assert sum(await asyncio.gather(*answers)) == len(accounts)
    assert [await told(user_id, "PasswordResetRequested") for user_id in accounts.values()] == [1] * len(accounts)


async def test_many_changes_of_a_password_at_once_end_in_one(work: UnitOfWork[UsersWork]) -> None:
    email = new_email()
    ada = await opened(work, email)
    changes = [ChangePassword(ada, ada, PASSWORD, f"{PASSWORD} {number}") for number in range(CROWD)]
    happened = await outcomes(*(work.perform_alone(change_password, each) for each in changes))
    assert happened == {"done": 1, "PasswordWrong": CROWD - 1}
    assert await told(ada, "PasswordChanged") == 1


async def test_of_many_changes_of_the_address_at_once_one_can_be_confirmed(work: UnitOfWork[UsersWork]) -> None:
    ada = await opened(work, new_email())
    changes = [ChangeEmail(ada, new_email(), PASSWORD) for _ in range(CROWD)]
    happened = await outcomes(*(work.perform_alone(change_email, each) for each in changes))
    assert happened == {"done": MOST_LINKS_AN_HOUR, "TooManyLinks": CROWD - MOST_LINKS_AN_HOUR}
    good = "SELECT count(*) FROM mailed_links WHERE user_id = $1 AND purpose = 'CHANGE_EMAIL' AND ended_at IS NULL"
    assert await db.fetch_value(good, ada) == 1


async def test_a_confirmation_used_by_many_at_once_counts_once(work: UnitOfWork[UsersWork]) -> None:
    ada, email = await opened(work, new_email()), new_email()
    link = ConfirmEmailChange(ada, await wants(work, ada, email))
    happened = await outcomes(*(work.perform(confirm_email_change, link) for _ in range(CROWD)))
    assert happened == {"done": 1, "LinkInvalid": CROWD - 1}
    assert (await told(ada, "EmailChanged"), await told(ada, "EmailVerified")) == (1, 1)


async def test_an_address_that_is_registered_and_confirmed_at_once_is_one_accounts(
    work: UnitOfWork[UsersWork],
) -> None:
    for _ in range(TRIES):
        ada, email = await opened(work, new_email()), new_email()
        link = ConfirmEmailChange(ada, await wants(work, ada, email))
        newcomer = Register(email.upper(), "Bob", f"{PASSWORD} of Bob")
        happened = await outcomes(work.perform(confirm_email_change, link), work.perform_alone(register, newcomer))
        assert happened == {"done": 1, "EmailTaken": 1}
        assert await db.fetch_value("SELECT count(*) FROM users WHERE comparable_email = $1", email) == 1


async def test_an_address_that_two_accounts_confirm_at_once_is_one_accounts(work: UnitOfWork[UsersWork]) -> None:
    for _ in range(TRIES):
        ada, bob, email = await opened(work, new_email()), await opened(work, new_email()), new_email()
        links = [ConfirmEmailChange(user_id, await wants(work, user_id, email)) for user_id in (ada, bob)]
        happened = await outcomes(*(work.perform(confirm_email_change, link) for link in links))
        assert happened == {"done": 1, "EmailTaken": 1}


async def test_two_accounts_that_want_each_others_address_at_once_wait_for_no_lock_for_ever(
    work: UnitOfWork[UsersWork],
) -> None:
    for _ in range(TRIES):
        first, second = new_email(), new_email()
        ada, bob = await opened(work, first), await opened(work, second)
        links = [
            ConfirmEmailChange(ada, await wants(work, ada, second)),
            ConfirmEmailChange(bob, await wants(work, bob, first)),
        ]
        assert await outcomes(*(work.perform(confirm_email_change, link) for link in links)) == {"EmailTaken": 2}


async def test_a_former_address_is_registered_by_nobody_at_the_moment_of_the_change(
    work: UnitOfWork[UsersWork],
) -> None:
    for _ in range(TRIES):
        former = new_email()
        ada = await opened(work, former)
        link = ConfirmEmailChange(ada, await wants(work, ada, new_email()))
        newcomers = [Register(former, "Bob", f"{PASSWORD} of Bob {number}") for number in range(4)]
        happened = await outcomes(
            work.perform(confirm_email_change, link),
            *(work.perform_alone(register, newcomer) for newcomer in newcomers),
        )
        assert happened == {"done": 1, "EmailTaken": len(newcomers)}
        await work.perform_alone(undo_email_change, UndoEmailChange(await token(ada, Purpose.UNDO_EMAIL_CHANGE)))


async def test_an_undo_used_by_many_at_once_counts_once(work: UnitOfWork[UsersWork]) -> None:
    former = new_email()
    ada = await opened(work, former)
    link = ConfirmEmailChange(ada, await wants(work, ada, new_email()))
    await work.perform(confirm_email_change, link)
    undo = UndoEmailChange(await token(ada, Purpose.UNDO_EMAIL_CHANGE))
    happened = await outcomes(*(work.perform_alone(undo_email_change, undo) for _ in range(CROWD)))
    assert happened == {"done": 1, "LinkInvalid": CROWD - 1}
    assert await db.fetch_value("SELECT email FROM users WHERE id = $1", ada) == former
    assert (await told(ada, "EmailChangeUndone"), await told(ada, "SessionRevoked")) == (1, 1)
