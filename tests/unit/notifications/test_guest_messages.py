"""Mails to guests lead to their order by a link whose secret is known at the moment of sending alone."""

import pytest

from shared.ids import new_id
from subgraphs.notifications.commands.attach_customer import AttachCustomer, attach_customer
from subgraphs.notifications.commands.deliver_due import DeliverDue, Delivered, deliver_due
from subgraphs.notifications.commands.queue_message import QueueMessage, queue_message
from subgraphs.notifications.domain.message import ORDER_LINK, About, Kind, Message
from subgraphs.notifications.entrypoints import messages
from subgraphs.notifications.entrypoints.payloads import Order, OrderCancelled, OrderConfirmed
from tests.fakes.notifications import NotificationsTwin
from tests.unit.notifications.builders import confirmed

CANCELLATION = {"code": "PAYMENT_DECLINED", "message": "Your card was declined.", "mayBePaidAgain": True}


def rendered(customer_id: str | None) -> list[Message]:
    """The messages that lead to an order."""
    payload = confirmed(customerId=customer_id)
    return [
        messages.order_confirmed(OrderConfirmed.model_validate(payload)),
        messages.order_payment_action_required(Order.model_validate(payload)),
        messages.order_cancelled(OrderCancelled.model_validate(payload | {"cancellation": CANCELLATION})),
    ]


def test_each_mail_that_asks_a_guest_to_look_has_a_place_for_the_link_and_speaks_of_no_account() -> None:
    for message in rendered(None):
        assert ORDER_LINK in message.text, message.kind
        assert f'<a href="{ORDER_LINK}">' in message.html, message.kind
        assert "account" not in message.text + message.html, message.kind


def test_mails_to_an_account_have_no_such_link() -> None:
    for message in rendered(str(new_id())):
        assert ORDER_LINK not in message.text + message.html
        assert "account" in message.text + message.html


async def delivered(notifications: NotificationsTwin) -> Delivered:
    notifications.messages.lapse()
    return await notifications.perform_alone(deliver_due, DeliverDue(20, lambda: False))


@pytest.fixture
def notifications() -> NotificationsTwin:
    return NotificationsTwin()


async def test_the_link_is_put_in_when_the_mail_is_sent_and_never_kept(notifications: NotificationsTwin) -> None:
    order_id, message = new_id(), rendered(None)[0]
    notifications.order_tokens.tokens[order_id] = "the-token"
    await notifications.perform(
        queue_message, QueueMessage(message, "ada@example.com", About(order_id, None, order_id))
    )
    assert (await delivered(notifications)).is_well
    assert "\nhttps://shop.example/guest-order#the-token\n" in notifications.mail_server.texts[0]
    assert "the-token" not in repr(notifications.messages.rows) + repr(notifications.events.events)
    assert notifications.events.events[0].payload["userId"] is None


async def test_a_mail_waits_while_orders_can_not_be_asked(notifications: NotificationsTwin) -> None:
    order_id, message = new_id(), rendered(None)[0]
    notifications.order_tokens.is_away = True
    await notifications.perform(
        queue_message, QueueMessage(message, "ada@example.com", About(order_id, None, order_id))
    )
    assert (await delivered(notifications)).postponed == [Kind.ORDER_CONFIRMED]
    notifications.order_tokens.is_away = False
    await delivered(notifications)
    assert notifications.mail_server.taken == ["ada@example.com"]


async def test_an_order_that_no_token_opens_any_more_is_linked_without_one(notifications: NotificationsTwin) -> None:
    order_id, message = new_id(), rendered(None)[0]
    await notifications.perform(
        queue_message, QueueMessage(message, "ada@example.com", About(order_id, None, order_id))
    )
    await delivered(notifications)
    assert "\nhttps://shop.example/guest-order\n" in notifications.mail_server.texts[0]


async def test_messages_about_an_order_become_the_accounts(notifications: NotificationsTwin) -> None:
    order_id, user_id = new_id(), new_id()
    for about in (About(order_id, None, order_id), About(new_id(), None, new_id())):
        await notifications.perform(queue_message, QueueMessage(rendered(None)[0], "ada@example.com", about))
    await notifications.perform(attach_customer, AttachCustomer(order_id, user_id))
    owners = {row.about.order_id: row.about.user_id for row in notifications.messages.rows.values()}
    assert (owners.pop(order_id), set(owners.values())) == (user_id, {None})
