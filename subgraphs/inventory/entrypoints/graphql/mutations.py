"""What staff change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson
from ariadne import MutationType

from shared.days import today
from shared.graphql.context import Info, require_principal
from shared.graphql.mutations import payload
from shared.json import dumps
from shared.persistence.work import Once, UnitOfWork
from subgraphs.inventory.commands.adjust_stock import AdjustStock, adjust_stock
from subgraphs.inventory.commands.receive_stock import ReceiveStock, receive_stock
from subgraphs.inventory.commands.set_policy import set_policy
from subgraphs.inventory.commands.transfer_stock import TransferStock, transfer_stock
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.warehouse import Warehouse, WarehouseLevel
from subgraphs.inventory.entrypoints.graphql.inputs import Input, adjustment, policy, receipt, transfer
from subgraphs.inventory.entrypoints.graphql.rejections import user_error
from subgraphs.inventory.queries.stock import policy_view

Levels = Sequence[WarehouseLevel]


class StockMutations:
    """Each parses its input into a command, has it performed, and answers what came of it."""

    def __init__(self, work: UnitOfWork[InventoryWork]) -> None:
        self._work = work

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("stockReceive", payload(self._receive, user_error))
        mutations.set_field("stockAdjust", payload(self._adjust, user_error))
        mutations.set_field("stockTransfer", payload(self._transfer, user_error))
        mutations.set_field("stockSetPolicy", payload(self._set_policy, user_error))
        return mutations

    async def _receive(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        command = receipt(input, require_principal(info).user_id)
        return {"levels": await self._work.perform_once(receive_stock, command, _once(info, command, idempotency_key))}

    async def _adjust(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        command = adjustment(input, require_principal(info).user_id)
        return {"levels": await self._work.perform_once(adjust_stock, command, _once(info, command, idempotency_key))}

    async def _transfer(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        command = transfer(input, require_principal(info).user_id)
        return {"levels": await self._work.perform_once(transfer_stock, command, _once(info, command, idempotency_key))}

    async def _set_policy(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = policy(input, require_principal(info).user_id, today())
        return {"policy": policy_view(await self._work.perform(set_policy, command))}


def _once(info: Info, command: ReceiveStock | AdjustStock | TransferStock, key: str) -> Once[Levels, Levels]:
    """The key is bound to what is asked for, not to how it was written."""
    asked = {name: value for name, value in asdict(command).items() if name != "actor_id"}
    return Once(f"{info.field_name}:{command.actor_id}", key, dumps(asked), _kept, _levels)


def _kept(levels: Levels) -> str:
    return dumps([asdict(level) for level in levels]).decode()


def _levels(kept: str) -> Levels:
    return [_level(**level) for level in orjson.loads(kept)]


def _level(warehouse: Mapping[str, Any], on_hand: int, held: int) -> WarehouseLevel:
    return WarehouseLevel(Warehouse(**{**warehouse, "id": UUID(warehouse["id"])}), on_hand, held)
