"""One contract for the ports of carts: the twins in memory and Postgres answer alike."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.days import today
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.cart import Backorder, CartLifetime
from subgraphs.orders.domain.cart_changes import Addition, CartState, CartsToMerge
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import ExpectedDays, KnownStock, KnownVariant
from subgraphs.orders.domain.waiting import StillToCome
from tests.backends import Backends
from tests.integration.orders.cart_kinds import ADA, BOB, Carts, Memory, Postgres, order_of
from tests.subgraphs import connected

LIFETIME = CartLifetime(anonymous_days=3, owned_days=9)
SOON = today() + timedelta(days=10)


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def carts(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Carts]:
    if request.param == "memory":
        yield Carts(Memory())
        return
    async with connected(backends, "orders"):
        yield Carts(Postgres())


async def test_a_new_cart_is_empty_and_kept_for_its_days(carts: Carts) -> None:
    cart_id = uuid4()
    cart = await carts.run(lambda work: work.carts.add(cart_id, ADA, 5))
    assert (cart.id, cart.owner_id, list(cart.lines), cart.is_ordered) == (cart_id, ADA, [], False)
    found = await carts.load(cart_id)
    assert (found.created_at, found.expires_at) == (cart.created_at, cart.expires_at)
    assert await carts.days_left(cart_id) == 5


async def test_a_line_is_read_with_what_is_known_of_its_variant(carts: Carts) -> None:
    lamp = await carts.sell(1200)
    backorder = Backorder(SOON, 4)
    await carts.run(lambda work: work.catalogue.save_stock(lamp, 1, KnownStock(3, backorder, SOON)))
    (line,) = (await carts.load(await carts.filled(None, (lamp, 2), price=1000))).lines
    assert (line.variant.id, line.quantity, line.title, line.sku, line.is_sold) == (lamp, 2, "Lamp", "SKU", True)
    assert (line.unit_price, line.seen_price) == (Money(1200, "EUR"), Money(1000, "EUR"))
    assert (line.available, line.backorder) == (3, backorder)


async def test_a_line_of_what_is_sold_no_longer_says_so_and_a_day_that_is_over_is_none(carts: Carts) -> None:
    product_id, lamp = new_id(), KnownVariant(new_id(), "SKU", "Lamp", Money(1000, "EUR"))
    over = today() - timedelta(days=1)
    await carts.run(lambda work: work.catalogue.save_product(product_id, 1, [lamp]))
    cart_id = await carts.filled(None, (lamp.id, 1))
    assert (await carts.load(cart_id)).lines[0].available is None
    await carts.run(lambda work: work.catalogue.save_product(product_id, 2, []))
    await carts.run(lambda work: work.catalogue.save_stock(lamp.id, 1, KnownStock(0, Backorder(over), over)))
    (line,) = (await carts.load(cart_id)).lines
    assert (line.is_sold, line.available, line.backorder) == (False, 0, Backorder(None))


async def test_a_cart_is_open_for_its_owner_or_everybody_until_it_is_ordered_or_expires(carts: Carts) -> None:
    own, anonymous, ordered, late, bobs = [await carts.filled(each) for each in (ADA, None, ADA, ADA, BOB)]
    await carts.kind.order(ordered)
    await carts.kind.expire(ordered)
    await carts.kind.expire(late)
    found = [await carts.state(each, ADA) for each in (own, anonymous, ordered, late, bobs, uuid4())]
    assert found == [CartState.OPEN, CartState.OPEN, CartState.ORDERED, None, None, None]
    assert await carts.state(own, None) is None
    assert (await carts.load(ordered)).is_ordered
    assert (await carts.load(ordered)).expires_at is None


async def test_a_lock_to_change_puts_the_expiry_off(carts: Carts) -> None:
    own, anonymous, late = [await carts.filled(owner) for owner in (ADA, None, ADA)]
    await carts.kind.expire(late)

    async def lock(cart_id: UUID) -> CartState | None:
        return await carts.run(lambda work: work.carts.lock_to_change(cart_id, ADA, LIFETIME))

    assert [await lock(each) for each in (own, anonymous, late)] == [CartState.OPEN, CartState.OPEN, None]
    assert (await carts.days_left(own), await carts.days_left(anonymous)) == (9, 3)


async def test_units_of_the_same_variant_add_up_at_the_price_seen_first(carts: Carts) -> None:
    lamp, bowl = await carts.sell(1200), await carts.sell()
    cart_id = await carts.filled(None, (lamp, 2), price=1000)
    additions = [Addition(bowl, 1, Money(1000, "EUR")), Addition(lamp, 3, Money(1200, "EUR"))]
    await carts.run(lambda work: work.carts.add_units(cart_id, additions))
    first, second = (await carts.load(cart_id)).lines
    assert (first.variant.id, first.quantity, first.seen_price) == (lamp, 5, Money(1000, "EUR"))
    assert (second.variant.id, second.quantity) == (bowl, 1)


async def test_who_sets_a_quantity_has_seen_the_price_of_now(carts: Carts) -> None:
    lamp, bowl = await carts.sell(1200), await carts.sell(1200)
    cart_id = await carts.filled(None, (lamp, 2), (bowl, 2), price=1000)
    first, _ = (await carts.load(cart_id)).lines
    await carts.run(lambda work: work.carts.set_quantities(cart_id, {first.id: 7}))
    lines = (await carts.load(cart_id)).lines
    assert [(line.quantity, line.seen_price.minor) for line in lines] == [(7, 1200), (2, 1000)]


async def test_lines_are_taken_out(carts: Carts) -> None:
    lamp, bowl = await carts.sell(), await carts.sell()
    cart_id = await carts.filled(None, (lamp, 1), (bowl, 1))
    first, _ = (await carts.load(cart_id)).lines
    await carts.run(lambda work: work.carts.remove_lines(cart_id, [first.id, first.id]))
    assert await carts.units(cart_id) == {bowl: 1}


async def test_the_users_latest_other_open_cart_is_the_one_to_merge_into(carts: Carts) -> None:
    older, latest, ordered, late = [await carts.filled(ADA) for _ in range(4)]
    anonymous, bobs = await carts.filled(None), await carts.filled(BOB)
    await carts.kind.order(ordered)
    await carts.kind.expire(late)

    async def lock(cart_id: UUID, user_id: UUID = ADA) -> CartsToMerge:
        return await carts.run(lambda work: work.carts.lock_to_merge(cart_id, user_id))

    assert await lock(anonymous) == CartsToMerge(CartState.OPEN, latest)
    assert await lock(latest) == CartsToMerge(CartState.OPEN, older)
    assert await lock(ordered) == CartsToMerge(CartState.ORDERED, latest)
    assert await lock(late) == await lock(bobs) == await lock(uuid4()) == CartsToMerge(None, latest)
    assert await lock(anonymous, uuid4()) == CartsToMerge(CartState.OPEN, None)


async def test_an_adopted_cart_is_its_users(carts: Carts) -> None:
    cart_id = await carts.filled(None)
    await carts.run(lambda work: work.carts.adopt(cart_id, ADA, 9))
    assert ((await carts.load(cart_id)).owner_id, await carts.days_left(cart_id)) == (ADA, 9)


async def test_a_cart_is_poured_into_another_and_orders_that_let_go_of_it_find_that_one(carts: Carts) -> None:
    lamp, bowl, cup = [await carts.sell(1200) for _ in range(3)]
    own = await carts.filled(ADA, (lamp, 600), (bowl, 1), price=1000)
    other = await carts.filled(None, (lamp, 400), (cup, 2), price=1100)
    order = order_of((cup, 2, 1200))
    await carts.kind.let_go(order, other)
    await carts.run(lambda work: work.carts.pour(other, own, 9))
    assert await carts.units(own) == {lamp: 999, bowl: 1, cup: 2}
    seen = {line.variant.id: line.seen_price.minor for line in (await carts.load(own)).lines}
    assert (seen, await carts.days_left(own)) == ({lamp: 1000, bowl: 1000, cup: 1100}, 9)
    assert (await carts.state(other, ADA), await carts.kind.reopened(order)) == (None, own)


async def test_what_an_order_buys_is_split_off_a_cart_that_holds_other_things_too(carts: Carts) -> None:
    lamp, bowl, cup = [await carts.sell(1200) for _ in range(3)]
    cart_id = await carts.filled(ADA, (lamp, 3), (bowl, 1), (cup, 1))
    order = order_of((lamp, 1, 900), (bowl, 1, 800), (lamp, 1, 700))
    await carts.kind.let_go(order, cart_id)
    await carts.run(lambda work: work.carts.split_off(order))
    assert await carts.units(cart_id) == {lamp: 1, cup: 1}
    apart_id = await carts.kind.reopened(order)
    assert apart_id is not None
    apart, cart = await carts.load(apart_id), await carts.load(cart_id)
    assert {line.variant.id: (line.quantity, line.seen_price.minor) for line in apart.lines} == {
        lamp: (2, 900),
        bowl: (1, 800),
    }
    assert (apart.owner_id, apart.expires_at) == (ADA, cart.expires_at)
    assert apart.created_at < cart.created_at


@pytest.mark.parametrize("case", ["the same", "nothing of it", "ordered", "expired", "somebody else's"])
async def test_a_cart_stays_as_it_is_when_nothing_is_to_be_split_off(carts: Carts, case: str) -> None:
    lamp, bowl = await carts.sell(), await carts.sell()
    held = {"the same": [(lamp, 2)], "nothing of it": [(bowl, 1)]}.get(case, [(lamp, 2), (bowl, 1)])
    cart_id = await carts.filled(BOB if case == "somebody else's" else ADA, *held)
    order = order_of((lamp, 2, 1000))
    await carts.kind.let_go(order, cart_id)
    if case == "ordered":
        await carts.kind.order(cart_id)
    if case == "expired":
        await carts.kind.expire(cart_id)
    await carts.run(lambda work: work.carts.split_off(order))
    assert (await carts.units(cart_id), await carts.kind.reopened(order)) == (dict(held), cart_id)


async def test_expired_carts_are_removed_the_oldest_first_but_for_ordered_ones(carts: Carts) -> None:
    lamp = await carts.sell()
    kept, ordered, first, second, third = [await carts.filled(ADA, (lamp, 1)) for _ in range(5)]
    await carts.kind.order(ordered)
    for late in (ordered, first, second, third):
        await carts.kind.expire(late)
    assert await carts.run(lambda work: work.carts.remove_expired(2)) == 2
    assert await carts.run(lambda work: work.carts.remove_expired(2)) == 1
    assert await carts.units(kept) == await carts.units(ordered) == {lamp: 1}
    assert [await carts.state(each, ADA) for each in (first, second, third)] == [None] * 3


async def test_a_product_is_sold_as_its_latest_version_says(carts: Carts) -> None:
    product_id = new_id()
    blue, red = (KnownVariant(new_id(), "SKU", title, Money(1000, "EUR")) for title in ("Blue", "Red"))

    async def sold_after(version: int, *variants: KnownVariant) -> dict[UUID, KnownVariant]:
        await carts.run(lambda work: work.catalogue.save_product(product_id, version, variants))
        return dict(await carts.run(lambda work: work.catalogue.sold_variants([blue.id, red.id, new_id()])))

    assert await sold_after(2, blue, red) == {blue.id: blue, red.id: red}
    assert await sold_after(1, blue) == {blue.id: blue, red.id: red}
    renamed = KnownVariant(blue.id, "OTHER", "Navy", Money(900, "USD"))
    assert await sold_after(3, renamed) == {blue.id: renamed}
    assert await sold_after(4) == {}


async def test_stock_is_known_as_its_latest_version_says_and_the_days_are_answered(carts: Carts) -> None:
    lamp = await carts.sell()

    async def saved(version: int, day: int | None) -> ExpectedDays:
        expected = SOON + timedelta(days=day) if day is not None else None
        stock = KnownStock(version, None, expected)
        return await carts.run(lambda work: work.catalogue.save_stock(lamp, version, stock))

    assert await saved(2, 0) == ExpectedDays(None, SOON)
    assert await saved(1, 5) == ExpectedDays(None, None)
    assert await saved(3, None) == ExpectedDays(SOON, None)
    (line,) = (await carts.load(await carts.filled(None, (lamp, 1)))).lines
    assert line.available == 3


async def test_orders_that_wait_are_found_by_variant_with_what_they_wait_for(carts: Carts) -> None:
    lamp, bowl = await carts.sell(), await carts.sell()
    await carts.run(lambda work: work.catalogue.save_stock(lamp, 1, KnownStock(0, None, SOON)))
    waits, has_all = order_of((lamp, 3, 1000), (bowl, 2, 1000), (bowl, 1, 900)), order_of((lamp, 3, 1000))
    await carts.kind.wait(waits, [2, 1, 0])
    await carts.kind.wait(has_all, [0])
    assert list(await carts.run(lambda work: work.waiting_orders.of_variant(lamp))) == [waits.id]
    ((order, still_to_come),) = await carts.run(lambda work: work.waiting_orders.by_ids([waits.id, has_all.id]))
    assert order == waits
    assert list(still_to_come) == [StillToCome(waits.lines[0].id, 2, SOON), StillToCome(waits.lines[1].id, 1, None)]


async def test_what_a_unit_of_work_did_is_undone_when_it_fails(carts: Carts) -> None:
    lamp = await carts.sell()
    cart_id = await carts.filled(None, (lamp, 1))

    async def step(work: CartWork) -> None:
        await work.carts.add_units(cart_id, [Addition(lamp, 1, Money(1000, "EUR"))])

    async def steps(work: CartWork) -> None:
        await work.transaction(step)
        raise LookupError

    with pytest.raises(LookupError):
        await carts.run(steps)
    assert await carts.units(cart_id) == {lamp: 1}
