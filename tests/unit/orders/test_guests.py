"""Buyers without an account, on the twins."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.security.secrets import Secret
from subgraphs.orders.commands.attach_guests import AttachGuests, attach_guests
from subgraphs.orders.commands.cancel_order import CancelOrder, cancel_order
from subgraphs.orders.commands.pay_order import PayOrder, pay_order
from subgraphs.orders.commands.place_order import PlaceOrder, place_order
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.guest import MOST_ORDERS_AN_HOUR, Guest
from subgraphs.orders.domain.order import Actor, OrderStatus, Person
from subgraphs.orders.domain.rejections import OrderNotFound, TooManyGuestsOrders
from subgraphs.orders.infrastructure.order_tokens import SecretOrderTokens
from tests.fakes.orders.rows import OrderRow, now
from tests.unit.orders.room import ADDRESS, BUYER, LEASE, Room

CARD = "pm_card_visa"


async def guests_order(room: Room, email: str = "ada@example.com") -> OrderRow:
    """A guest's new order."""
    cart_id = room.cart(1)
    room.work.tables.carts.rows[cart_id].owner_id = None
    checkout = Checkout(cart_id, email, ADDRESS, CARD)
    order_id = await room.perform(place_order, PlaceOrder(checkout, None, LEASE))
    return room.work.tables.orders[order_id]


def guest_of(row: OrderRow) -> Guest:
    assert row.placed.guest is not None
    return row.placed.guest


def holder(guest_id: UUID) -> Person:
    return Person(None, is_staff=False, guest_id=guest_id)


async def test_a_guests_order_is_no_accounts_and_has_a_holder_of_its_own() -> None:
    room = Room()
    one, other = await guests_order(room), await guests_order(room)
    assert (one.placed.customer_id, one.history[0].cause.actor) == (None, Actor.BUYER)
    assert guest_of(one).id != guest_of(other).id
    assert one.placed.payer_id == guest_of(one).id
    assert room.work.events.events[0].payload["customerId"] is None


async def test_the_holder_cancels_as_its_buyer() -> None:
    room = Room()
    row = await guests_order(room)
    await room.perform(cancel_order, CancelOrder(row.placed.id, holder(guest_of(row).id), None))
    assert row.status is OrderStatus.CANCELLING
    assert row.history[-1].cause.actor is Actor.BUYER


@pytest.mark.parametrize("person", [holder(uuid4()), Person(None, is_staff=False), Person(BUYER, is_staff=False)])
async def test_nobody_else_may_cancel_or_pay_it(person: Person) -> None:
    room = Room()
    row = await guests_order(room)
    for handler, command in (
        (cancel_order, CancelOrder(row.placed.id, person, None)),
        (pay_order, PayOrder(row.placed.id, CARD, person, LEASE)),
    ):
        with pytest.raises(OrderNotFound):
            await room.perform(handler, command)


async def test_an_expired_holder_is_nobody() -> None:
    room = Room()
    row = await guests_order(room)
    row.placed = replace(row.placed, guest=Guest(guest_of(row).id, now() - timedelta(seconds=1)))
    with pytest.raises(OrderNotFound):
        await room.perform(cancel_order, CancelOrder(row.placed.id, holder(guest_of(row).id), None))


async def test_staff_cancel_a_guests_order_as_staff() -> None:
    room = Room()
    row = await guests_order(room)
    await room.cancel(row.placed.id, uuid4(), is_staff=True)
    assert row.history[-1].cause.actor is Actor.STAFF


async def test_the_account_that_has_the_address_gets_its_guests_orders_once() -> None:
    room, ada = Room(), uuid4()
    mine = [await guests_order(room, email) for email in ("ada@example.com", "Ada@Example.COM")]
    other, of_account = await guests_order(room, "eve@example.com"), await room.placed()
    told = len(room.work.events.events)
    command = AttachGuests(ada, " ADA@example.com ")
    assert await room.perform(attach_guests, command) == len(mine)
    assert await room.perform(attach_guests, command) == 0
    assert [row.placed.customer_id for row in (*mine, other)] == [ada, ada, None]
    assert room.work.tables.orders[of_account].placed.customer_id == BUYER
    events = room.work.events.events[told:]
    assert {event.type for event in events} == {"mercato.orders.OrderCustomerAttached"}
    assert {event.payload["customerId"] for event in events} == {ada}


async def test_an_attached_order_is_paid_by_whom_it_was_and_open_to_both() -> None:
    room, ada = Room(), uuid4()
    row = await guests_order(room)
    payer_id = row.placed.payer_id
    await room.perform(attach_guests, AttachGuests(ada, "ada@example.com"))
    assert row.placed.payer_id == payer_id
    order = await room.work.orders.lock(row.placed.id)
    assert order is not None
    assert Person(ada, is_staff=False).is_buyer_of(order)
    assert holder(guest_of(row).id).is_buyer_of(order)


def test_a_token_is_made_again_while_its_key_is_there_and_good_until_it_expires() -> None:
    order_id = uuid4()
    guest = SecretOrderTokens(Secret("old"), 90).issue(order_id)
    token = SecretOrderTokens(Secret("old"), 90).of(order_id, guest)
    assert token is not None
    assert SecretOrderTokens(Secret("new\nold"), 90).of(order_id, guest) == token
    assert SecretOrderTokens(Secret("new"), 90).of(order_id, guest) is None
    assert SecretOrderTokens(Secret("old"), 90).of(uuid4(), guest) is None
    expired = replace(guest, token_expires_at=now() - timedelta(seconds=1))
    assert SecretOrderTokens(Secret("old"), 90).of(order_id, expired) is None


async def test_guests_order_ten_times_an_hour_for_one_address_and_others_as_often_as_they_like() -> None:
    room = Room()
    rows = [await guests_order(room, "Ada@example.com") for _ in range(MOST_ORDERS_AN_HOUR)]
    with pytest.raises(TooManyGuestsOrders):
        await guests_order(room)
    await room.placed()
    await guests_order(room, "eve@example.com")
    room.work.tables.orders[rows[0].placed.id].placed_at -= timedelta(hours=1)
    await guests_order(room)
