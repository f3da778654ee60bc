"""The part of payments in the supergraph; the contract is ``schema/payments.graphql``. Everybody sees their own alone."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ariadne import MutationType

from shared.errors import UserErrors
from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.federation import Entity
from shared.graphql.idempotency import replayable_provider_mutation
from shared.graphql.mutations import payload
from shared.ids import try_parse_id
from shared.persistence.idempotency import Answer
from shared.text import trimmed
from subgraphs.payments.commands.change_methods import remove_method, set_default_method
from subgraphs.payments.commands.save_method import NewMethod, save_method
from subgraphs.payments.domain.errors import method_gone
from subgraphs.payments.domain.ports import CardVault
from subgraphs.payments.queries.methods import MethodView, UserMethods, method_by_id, methods_by_user
from subgraphs.payments.queries.payments import OrderPayments, PaymentView, Viewer, payments_by_id, payments_by_order

Input = Mapping[str, Any]

_READ = "payments:read"


@dataclass(frozen=True, slots=True)
class MethodMutations:
    """The mutations of payment methods, and where cards are kept."""

    vault: CardVault

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("paymentMethodAdd", payload(self._add))
        mutations.set_field("paymentMethodRemove", payload(self._remove))
        mutations.set_field("paymentMethodSetDefault", payload(self._set_default))
        return mutations

    async def _add(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        user_id = require_principal(info).user_id
        wanted = NewMethod(user_id, trimmed(input["payment_method_id"]), input["make_default"])

        async def save() -> Answer:
            return Answer(str(await save_method(wanted, self.vault)))

        method_id = await replayable_provider_mutation(info, input, idempotency_key, save)
        return {"payment_method": await _kept(UUID(method_id), user_id)}

    async def _remove(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return {
            "removed_id": await remove_method(require_principal(info).user_id, try_parse_id(input["id"]), self.vault)
        }

    async def _set_default(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        user_id = require_principal(info).user_id
        method_id = await set_default_method(user_id, try_parse_id(input["id"]))
        return {"payment_method": await _kept(method_id, user_id)}


async def _kept(method_id: UUID, user_id: UUID) -> MethodView:
    """The card that this or an earlier request with the same key has kept.

    Raises:
        UserErrors: PAYMENT_METHOD_NOT_FOUND, when it was removed since.
    """
    method = await method_by_id(method_id, user_id)
    if method is None:
        raise UserErrors(method_gone())
    return method


@dataclass(frozen=True, slots=True)
class PaymentLoaders:
    """Loads payments; ``providers`` are the names of those that are configured."""

    providers: Container[str]

    def entities(self) -> tuple[Entity, ...]:
        """What payments tells of orders and payments."""
        return Entity("Order", OrderPayments, self._orders), Entity("Payment", PaymentView, self._payments)

    async def _orders(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderPayments]:
        """The payments of orders that the caller may see; an order of somebody else looks like one that has none."""
        viewer = self._viewer(context)
        if viewer is None:
            return {order_id: OrderPayments(order_id, ()) for order_id in ids}  # the SDL refuses the field itself
        return await payments_by_order(ids, viewer)

    async def _payments(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, PaymentView]:
        """The payments that the caller may see; somebody else's are missing."""
        viewer = self._viewer(context)
        return await payments_by_id(ids, viewer) if viewer else {}

    def _viewer(self, context: RequestContext) -> Viewer | None:
        principal = context.principal
        return Viewer(principal.user_id, _READ in principal.scopes, self.providers) if principal else None


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, UserMethods]:
    """The caller's cards; somebody else looks like nobody."""
    own = [user_id for user_id in ids if context.principal and user_id == context.principal.user_id]
    return await methods_by_user(own) if own else {}


def entities(providers: Container[str]) -> tuple[Entity, ...]:
    """What payments tells of others' types and its own; ``providers`` are the names of those that are configured."""
    return (*PaymentLoaders(providers).entities(), Entity("User", UserMethods, load_users))
