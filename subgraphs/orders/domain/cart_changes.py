"""How a cart may be changed: who finds it open, what goes in and out, what is poured into another one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import Rejection
from shared.money import Money
from subgraphs.orders.domain.cart import MAX_LINES, MAX_QUANTITY, Cart
from subgraphs.orders.domain.cart_rejections import (
    CartAlreadyOrdered,
    CartFull,
    CartLineNotFound,
    CartNotFound,
    CartsInSeveralCurrencies,
    LineInOtherCurrency,
    TooManyUnits,
    VariantNotSold,
    require_none,
)
from subgraphs.orders.domain.catalogue import KnownVariant
from subgraphs.orders.domain.order import OrderedLine


class CartState(StrEnum):
    """Whether a cart was ordered; what was can't be changed."""

    OPEN = "OPEN"
    ORDERED = "ORDERED"


@dataclass(frozen=True, slots=True)
class CartsToMerge:
    """Two locked carts: the ``state`` of the named one, None when it is missing, and the user's own one, if any."""

    state: CartState | None
    own_id: UUID | None


@dataclass(frozen=True, slots=True)
class WantedUnits:
    """How many units of a variant somebody wants, 1 to MAX_QUANTITY."""

    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class WantedQuantity:
    """How many units a line is to hold, 1 to MAX_QUANTITY."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Addition:
    """How many units of a variant to put in, and the price that the buyer sees."""

    variant_id: UUID
    quantity: int
    price: Money


def require_open(state: CartState | None) -> None:
    """Passes when a cart may be changed or ordered; None is one that is missing.

    Raises:
        CartNotFound, CartAlreadyOrdered
    """
    if state is None:
        raise CartNotFound
    if state is CartState.ORDERED:
        raise CartAlreadyOrdered


def require_lines(cart: Cart, line_ids: Sequence[UUID]) -> None:
    """Passes when these are lines of the cart. Raises Rejections: CartLineNotFound, each that is none."""
    known = {line.id for line in cart.lines}
    require_none(CartLineNotFound(index) for index, line_id in enumerate(line_ids) if line_id not in known)


def additions(cart: Cart, wanted: Sequence[WantedUnits], sold: Mapping[UUID, KnownVariant]) -> Sequence[Addition]:
    """What to put into a cart. The same variant adds up, in the cart and within ``wanted``; ``sold`` are those on sale.

    Raises:
        Rejections: VariantNotSold, each that is so; else all of TooManyUnits, LineInOtherCurrency, CartFull.
    """
    require_none(VariantNotSold(index) for index, line in enumerate(wanted) if line.variant_id not in sold)
    units = units_by_variant(wanted)
    require_none([*_sums(cart, wanted), *_currencies(cart, wanted, sold), *_fullness({*units}, cart)])
    return [Addition(variant_id, quantity, sold[variant_id].price) for variant_id, quantity in units.items()]


def require_mergeable(other: Cart, own: Cart) -> None:
    """Passes when one cart can be poured into another. Raises Rejections: CartsInSeveralCurrencies, CartFull."""
    currencies = sorted({*other.currencies, *own.currencies})
    several = [CartsInSeveralCurrencies(currencies)] if len(currencies) > 1 else []
    require_none([*several, *_fullness({line.variant.id for line in other.lines}, own)])


def units_by_variant(lines: Iterable[WantedUnits | OrderedLine]) -> Counter[UUID]:
    """The same variant added up."""
    units: Counter[UUID] = Counter()
    for line in lines:
        units[line.variant_id] += line.quantity
    return units


def _sums(cart: Cart, wanted: Sequence[WantedUnits]) -> Iterator[Rejection]:
    units = Counter({line.variant.id: line.quantity for line in cart.lines})
    for index, line in enumerate(wanted):
        units[line.variant_id] += line.quantity
        if units[line.variant_id] > MAX_QUANTITY:
            yield TooManyUnits(index, units[line.variant_id])


def _currencies(cart: Cart, wanted: Sequence[WantedUnits], sold: Mapping[UUID, KnownVariant]) -> Iterator[Rejection]:
    prices = [sold[line.variant_id].price for line in wanted]
    own = cart.currencies[0] if cart.currencies else prices[0].currency
    for index, price in enumerate(prices):
        if price.currency != own:
            yield LineInOtherCurrency(index, price.currency, own)


def _fullness(more: set[UUID], cart: Cart) -> Iterator[Rejection]:
    if len(more | {line.variant.id for line in cart.lines}) > MAX_LINES:
        yield CartFull()
