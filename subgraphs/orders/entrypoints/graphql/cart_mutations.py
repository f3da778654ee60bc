"""What callers change of carts."""

from typing import Any
from uuid import UUID

from ariadne import MutationType

from shared.errors import UserErrors
from shared.graphql.context import Info, require_principal
from shared.graphql.idempotency import meant
from shared.graphql.mutations import payload
from shared.json import canonical
from shared.persistence.work import Once, UnitOfWork
from subgraphs.orders.commands.add_cart_lines import add_cart_lines
from subgraphs.orders.commands.create_cart import CreateCart, create_cart
from subgraphs.orders.commands.merge_carts import merge_carts
from subgraphs.orders.commands.remove_cart_lines import remove_cart_lines
from subgraphs.orders.commands.update_cart_lines import update_cart_lines
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.entrypoints.graphql.callers import user_id_of
from subgraphs.orders.entrypoints.graphql.cart_inputs import Input, additions, merge, removals, updates
from subgraphs.orders.entrypoints.graphql.cart_rejections import merged_cart_gone, user_error
from subgraphs.orders.queries.carts import cart_by_id


class CartMutations:
    """Each parses its input into a command, has it performed, and answers what came of it."""

    def __init__(self, work: UnitOfWork[CartWork]) -> None:
        self._work = work

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("cartCreate", payload(self._create, user_error))
        mutations.set_field("cartAddLines", payload(self._add_lines, user_error))
        mutations.set_field("cartUpdateLines", payload(self._update_lines, user_error))
        mutations.set_field("cartRemoveLines", payload(self._remove_lines, user_error))
        mutations.set_field("cartMerge", payload(self._merge, user_error))
        return mutations

    async def _create(self, _: object, info: Info) -> dict[str, Any]:
        return {"cart": await self._work.perform_alone(create_cart, CreateCart(user_id_of(info)))}

    async def _add_lines(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return {"cart": await self._work.perform(add_cart_lines, additions(input, user_id_of(info)))}

    async def _update_lines(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return {"cart": await self._work.perform(update_cart_lines, updates(input, user_id_of(info)))}

    async def _remove_lines(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return {"cart": await self._work.perform(remove_cart_lines, removals(input, user_id_of(info)))}

    async def _merge(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        command = merge(input, require_principal(info).user_id)
        scope = f"{info.field_name}:{command.user_id}"
        once = Once(scope, idempotency_key, canonical(meant(input)), str, UUID, as_before=canonical(input))
        # The cart as it is now: a key that is repeated answers with the same cart, which may have been changed since.
        cart = await cart_by_id(await self._work.perform_once(merge_carts, command, once), command.user_id)
        if cart is None:
            raise UserErrors(merged_cart_gone())
        return {"cart": cart}
