"""Placing an order, and paying again for one that came to nothing."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from shared.errors import Rejection, Rejections, each_of
from subgraphs.orders.commands import place_order as placing
from subgraphs.orders.commands.pay_order import PayOrder, pay_order
from subgraphs.orders.domain.cart import Backorder
from subgraphs.orders.domain.cart_problems import InsufficientStock
from subgraphs.orders.domain.cart_rejections import CartAlreadyOrdered, CartNotFound
from subgraphs.orders.domain.catalogue import KnownStock
from subgraphs.orders.domain.fulfilment import Step
from subgraphs.orders.domain.order import OrderStatus, Person
from subgraphs.orders.domain.peers import Declined
from subgraphs.orders.domain.rejections import (
    CartEmpty,
    CartHasProblem,
    CartLineHasProblem,
    NotPayableAgain,
    OrderedAnew,
    OrderNotFound,
)
from tests.fakes.payments import FakePayments
from tests.unit.orders.room import BUYER, LEASE, Room


class DecliningPayments(FakePayments):
    """Declines the first attempts."""

    def __init__(self) -> None:
        super().__init__(authorization=Declined("card_declined", "no"))

    def accept(self) -> None:
        self._authorization = FakePayments()._authorization


async def test_an_order_has_the_names_and_prices_of_now() -> None:
    room = Room()
    cart_id = room.cart(2, 3)
    order = room.order(await room.place(cart_id)).placed
    assert (order.total_minor, order.currency, order.customer_id, order.attempt) == (5000, "EUR", BUYER, 1)
    lines = room.work.tables.carts.rows[cart_id].lines.values()
    assert [(line.variant_id, line.quantity, line.unit_price_minor) for line in order.lines] == [
        (line.variant_id, line.quantity, 1000) for line in lines
    ]
    assert room.work.tables.carts.rows[cart_id].is_ordered


async def test_a_number_that_is_taken_is_replaced_by_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(["M-0000-0000", "M-0000-0000", "M-0000-0001"])
    monkeypatch.setattr(placing, "new_order_number", lambda: next(numbers))
    room = Room()
    found = [room.order(await room.placed()).placed.number for _ in range(2)]
    assert (found, room.work.reports.seen["placed"]) == (["M-0000-0000", "M-0000-0001"], 2)


async def rejections(room: Room, cart_id: UUID) -> Sequence[Rejection]:
    with pytest.raises(Rejections) as rejected:
        await room.place(cart_id)
    assert room.work.tables.orders == {}
    return each_of(rejected.value)


async def test_all_that_stands_between_a_cart_and_an_order_is_told_at_once() -> None:
    room = Room()
    (empty,) = await rejections(room, room.cart())
    assert isinstance(empty, CartEmpty)
    cart_id = room.cart(1)
    room.put(cart_id, is_sold=False)
    room.put(cart_id, currency="USD")
    room.put(cart_id, seen=5)
    found = await rejections(room, cart_id)
    assert [type(each) for each in found] == [CartHasProblem, CartLineHasProblem, CartLineHasProblem]
    assert [each.index for each in found if isinstance(each, CartLineHasProblem)] == [1, 3]


async def test_what_is_not_in_stock_is_ordered_when_it_may_follow() -> None:
    room = Room()
    cart_id = room.cart(5)
    (line,) = room.work.tables.carts.rows[cart_id].lines.values()
    room.work.tables.carts.catalogue.stock[line.variant_id] = 1, KnownStock(available=2)
    (short,) = await rejections(room, cart_id)
    assert isinstance(short, CartLineHasProblem)
    assert isinstance(short.problem, InsufficientStock)
    room.work.tables.carts.catalogue.stock[line.variant_id] = 2, KnownStock(available=2, backorder=Backorder(None))
    assert await room.place(cart_id)


async def test_only_an_open_cart_of_the_customers_is_ordered() -> None:
    room = Room()
    cart_id = room.cart(1)
    await room.place(cart_id)
    with pytest.raises(CartAlreadyOrdered):
        await room.place(cart_id)
    with pytest.raises(CartNotFound):
        await room.place(uuid4())


async def pay(room: Room, order_id: UUID, customer_id: UUID = BUYER) -> object:
    return await room.perform(
        pay_order, PayOrder(order_id, "pm_card_mastercard", Person(customer_id, is_staff=False), LEASE)
    )


async def test_an_order_that_came_to_nothing_is_paid_again() -> None:
    payments = DecliningPayments()
    room = Room(payments)
    order_id = await room.confirmed()
    cart_id = room.let_go(order_id)
    payments.accept()
    assert await pay(room, order_id) == order_id
    order, saga = room.order(order_id), room.work.tables.sagas[order_id]
    assert (order.status, order.placed.attempt, order.cart_id) == (OrderStatus.PENDING, 2, cart_id)
    assert (saga.step, saga.payment_method_id) == (Step.RESERVE, "pm_card_mastercard")
    assert (room.reasons(order_id)[-1], room.told(order_id)[-1]) == ("paid again", "OrderReopened")
    await room.run()
    assert room.order(order_id).status is OrderStatus.CONFIRMED


async def test_what_is_bought_leaves_a_cart_that_was_changed_meanwhile() -> None:
    payments = DecliningPayments()
    room = Room(payments)
    order_id = await room.confirmed()
    cart_id = room.let_go(order_id)
    room.put(cart_id)
    await pay(room, order_id)
    carts = room.work.tables.carts.rows
    assert (len(carts[cart_id].lines), carts[cart_id].is_ordered) == (1, False)
    apart_id = room.order(order_id).cart_id
    assert apart_id not in (None, cart_id)
    assert apart_id is not None
    assert carts[apart_id].is_ordered


async def test_what_can_not_be_paid_again_is_told_why() -> None:
    room = Room(DecliningPayments())
    pending, cancelled = await room.placed(), await room.placed()
    with pytest.raises(NotPayableAgain):
        await pay(room, pending)
    with pytest.raises(OrderNotFound):
        await pay(room, pending, uuid4())
    await room.run()
    other = room.order(await room.place(room.let_go(cancelled)))
    with pytest.raises(OrderedAnew) as rejected:
        await pay(room, cancelled)
    assert rejected.value.number == other.placed.number
