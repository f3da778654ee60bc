"""Puts variants into a cart."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import UserError
from shared.ids import try_parse_id
from subgraphs.orders.commands.cart_changes import existing_cart, open_cart, refuse
from subgraphs.orders.domain.cart import (
    DEFAULT_LIFETIME,
    Cart,
    CartLifetime,
    count_error,
    fullness_error,
    quantity_error,
)
from subgraphs.orders.domain.errors import invalid, variant_not_found
from subgraphs.orders.infrastructure.carts import Addition, add_quantities
from subgraphs.orders.infrastructure.catalogue import KnownVariant, sold_variants


@dataclass(frozen=True, slots=True)
class WantedVariant:
    """A variant, None when its id is malformed, and how many of it."""

    variant_id: UUID | None
    quantity: int


def wanted_variant(variant_id: str, quantity: int) -> WantedVariant:
    """A line as typed."""
    return WantedVariant(try_parse_id(variant_id), quantity)


async def add_cart_lines(
    cart_id: str, wanted: Sequence[WantedVariant], user_id: UUID | None, lifetime: CartLifetime = DEFAULT_LIFETIME
) -> Cart:
    """The cart with more in it. The same variant adds up, in the cart and within ``wanted``.

    Raises:
        UserErrors: each naming its field; then nothing was changed.
    """
    refuse([count_error(len(wanted), "lines"), *_bad_quantities(wanted)])
    async with open_cart(cart_id, user_id, lifetime) as cart:
        variants = await sold_variants([line.variant_id for line in wanted if line.variant_id])
        refuse(_unknown_variants(wanted, variants))
        pieces = _added_up(wanted)
        refuse([*_bad_sums(wanted, cart), *_other_currencies(wanted, variants, cart), _too_many_lines(pieces, cart)])
        additions = [
            Addition(variant_id, quantity, variants[variant_id].price) for variant_id, quantity in pieces.items()
        ]
        await add_quantities(cart.id, additions)
        return await existing_cart(cart.id, user_id)


def _added_up(wanted: Sequence[WantedVariant]) -> Counter[UUID]:
    pieces: Counter[UUID] = Counter()
    for line in wanted:
        if line.variant_id:
            pieces[line.variant_id] += line.quantity
    return pieces


def _bad_quantities(wanted: Sequence[WantedVariant]) -> Iterator[UserError | None]:
    for index, line in enumerate(wanted):
        yield quantity_error(line.quantity, "lines", str(index), "quantity")


def _unknown_variants(wanted: Sequence[WantedVariant], variants: Mapping[UUID, KnownVariant]) -> Iterator[UserError]:
    for index, line in enumerate(wanted):
        if line.variant_id not in variants:
            yield variant_not_found("lines", str(index), "variantId")


def _bad_sums(wanted: Sequence[WantedVariant], cart: Cart) -> Iterator[UserError | None]:
    pieces = Counter({line.variant.id: line.quantity for line in cart.lines})
    for index, line in enumerate(wanted):
        if line.variant_id:
            pieces[line.variant_id] += line.quantity
            yield quantity_error(pieces[line.variant_id], "lines", str(index), "quantity")


def _other_currencies(
    wanted: Sequence[WantedVariant], variants: Mapping[UUID, KnownVariant], cart: Cart
) -> Iterator[UserError]:
    prices = [variants[line.variant_id].price for line in wanted if line.variant_id]
    currency = cart.currencies[0] if cart.currencies else prices[0].currency
    for index, price in enumerate(prices):
        if price.currency != currency:
            message = f"The cart's prices are in {currency}, this one is in {price.currency}; use another cart for it."
            yield invalid(message, "lines", str(index), "variantId")


def _too_many_lines(pieces: Counter[UUID], cart: Cart) -> UserError | None:
    return fullness_error(len({*pieces, *(line.variant.id for line in cart.lines)}), "lines")
