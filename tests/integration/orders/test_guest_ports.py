"""One contract for what the ports of orders say of guests: the twins in memory and Postgres answer alike."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from shared.email import comparable
from shared.ids import new_id
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.guest import Guest
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder, new_order_number
from tests.integration.orders.order_kinds import NEVER, Room
from tests.orders import ADDRESS


async def placed(room: Room, email: str = "ada@example.com", expires_in: timedelta = timedelta(days=1)) -> PlacedOrder:
    """A guest's order."""
    line = OrderedLine(new_id(), new_id(), "SKU", "Lamp", 1, 1000)
    guest = Guest(uuid4(), datetime.now(UTC).replace(microsecond=0) + expires_in)
    order = PlacedOrder(new_id(), new_order_number(), None, email, "EUR", 1000, [line], guest=guest)
    checkout = Checkout(await room.add_cart(uuid4()), email, ADDRESS, "pm_card_visa")
    assert await room.run(lambda work: work.orders.place(order, checkout, NEVER))
    return order


async def attach(room: Room, email: str, user_id: UUID, most: int = 10) -> list[UUID]:
    return list(await room.run(lambda work: work.orders.attach_guests(email, user_id, most)))


async def test_a_guests_order_keeps_who_holds_its_token_for_its_saga_too(room: Room) -> None:
    order = await placed(room)
    assert await room.run(lambda work: work.orders.placed(order.id)) == order
    assert (await room.claimed()).order == order
    assert order.guest is not None
    locked = await room.lock(order.id)
    assert (locked.customer_id, locked.guest_id) == (None, order.guest.id)


async def test_a_token_that_is_expired_has_no_holder(room: Room) -> None:
    order = await placed(room, expires_in=timedelta(seconds=-1))
    assert (await room.lock(order.id)).guest_id is None


async def test_an_account_gets_the_latest_guests_orders_of_an_address_once(room: Room) -> None:
    ada, eve = uuid4(), uuid4()
    orders = [await placed(room, email) for email in ("ada@example.com", "Ada@Example.com", "ada@example.com")]
    others = [await placed(room, "eve@example.com"), await room.placed()]
    assert await attach(room, "ada@example.com", ada, most=2) == [orders[2].id, orders[1].id]
    assert await attach(room, "ada@example.com", eve) == [orders[0].id]
    assert await attach(room, "ada@example.com", eve) == []
    owners = [(await room.lock(order.id)).customer_id for order in (*orders, *others)]
    assert owners == [eve, ada, ada, None, others[1].customer_id]


async def test_an_address_of_any_script_is_one_however_its_domain_is_written(room: Room) -> None:
    ada = uuid4()
    orders = [await placed(room, email) for email in ("Ada@Bücher.de", "ada@xn--bcher-kva.de", "ada@bu\u0308cher.de")]
    await placed(room, "ada@bucher.de")
    one = comparable("ada@BÜCHER.de")
    assert await room.run(lambda work: work.orders.guests_within_an_hour(one)) == len(orders)
    assert await attach(room, one, ada) == [order.id for order in reversed(orders)]
