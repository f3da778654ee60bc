"""Carts."""

from typing import Any
from uuid import UUID

from ariadne import MutationType, QueryType

from shared.errors import BadUserInput, UserErrors
from shared.graphql.context import Info, require_principal
from shared.graphql.idempotency import replayable_mutation
from shared.graphql.mutations import payload
from shared.graphql.pagination import Connection, page_request
from shared.ids import parse_id
from subgraphs.orders.commands.add_cart_lines import add_cart_lines, wanted_variant
from subgraphs.orders.commands.cart_changes import existing_cart, refuse
from subgraphs.orders.commands.create_cart import create_cart
from subgraphs.orders.commands.merge_carts import merge_carts
from subgraphs.orders.commands.remove_cart_lines import remove_cart_lines
from subgraphs.orders.commands.update_cart_lines import update_cart_lines, wanted_quantity
from subgraphs.orders.domain.cart import Cart, CartLifetime, count_error
from subgraphs.orders.domain.errors import merged_cart_gone
from subgraphs.orders.entrypoints.graphql.callers import user_id_of
from subgraphs.orders.queries.carts import cart_by_id, cart_of_user, carts_of_user

query = QueryType()
_MOST_CARTS = 10
_USUAL_CARTS = 3


@query.field("cart")
async def resolve_cart(_: object, info: Info, id: str) -> Cart | None:
    """A cart that the caller may use."""
    return await cart_by_id(parse_id(id, "id"), user_id_of(info))


@query.field("myCart")
async def resolve_my_cart(_: object, info: Info) -> Cart | None:
    """The caller's own cart."""
    return await cart_of_user(require_principal(info).user_id)


@query.field("myCarts")
async def resolve_my_carts(
    _: object, info: Info, first: int | None = None, after: str | None = None
) -> Connection[Cart]:
    """The caller's own carts."""
    user_id = require_principal(info).user_id
    page = page_request(_USUAL_CARTS if first is None else first, after, 2, "myCarts", user_id)
    if page.first > _MOST_CARTS:  # each may have a hundred lines
        raise BadUserInput(f"first is {page.first}; it must be 1 to {_MOST_CARTS}.", ("first",))
    return await carts_of_user(user_id, page)


def cart_mutations(lifetime: CartLifetime) -> MutationType:
    """The mutations of carts that are thrown away after a time."""
    changes = _Changes(lifetime)
    mutation = MutationType()
    mutation.set_field("cartCreate", payload(changes.create))
    mutation.set_field("cartAddLines", payload(changes.add_lines))
    mutation.set_field("cartUpdateLines", payload(changes.update_lines))
    mutation.set_field("cartRemoveLines", payload(changes.remove_lines))
    mutation.set_field("cartMerge", payload(changes.merge))
    return mutation


class _Changes:
    """The resolvers, which have the lifetime of carts in common."""

    def __init__(self, lifetime: CartLifetime) -> None:
        self._lifetime = lifetime

    async def create(self, _: object, info: Info) -> dict[str, Any]:
        """Starts a cart."""
        user_id = user_id_of(info)
        return {"cart": await existing_cart(await create_cart(user_id, self._lifetime), user_id)}

    async def add_lines(self, _: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
        """Puts variants into a cart."""
        wanted = [wanted_variant(**line) for line in _few(input["lines"])]
        return {"cart": await add_cart_lines(input["cart_id"], wanted, user_id_of(info), self._lifetime)}

    async def update_lines(self, _: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
        """Sets quantities."""
        wanted = [wanted_quantity(**line) for line in _few(input["lines"])]
        return {"cart": await update_cart_lines(input["cart_id"], wanted, user_id_of(info), self._lifetime)}

    async def remove_lines(self, _: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
        """Takes lines out."""
        return {"cart": await remove_cart_lines(input["cart_id"], input["line_ids"], user_id_of(info), self._lifetime)}

    async def merge(self, _: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Puts a cart into the caller's, and answers with that as it is now."""
        user_id = require_principal(info).user_id

        async def merged() -> str:
            return str(await merge_carts(input["cart_id"], user_id, self._lifetime))

        cart_id = await replayable_mutation(info, input, idempotency_key, merged)
        cart = await cart_by_id(UUID(cart_id), user_id)
        if cart is None:
            raise UserErrors(merged_cart_gone())
        return {"cart": cart}


def _few(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines that are no more than an operation may name: others are not even read."""
    refuse([count_error(len(lines), "lines")])
    return lines
