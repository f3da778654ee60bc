"""Mails about accounts: whom they go to, what they say, and links whose secret is known when they are sent alone."""

from typing import Any

import pytest

from shared.ids import new_id
from subgraphs.notifications.commands.deliver_due import DeliverDue, Delivered, deliver_due
from subgraphs.notifications.domain.message import ACCOUNT_LINK, ACCOUNT_PAGES, Kind
from subgraphs.notifications.entrypoints.account_events import AccountEvents
from subgraphs.notifications.entrypoints.events import Received
from tests.contracts import assert_payload_matches
from tests.fakes.notifications import NotificationsTwin, Row

OLD, NEW = "ada@old.example", "ada@new.example"


@pytest.fixture
def notifications() -> NotificationsTwin:
    return NotificationsTwin()


async def told(notifications: NotificationsTwin, name: str, **facts: Any) -> dict[str, Any]:
    """An event as the contract has it, received."""
    given = {"userId": str(new_id()), "email": OLD, "name": "Ada", "occurredAt": "2026-11-22T18:00:00+00:00", **facts}
    event_type = f"mercato.users.{name}"
    assert_payload_matches(event_type, given)
    work: Any = notifications
    handlers = (*Received(work).handlers(), *AccountEvents(work).handlers())
    (handler,) = (each for each in handlers if each.event_type == event_type)
    await handler.handle(handler.payload_type.model_validate(given))
    return given


def mails(notifications: NotificationsTwin) -> dict[Kind, Row]:
    return {row.message.kind: row for row in notifications.messages.rows.values()}


async def delivered(notifications: NotificationsTwin) -> Delivered:
    notifications.messages.lapse()
    return await notifications.perform_alone(deliver_due, DeliverDue(20, lambda: False))


EVENTS: list[tuple[str, dict[str, str], dict[Kind, str]]] = [
    ("UserRegistered", {"linkId": str(new_id())}, {Kind.WELCOME: OLD}),
    ("UserRegistered", {}, {Kind.WELCOME: OLD}),
    ("EmailVerificationRequested", {"linkId": str(new_id())}, {Kind.EMAIL_VERIFICATION: OLD}),
    ("PasswordResetRequested", {"linkId": str(new_id())}, {Kind.PASSWORD_RESET: OLD}),
    ("PasswordChanged", {"changeId": str(new_id())}, {Kind.PASSWORD_CHANGED: OLD}),
    ("UserUpdated", {"changeId": str(new_id())}, {Kind.NAME_CHANGED: OLD}),
    (
        "EmailChangeRequested",
        {"linkId": str(new_id()), "newEmail": NEW},
        {Kind.EMAIL_CHANGE_CONFIRMATION: NEW, Kind.EMAIL_CHANGE_REQUESTED: OLD},
    ),
    (
        "EmailChanged",
        {"linkId": str(new_id()), "email": NEW, "formerEmail": OLD},
        {Kind.EMAIL_CHANGE_UNDO: OLD, Kind.EMAIL_CHANGED: NEW},
    ),
    ("EmailChangeUndone", {"linkId": str(new_id())}, {Kind.EMAIL_CHANGE_UNDONE: OLD}),
]


@pytest.mark.parametrize(("name", "facts", "expected"), EVENTS)
async def test_each_event_is_told_to_whom_it_concerns_and_once(
    notifications: NotificationsTwin, name: str, facts: dict[str, str], expected: dict[Kind, str]
) -> None:
    given = await told(notifications, name, **facts)
    await told(notifications, name, **{**facts, "userId": given["userId"]})
    assert {kind: row.recipient for kind, row in mails(notifications).items()} == expected
    assert len(notifications.messages.rows) == len(expected)
    for row in mails(notifications).values():
        assert row.message.text.startswith("Hello Ada,\n")
        assert str(row.about.user_id) == given["userId"]


@pytest.mark.parametrize(("name", "facts", "expected"), EVENTS)
async def test_a_link_leads_to_its_page_and_lies_nowhere(
    notifications: NotificationsTwin, name: str, facts: dict[str, str], expected: dict[Kind, str]
) -> None:
    await told(notifications, name, **facts)
    with_link = [row for row in mails(notifications).values() if ACCOUNT_LINK in row.message.text]
    assert len(with_link) == ("linkId" in facts), "of two mails about a change, one has the link"
    for row in with_link:
        assert row.about.link_id is not None
        notifications.account_links.tokens[row.about.link_id] = "the-token"
    assert (await delivered(notifications)).is_well
    sent = "\n".join(notifications.mail_server.texts)
    pages = [ACCOUNT_PAGES[row.message.kind] for row in with_link]
    assert [page for page in pages if f"\nhttps://shop.example/{page}#the-token\n" in sent] == pages
    assert ACCOUNT_LINK not in sent
    assert "the-token" not in repr(notifications.messages.rows) + repr(notifications.events.events)


async def test_a_mail_waits_while_users_can_not_be_asked(notifications: NotificationsTwin) -> None:
    await told(notifications, "PasswordResetRequested", linkId=str(new_id()))
    notifications.account_links.is_away = True
    assert (await delivered(notifications)).postponed == [Kind.PASSWORD_RESET]
    notifications.account_links.is_away = False
    assert len((await delivered(notifications)).sent) == 1


async def test_mails_without_a_link_do_not_wait_for_users(notifications: NotificationsTwin) -> None:
    await told(notifications, "PasswordResetRequested", linkId=str(new_id()))
    await told(notifications, "PasswordChanged", changeId=str(new_id()))
    notifications.account_links.is_away = True
    outcome = await delivered(notifications)
    assert ([each.kind for each in outcome.sent], outcome.postponed) == ([Kind.PASSWORD_CHANGED], [Kind.PASSWORD_RESET])
    assert outcome.is_well
    assert notifications.mail_server.closed == 0


async def test_an_address_that_somebody_typed_is_no_link_and_no_markup(notifications: NotificationsTwin) -> None:
    hostile = "<script>@evil.example"
    with pytest.raises(ValueError, match="newEmail"):
        await told(notifications, "EmailChangeRequested", linkId=str(new_id()), newEmail=hostile)
    await told(notifications, "EmailChangeRequested", linkId=str(new_id()), newEmail="www.evil.example&x@evil.example")
    shown = mails(notifications)[Kind.EMAIL_CHANGE_REQUESTED].message
    assert "evil.example" not in shown.text
    assert "&x" not in shown.html
