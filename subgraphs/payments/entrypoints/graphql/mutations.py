"""What buyers change of their cards."""

from typing import Any
from uuid import UUID

from ariadne import MutationType

from shared.errors import UserErrors
from shared.graphql.context import Info, require_principal
from shared.graphql.idempotency import once
from shared.graphql.mutations import payload
from shared.persistence.work import Once, UnitOfWork
from subgraphs.payments.commands.remove_method import RemoveMethod, remove_method
from subgraphs.payments.commands.save_method import SaveMethod, save_method
from subgraphs.payments.commands.set_default_method import SetDefaultMethod, set_default_method
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.entrypoints.graphql.inputs import Input, method_id, new_method
from subgraphs.payments.entrypoints.graphql.rejections import method_gone, rejections_as_user_errors, user_error
from subgraphs.payments.queries.methods import MethodView, method_by_id


class MethodMutations:
    """Each parses its input into a command, has it performed, and answers what came of it."""

    def __init__(self, work: UnitOfWork[PaymentsWork]) -> None:
        self._work = work

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("paymentMethodAdd", payload(self._add, user_error))
        mutations.set_field("paymentMethodRemove", payload(self._remove, user_error))
        mutations.set_field("paymentMethodSetDefault", payload(self._set_default, user_error))
        return mutations

    async def _add(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        command = new_method(input, require_principal(info).user_id)
        key: Once[UUID, UUID] = once(info, input, idempotency_key, str, UUID)
        kept_id = await self._work.perform_once_alone(_save_method, command, key)
        return {"payment_method": await _kept(kept_id, command.user_id)}

    async def _remove(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = RemoveMethod(require_principal(info).user_id, method_id(input))
        return {"removed_id": await self._work.perform_alone(remove_method, command)}

    async def _set_default(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = SetDefaultMethod(require_principal(info).user_id, method_id(input))
        chosen_id = await self._work.perform(set_default_method, command)
        return {"payment_method": await _kept(chosen_id, command.user_id)}


async def _save_method(command: SaveMethod, work: PaymentsWork) -> UUID:
    """Keeps the card; one that is rejected frees the request's key for another."""
    with rejections_as_user_errors():
        return await save_method(command, work)


async def _kept(kept_id: UUID, user_id: UUID) -> MethodView:
    """The card that this or an earlier request with the same key has kept.
    Raises UserErrors when it was removed since.
    """
    method = await method_by_id(kept_id, user_id)
    if method is None:
        raise UserErrors(method_gone())
    return method
