"""What buyers do with carts, without a server."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from shared.errors import Rejection, Rejections
from subgraphs.orders.commands.expire_carts import ExpireCarts, expire_carts
from subgraphs.orders.commands.merge_carts import MergeCarts, merge_carts
from subgraphs.orders.commands.remove_cart_lines import RemoveCartLines, remove_cart_lines
from subgraphs.orders.commands.update_cart_lines import UpdateCartLines, update_cart_lines
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.cart_changes import WantedQuantity
from subgraphs.orders.domain.cart_problems import PriceChanged
from subgraphs.orders.domain.cart_rejections import (
    CartAlreadyOrdered,
    CartFull,
    CartLineNotFound,
    CartNotFound,
    CartsInSeveralCurrencies,
    VariantNotSold,
)
from tests.fakes.carts import CartWorkTwin
from tests.unit.orders.carts import add, days_left, expire, filled, new_cart, reprice, sold, units

ADA, BOB = UUID(int=1), UUID(int=2)


@pytest.fixture
def twin() -> CartWorkTwin:
    return CartWorkTwin(CartLifetime(anonymous_days=3, owned_days=9))


async def rejection(attempt: Awaitable[object]) -> type[Rejection]:
    """The kind of the only rejection."""
    with pytest.raises(Rejection) as rejected:
        await attempt
    error = rejected.value
    (one,) = error.rejections if isinstance(error, Rejections) else [error]
    return type(one)


async def update(twin: CartWorkTwin, cart_id: UUID, *wanted: tuple[UUID, int], user_id: UUID | None = None) -> None:
    lines = [WantedQuantity(*each) for each in wanted]
    await twin.perform(update_cart_lines, UpdateCartLines(cart_id, user_id, lines))


async def remove(twin: CartWorkTwin, cart_id: UUID, *line_ids: UUID, user_id: UUID | None = None) -> None:
    await twin.perform(remove_cart_lines, RemoveCartLines(cart_id, user_id, line_ids))


async def merge(twin: CartWorkTwin, cart_id: UUID, user_id: UUID = ADA) -> UUID:
    return await twin.perform(merge_carts, MergeCarts(cart_id, user_id))


def line_ids(twin: CartWorkTwin, cart_id: UUID) -> list[UUID]:
    return [*twin.carts.rows[cart_id].lines]


async def test_a_new_cart_is_empty_has_a_random_id_and_is_kept_as_its_owner_wants(twin: CartWorkTwin) -> None:
    anonymous, owned = await new_cart(twin), await new_cart(twin, ADA)
    assert {anonymous.version, owned.version} == {4}
    assert (days_left(twin, anonymous), days_left(twin, owned)) == (3, 9)
    assert units(twin, anonymous) == {}


async def test_variants_go_in_and_the_same_adds_up(twin: CartWorkTwin) -> None:
    shirt, bowl = await sold(twin, 1999), await sold(twin, 1)
    cart = await add(twin, await filled(twin, shirt, bowl, shirt, quantity=2), shirt)
    assert [(line.variant.id, line.quantity) for line in cart.lines] == [(shirt, 5), (bowl, 2)]
    assert cart.total_quantity == 7


async def test_a_changed_price_is_the_line_s_problem_until_its_quantity_is_set_again(twin: CartWorkTwin) -> None:
    lamp = await sold(twin, 1000)
    cart_id = await filled(twin, lamp)
    await reprice(twin, lamp, 1200)
    (line,) = (await add(twin, cart_id, lamp)).lines
    assert [type(problem) for problem in line.problems] == [PriceChanged]
    await update(twin, cart_id, (line.id, 1))
    assert (await twin.carts.load(cart_id)).lines[0].problems == []


async def test_lines_are_set_and_taken_out(twin: CartWorkTwin) -> None:
    shirt, bowl = await sold(twin), await sold(twin)
    cart_id = await filled(twin, shirt, bowl)
    first, second = line_ids(twin, cart_id)
    await update(twin, cart_id, (second, 7))
    assert units(twin, cart_id) == {shirt: 1, bowl: 7}
    await remove(twin, cart_id, first, first)
    assert units(twin, cart_id) == {bowl: 7}


async def test_lines_of_another_cart_are_none_of_this_one(twin: CartWorkTwin) -> None:
    shirt = await sold(twin)
    cart_id, other_id = await filled(twin, shirt), await filled(twin, shirt)
    (own,), (other,) = line_ids(twin, cart_id), line_ids(twin, other_id)
    assert await rejection(update(twin, cart_id, (own, 2), (other, 2))) is CartLineNotFound
    assert await rejection(remove(twin, cart_id, own, other)) is CartLineNotFound
    assert units(twin, cart_id) == units(twin, other_id) == {shirt: 1}


CHANGES: dict[str, Callable[[CartWorkTwin, UUID, UUID, UUID], Awaitable[object]]] = {
    "add": lambda twin, cart_id, variant_id, line_id: add(twin, cart_id, variant_id, user_id=ADA),
    "update": lambda twin, cart_id, variant_id, line_id: update(twin, cart_id, (line_id, 2), user_id=ADA),
    "remove": lambda twin, cart_id, variant_id, line_id: remove(twin, cart_id, line_id, user_id=ADA),
    "merge": lambda twin, cart_id, variant_id, line_id: merge(twin, cart_id, ADA),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_carts_of_others_ordered_and_expired_ones_are_not_changed(
    twin: CartWorkTwin, change: Callable[[CartWorkTwin, UUID, UUID, UUID], Awaitable[object]]
) -> None:
    shirt = await sold(twin)
    others, own, late = [await filled(twin, shirt, owner_id=owner) for owner in (BOB, ADA, ADA)]
    twin.carts.rows[own].is_ordered = True
    expire(twin, late)
    assert await rejection(change(twin, others, shirt, line_ids(twin, others)[0])) is CartNotFound
    assert await rejection(change(twin, late, shirt, line_ids(twin, late)[0])) is CartNotFound
    assert await rejection(change(twin, uuid4(), shirt, uuid4())) is CartNotFound
    assert await rejection(change(twin, own, shirt, line_ids(twin, own)[0])) is CartAlreadyOrdered


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_puts_the_expiry_off(
    twin: CartWorkTwin, change: Callable[[CartWorkTwin, UUID, UUID, UUID], Awaitable[object]]
) -> None:
    shirt = await sold(twin)
    cart_id = await filled(twin, shirt, owner_id=ADA)
    twin.lifetime = CartLifetime(anonymous_days=4, owned_days=10)
    await change(twin, cart_id, shirt, line_ids(twin, cart_id)[0])
    assert days_left(twin, cart_id) == 10


async def test_a_rejected_change_puts_nothing_off(twin: CartWorkTwin) -> None:
    cart_id = await new_cart(twin)
    twin.lifetime = CartLifetime(anonymous_days=4)
    assert await rejection(add(twin, cart_id, uuid4())) is VariantNotSold
    assert days_left(twin, cart_id) == 3


async def test_an_anonymous_cart_is_anybodys_and_stays_so(twin: CartWorkTwin) -> None:
    shirt = await sold(twin)
    cart_id = await filled(twin, shirt)
    await add(twin, cart_id, shirt, user_id=ADA)
    assert (units(twin, cart_id), twin.carts.rows[cart_id].owner_id) == ({shirt: 2}, None)


async def test_an_anonymous_cart_goes_into_the_latest_own_one(twin: CartWorkTwin) -> None:
    shirt, bowl, lamp = await sold(twin), await sold(twin), await sold(twin)
    await filled(twin, shirt, owner_id=ADA)
    own = await filled(twin, shirt, bowl, quantity=2, owner_id=ADA)
    anonymous = await filled(twin, shirt, lamp, quantity=3)
    assert await merge(twin, anonymous) == own
    assert units(twin, own) == {shirt: 5, bowl: 2, lamp: 3}
    assert anonymous not in twin.carts.rows


async def test_merged_units_add_up_to_what_a_line_holds(twin: CartWorkTwin) -> None:
    shirt = await sold(twin)
    own = await filled(twin, shirt, quantity=600, owner_id=ADA)
    await merge(twin, await filled(twin, shirt, quantity=400))
    assert units(twin, own) == {shirt: 999}


async def test_without_another_own_cart_the_named_one_becomes_or_stays_the_users(twin: CartWorkTwin) -> None:
    shirt = await sold(twin)
    anonymous = await filled(twin, shirt)
    assert await merge(twin, anonymous) == anonymous == await merge(twin, anonymous)
    assert (twin.carts.rows[anonymous].owner_id, days_left(twin, anonymous)) == (ADA, 9)


async def test_ordered_and_expired_carts_are_no_own_carts_to_merge_into(twin: CartWorkTwin) -> None:
    shirt = await sold(twin)
    ordered, late, anonymous = [await filled(twin, shirt, owner_id=owner) for owner in (ADA, ADA, None)]
    twin.carts.rows[ordered].is_ordered = True
    expire(twin, late)
    assert await merge(twin, anonymous) == anonymous


async def test_the_latest_own_cart_goes_into_the_one_before_it(twin: CartWorkTwin) -> None:
    shirt, bowl = await sold(twin), await sold(twin)
    oldest, older, latest = [await filled(twin, each, owner_id=ADA) for each in (bowl, shirt, shirt)]
    assert await merge(twin, older) == latest
    assert await merge(twin, latest) == oldest
    assert units(twin, oldest) == {bowl: 1, shirt: 2}
    assert [*twin.carts.rows] == [oldest]


async def test_a_line_that_both_carts_have_keeps_the_price_seen_in_the_own_one(twin: CartWorkTwin) -> None:
    shirt = await sold(twin, 1990)
    own = await filled(twin, shirt, owner_id=ADA)
    await reprice(twin, shirt, 2090)
    await merge(twin, await filled(twin, shirt))
    assert [type(problem) for problem in (await twin.carts.load(own)).lines[0].problems] == [PriceChanged]


async def test_carts_that_do_not_fit_stay_as_they_were(twin: CartWorkTwin) -> None:
    variants = [await sold(twin) for _ in range(101)]
    dollars = await sold(twin, currency="USD")
    own, anonymous = await filled(twin, *variants[:60], owner_id=ADA), await filled(twin, *variants[59:])
    foreign = await filled(twin, dollars)
    assert await rejection(merge(twin, anonymous)) is CartFull
    assert await rejection(merge(twin, foreign)) is CartsInSeveralCurrencies
    assert [len(units(twin, cart_id)) for cart_id in (own, anonymous, foreign)] == [60, 42, 1]


async def test_expired_carts_are_removed_a_number_at_a_time_but_for_ordered_ones(twin: CartWorkTwin) -> None:
    kept, ordered, *late = [await new_cart(twin) for _ in range(5)]
    twin.carts.rows[ordered].is_ordered = True
    expire(twin, ordered, *late)
    assert [await twin.perform_alone(expire_carts, ExpireCarts(2)) for _ in range(3)] == [2, 1, 0]
    assert [*twin.carts.rows] == [kept, ordered]
