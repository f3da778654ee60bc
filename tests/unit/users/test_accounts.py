"""What a shopper does with their account by mail, without a server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.errors import Rejection
from shared.ids import new_id
from subgraphs.users.commands.change_email import ChangeEmail, change_email
from subgraphs.users.commands.change_password import ChangePassword, change_password
from subgraphs.users.commands.confirm_email_change import ConfirmEmailChange, confirm_email_change
from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.register import Register, register
from subgraphs.users.commands.rename_user import RenameUser, rename_user
from subgraphs.users.commands.request_email_verification import (
    RequestEmailVerification,
    request_email_verification,
)
from subgraphs.users.commands.request_password_reset import (
    AnswerResetRequests,
    RequestPasswordReset,
    answer_reset_requests,
    request_password_reset,
)
from subgraphs.users.commands.reset_password import ResetPassword, reset_password
from subgraphs.users.commands.undo_email_change import UndoEmailChange, undo_email_change
from subgraphs.users.commands.verify_email import VerifyEmail, verify_email
from subgraphs.users.domain.links import LIFETIMES, MOST_LINKS_AN_HOUR, Link, Purpose
from subgraphs.users.domain.rejections import (
    CredentialsInvalid,
    EmailTaken,
    EmailUnchanged,
    EmailVerifiedBefore,
    LinkInvalid,
    PasswordCommon,
    PasswordIsAddress,
    PasswordWrong,
    TooManyFailures,
    TooManyLinks,
)
from tests.fakes.users import FAILURES, UsersTwin

PASSWORD, OTHER_PASSWORD = "long enough", "another that is long"
ADA, NEW = "ada@example.com", "ada@new.example"


@dataclass
class Account:
    """Somebody with an account in a shop of twins."""

    users: UsersTwin
    id: UUID = field(default_factory=new_id)

    async def opened(self, email: str = ADA) -> "Account":
        self.id = (await self.users.perform_alone(register, Register(email, "Ada", PASSWORD))).user_id
        return self

    def link(self, purpose: Purpose) -> Link:
        """The latest."""
        return [each for each, _ in self.users.links.known if (each.user_id, each.purpose) == (self.id, purpose)][-1]

    def token(self, purpose: Purpose) -> str:
        token = self.users.link_tokens.of(self.link(purpose))
        assert token is not None
        return token

    async def verifies(self, token: str) -> None:
        await self.users.perform(verify_email, VerifyEmail(self.id, token))

    async def asks_for_reset(self) -> None:
        await self.users.perform_alone(request_password_reset, RequestPasswordReset(self.email.upper()))
        await self.users.perform(answer_reset_requests, AnswerResetRequests(9))

    async def resets(self, token: str, password: str = OTHER_PASSWORD) -> None:
        await self.users.perform_alone(reset_password, ResetPassword(token, password))

    async def wants(self, email: str, password: str = PASSWORD) -> str:
        """The token of the link to confirm it."""
        await self.users.perform_alone(change_email, ChangeEmail(self.id, email, password))
        return self.token(Purpose.CHANGE_EMAIL)

    async def confirms(self, token: str) -> None:
        await self.users.perform(confirm_email_change, ConfirmEmailChange(self.id, token))

    async def undoes(self, token: str) -> None:
        await self.users.perform_alone(undo_email_change, UndoEmailChange(token))

    async def logs_in(self, email: str, password: str = PASSWORD) -> None:
        assert (await self.users.perform_alone(log_in, LogIn(email, password))).user_id == self.id

    @property
    def email(self) -> str:
        return self.users.accounts.profiles[self.id].email

    @property
    def is_verified(self) -> bool:
        return self.users.accounts.profiles[self.id].is_verified

    def told(self, name: str) -> list[dict[str, Any]]:
        events = self.users.events.events
        return [dict(each.payload) for each in events if (each.key, each.type) == (self.id, f"mercato.users.{name}")]

    @property
    def sessions(self) -> int:
        return sum(not each.is_ended for each in self.users.sessions.known.values() if each.session.user_id == self.id)


@pytest.fixture
async def ada() -> Account:
    return await Account(UsersTwin()).opened()


async def refused(action: Awaitable[object], rejection: type[Rejection]) -> None:
    with pytest.raises(rejection):
        await action


async def test_the_link_of_the_welcome_proves_the_address_once(ada: Account) -> None:
    token = ada.token(Purpose.VERIFY_EMAIL)
    assert ada.told("UserRegistered")[0]["linkId"] == ada.link(Purpose.VERIFY_EMAIL).id
    assert not ada.is_verified
    await ada.verifies(token)
    assert ada.is_verified
    await refused(ada.verifies(token), LinkInvalid)
    (told,) = ada.told("EmailVerified")
    assert (told["userId"], told["email"]) == (ada.id, ADA)


async def test_another_link_leaves_those_of_before_and_is_told_once_proved(ada: Account) -> None:
    first = ada.token(Purpose.VERIFY_EMAIL)
    request = RequestEmailVerification(ada.id)
    assert await ada.users.perform(request_email_verification, request) == ADA
    await ada.verifies(first)
    await ada.verifies(ada.token(Purpose.VERIFY_EMAIL))
    assert len(ada.told("EmailVerified")) == 1
    await refused(ada.users.perform(request_email_verification, request), EmailVerifiedBefore)


async def test_links_are_limited_by_the_hour(ada: Account) -> None:
    request = RequestEmailVerification(ada.id)
    for _ in range(MOST_LINKS_AN_HOUR - 1):
        await ada.users.perform(request_email_verification, request)
    await refused(ada.users.perform(request_email_verification, request), TooManyLinks)
    ada.users.links.passed = timedelta(hours=1)
    await ada.users.perform(request_email_verification, request)
    assert len(ada.told("EmailVerificationRequested")) == MOST_LINKS_AN_HOUR


Use = Callable[[Account, str], Awaitable[None]]
USES: dict[Purpose, Use] = {
    Purpose.VERIFY_EMAIL: Account.verifies,
    Purpose.RESET_PASSWORD: Account.resets,
    Purpose.CHANGE_EMAIL: Account.confirms,
    Purpose.UNDO_EMAIL_CHANGE: Account.undoes,
}


async def with_link(ada: Account, purpose: Purpose) -> str:
    """What the link of a purpose holds."""
    if purpose == Purpose.RESET_PASSWORD:
        await ada.asks_for_reset()
    if purpose == Purpose.CHANGE_EMAIL:
        await ada.wants(NEW)
    if purpose == Purpose.UNDO_EMAIL_CHANGE:
        await ada.confirms(await ada.wants(NEW))
    return ada.token(purpose)


def state(ada: Account) -> tuple[object, ...]:
    users = ada.users
    return repr(users.accounts), repr(users.events), repr(users.sessions), frozenset(users.links.ended)


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_link_that_is_not_good_does_nothing(ada: Account, purpose: Purpose) -> None:
    token = await with_link(ada, purpose)
    altered = token[:-2] + ("AA" if token[-2:] != "AA" else "BA")
    before = state(ada)
    for wrong in ("", "x", "ß" * 50, "x" * 50, "x" * 100_000, altered, token + "A", token[:-1]):
        await refused(USES[purpose](ada, wrong), LinkInvalid)
    for other in set(Purpose) - {purpose}:
        await refused(USES[other](ada, token), LinkInvalid)
    ada.users.links.passed = LIFETIMES[purpose] + timedelta(seconds=1)
    await refused(USES[purpose](ada, token), LinkInvalid)
    assert state(ada) == before
    ada.users.links.passed = timedelta()
    await USES[purpose](ada, token)
    after = state(ada)
    await refused(USES[purpose](ada, token), LinkInvalid)
    assert state(ada) == after


@pytest.mark.parametrize("purpose", [Purpose.VERIFY_EMAIL, Purpose.CHANGE_EMAIL])
async def test_a_link_that_proves_an_address_is_worth_nothing_to_another_account(
    ada: Account, purpose: Purpose
) -> None:
    bob = await Account(ada.users).opened("bob@example.com")
    token, before = await with_link(ada, purpose), state(ada)
    await refused(USES[purpose](bob, token), LinkInvalid)
    assert state(ada) == before


async def test_what_is_kept_and_told_opens_nothing(ada: Account) -> None:
    token = await with_link(ada, Purpose.RESET_PASSWORD)
    assert token not in repr(ada.users.links.known) + repr(ada.users.events.events)
    assert token not in repr(ResetPassword(token, PASSWORD)) + repr(VerifyEmail(ada.id, token))


async def test_a_reset_sets_another_password_ends_all_sessions_and_proves_the_address(ada: Account) -> None:
    token = await with_link(ada, Purpose.RESET_PASSWORD)
    (asked,) = ada.told("PasswordResetRequested")
    assert asked["linkId"] == ada.link(Purpose.RESET_PASSWORD).id
    await ada.resets(token)
    assert (ada.sessions, ada.is_verified, len(ada.told("EmailVerified"))) == (0, True, 1)
    assert [each["reason"] for each in ada.told("SessionRevoked")] == ["PASSWORD_CHANGED"]
    assert len(ada.users.revocations.refused) == len(ada.told("PasswordChanged")) == 1
    await refused(ada.logs_in(ADA), CredentialsInvalid)
    await ada.logs_in(ADA, OTHER_PASSWORD)


async def test_a_reset_ends_the_other_links_that_were_asked_for(ada: Account) -> None:
    confirmation = await ada.wants(NEW)
    first = await with_link(ada, Purpose.RESET_PASSWORD)
    await ada.resets(await with_link(ada, Purpose.RESET_PASSWORD))
    await refused(ada.resets(first), LinkInvalid)
    await refused(ada.confirms(confirmation), LinkInvalid)


async def test_a_bad_new_password_leaves_the_link_good(ada: Account) -> None:
    token = await with_link(ada, Purpose.RESET_PASSWORD)
    await refused(ada.resets(token, "password123"), PasswordCommon)
    await refused(ada.resets(token, ADA.upper()), PasswordIsAddress)
    await ada.resets(token)


async def test_an_unknown_address_is_mailed_nothing_and_a_known_one_five_times_an_hour(ada: Account) -> None:
    await ada.users.perform_alone(request_password_reset, RequestPasswordReset("nobody@example.com"))
    assert await ada.users.perform(answer_reset_requests, AnswerResetRequests(9)) == 1
    assert ada.told("PasswordResetRequested") == []
    for _ in range(MOST_LINKS_AN_HOUR + 2):
        await ada.asks_for_reset()
    assert len(ada.told("PasswordResetRequested")) == MOST_LINKS_AN_HOUR


async def changes_password(ada: Account, session_id: UUID, current: str = PASSWORD, new: str = OTHER_PASSWORD) -> int:
    return await ada.users.perform_alone(change_password, ChangePassword(ada.id, session_id, current, new))


async def test_another_password_ends_the_other_sessions(ada: Account) -> None:
    await ada.logs_in(ADA)
    here = list(ada.users.sessions.known)[-1]
    assert await changes_password(ada, here) == 1
    assert not ada.users.sessions.known[here].is_ended
    assert (ada.sessions, len(ada.told("PasswordChanged")), ada.is_verified) == (1, 1, False)
    await ada.logs_in(ADA, OTHER_PASSWORD)


async def test_a_wrong_current_password_changes_nothing_and_counts_as_a_failure(ada: Account) -> None:
    before = state(ada)
    for _ in range(FAILURES - 1):
        await refused(changes_password(ada, new_id(), "wrong password"), PasswordWrong)
    await refused(ada.wants(NEW, "wrong password"), PasswordWrong)
    await refused(changes_password(ada, new_id()), TooManyFailures)
    await refused(ada.wants(NEW), TooManyFailures)
    await refused(changes_password(ada, new_id(), "x" * 201), PasswordWrong)
    assert state(ada) == before


async def test_another_name_is_told_once(ada: Account) -> None:
    for _ in range(2):
        await ada.users.perform(rename_user, RenameUser(ada.id, "Countess"))
    (told,) = ada.told("UserUpdated")
    assert (told["name"], told["email"]) == ("Countess", ADA)


async def test_another_address_takes_effect_when_it_is_confirmed(ada: Account) -> None:
    first_links = ada.token(Purpose.VERIFY_EMAIL), await with_link(ada, Purpose.RESET_PASSWORD)
    token = await ada.wants(NEW)
    (asked,) = ada.told("EmailChangeRequested")
    assert (asked["email"], asked["newEmail"], ada.email) == (ADA, NEW, ADA)
    await ada.confirms(token)
    (told,) = ada.told("EmailChanged")
    assert (told["email"], told["formerEmail"], ada.email, ada.is_verified) == (NEW, ADA, NEW, True)
    assert [each["email"] for each in ada.told("EmailVerified")] == [NEW]
    await refused(ada.verifies(first_links[0]), LinkInvalid)
    await refused(ada.resets(first_links[1]), LinkInvalid)
    await ada.logs_in(NEW)
    await refused(ada.logs_in(ADA), CredentialsInvalid)


async def test_of_two_changes_the_last_one_can_be_confirmed(ada: Account) -> None:
    first, second = await ada.wants(NEW), await ada.wants("ada@newer.example")
    await refused(ada.confirms(first), LinkInvalid)
    await ada.confirms(second)
    assert ada.email == "ada@newer.example"
    await refused(ada.wants("ADA@newer.example"), EmailUnchanged)


async def test_an_address_that_somebody_registered_meanwhile_stays_theirs(ada: Account) -> None:
    token = await ada.wants(NEW)
    bob = await Account(ada.users).opened(NEW)
    before = state(ada)
    await refused(ada.confirms(token), EmailTaken)
    assert state(ada) == before
    await bob.logs_in(NEW)


async def test_an_undone_change_brings_the_address_back_and_shuts_out_who_made_it(ada: Account) -> None:
    undo = await with_link(ada, Purpose.UNDO_EMAIL_CHANGE)
    await ada.undoes(undo)
    assert (ada.email, ada.sessions, ada.is_verified) == (ADA, 0, True)
    for email in (ADA, NEW):
        await refused(ada.logs_in(email), CredentialsInvalid)
    (told,) = ada.told("EmailChangeUndone")
    assert (told["email"], told["linkId"]) == (ADA, ada.link(Purpose.RESET_PASSWORD).id)
    assert [each["reason"] for each in ada.told("SessionRevoked")] == ["EMAIL_CHANGE_UNDONE"]
    await ada.resets(ada.token(Purpose.RESET_PASSWORD))
    await ada.logs_in(ADA, OTHER_PASSWORD)


async def test_a_thief_who_moves_on_can_not_end_the_owners_way_back(ada: Account) -> None:
    owners = await with_link(ada, Purpose.UNDO_EMAIL_CHANGE)
    await ada.confirms(await ada.wants("thief@far.example"))
    thiefs = ada.token(Purpose.UNDO_EMAIL_CHANGE)
    await ada.undoes(thiefs)
    assert ada.email == NEW
    await ada.undoes(owners)
    assert ada.email == ADA


async def test_the_owners_way_back_ends_the_thiefs(ada: Account) -> None:
    owners = await with_link(ada, Purpose.UNDO_EMAIL_CHANGE)
    await ada.confirms(await ada.wants("thief@far.example"))
    thiefs = ada.token(Purpose.UNDO_EMAIL_CHANGE)
    await ada.undoes(owners)
    await refused(ada.undoes(thiefs), LinkInvalid)


async def test_a_former_address_is_kept_for_its_account_as_long_as_it_can_come_back(ada: Account) -> None:
    await with_link(ada, Purpose.UNDO_EMAIL_CHANGE)
    users = ada.users
    await refused(Account(users).opened(ADA.upper()), EmailTaken)
    bob = await Account(users).opened("bob@example.com")
    await refused(bob.confirms(await bob.wants(ADA)), EmailTaken)
    await ada.confirms(await ada.wants(ADA))
    assert ada.email == ADA
    await refused(Account(users).opened(NEW), EmailTaken)
    users.links.passed = LIFETIMES[Purpose.UNDO_EMAIL_CHANGE] + timedelta(seconds=1)
    await Account(users).opened(NEW)
