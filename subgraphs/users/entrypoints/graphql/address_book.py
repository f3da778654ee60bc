"""The mutations of the caller's address book."""

from typing import Any

from ariadne import MutationType

from shared.graphql.context import Info, require_principal
from shared.graphql.mutations import payload
from shared.persistence.work import UnitOfWork
from subgraphs.users.commands.create_address import CreateAddress, create_address
from subgraphs.users.commands.delete_address import DeleteAddress, delete_address
from subgraphs.users.commands.set_default_address import SetDefaultAddress, set_default_address
from subgraphs.users.commands.set_default_billing_address import (
    SetDefaultBillingAddress,
    set_default_billing_address,
)
from subgraphs.users.commands.update_address import UpdateAddress, update_address
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.entrypoints.graphql.inputs import Input, address_id, postal_address
from subgraphs.users.entrypoints.graphql.rejections import user_error


class AddressBookMutations:
    """Each parses its input into a command, has it performed, and answers what came of it."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("addressCreate", payload(self._create, user_error))
        mutations.set_field("addressUpdate", payload(self._update, user_error))
        mutations.set_field("addressDelete", payload(self._delete, user_error))
        mutations.set_field("addressSetDefault", payload(self._set_default, user_error))
        mutations.set_field("addressSetDefaultBilling", payload(self._set_default_billing, user_error))
        return mutations

    async def _create(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = CreateAddress(require_principal(info).user_id, postal_address(input["address"]))
        return {"address": await self._work.perform(create_address, command)}

    async def _update(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        address = postal_address(input["address"])
        command = UpdateAddress(require_principal(info).user_id, address_id(input), address)
        return {"address": await self._work.perform_alone(update_address, command)}

    async def _delete(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = DeleteAddress(require_principal(info).user_id, address_id(input))
        return {"deleted_id": await self._work.perform(delete_address, command)}

    async def _set_default(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = SetDefaultAddress(require_principal(info).user_id, address_id(input))
        return {"address": await self._work.perform(set_default_address, command)}

    async def _set_default_billing(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = SetDefaultBillingAddress(require_principal(info).user_id, address_id(input))
        return {"address": await self._work.perform(set_default_billing_address, command)}
