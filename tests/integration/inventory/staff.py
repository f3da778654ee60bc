"""Staff at a running inventory: a variant of their own in two warehouses, and what they can ask for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.identity import Issuer
from tests.subgraphs import Running

SCOPES = "inventory:read inventory:write"
LEVELS = "levels { warehouse { id } onHand held available } errors { code message field }"
MUTATIONS = {
    name: f"mutation ($input: {name[0].upper()}{name[1:]}Input!, $key: String!)"
    f" {{ {name}(input: $input, idempotencyKey: $key) {{ {LEVELS} }} }}"
    for name in ("stockReceive", "stockAdjust", "stockTransfer")
} | {
    "stockSetPolicy": "mutation ($input: StockSetPolicyInput!) { stockSetPolicy(input: $input) {"
    " policy { lowStockThreshold backorder { isAllowed availableFrom limit waiting } }"
    " errors { code message field } } }"
}


@dataclass(frozen=True)
class Staff:
    """Somebody with the scopes, and a variant with 10 units in the first of two warehouses, of which 4 are held."""

    process: Running
    user_id: UUID
    token: str
    variant_id: str
    warehouse_ids: tuple[str, str]

    async def ask(
        self, mutation: str, given: dict[str, Any], key: str | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """The whole answer to a mutation."""
        variables = {"input": given, **({} if mutation == "stockSetPolicy" else {"key": key or str(new_id())})}
        return await self.process.graphql(MUTATIONS[mutation], variables, token or self.token)

    async def done(self, mutation: str, given: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """A mutation's payload."""
        answer = await self.ask(mutation, given, key)
        assert "errors" not in answer, answer
        payload: dict[str, Any] = answer["data"][mutation]
        return payload

    async def variant(self, selection: str) -> dict[str, Any]:
        """Fields of the variant."""
        answer = await self.process.entities("ProductVariant", [self.variant_id], selection, self.token)
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"]["_entities"][0]
        return found

    async def everything(self) -> dict[str, Any]:
        """All that inventory says of the variant."""
        return await self.variant(
            "{ stock { available status availableFrom } stockLevels { warehouse { id } onHand held available }"
            " stockPolicy { lowStockThreshold backorder { isAllowed availableFrom limit waiting } }"
            " stockMovements(first: 100) { nodes { id } } }"
        )


async def new_staff(process: Running, issuer: Issuer) -> Staff:
    """Somebody new, with a variant of nobody else's."""
    user_id, variant_id, warehouse_ids = new_id(), new_id(), (new_id(), new_id())
    connection = await asyncpg.connect(process.environment["INVENTORY_DATABASE_URL"])
    for warehouse_id in warehouse_ids:
        await connection.execute(
            "INSERT INTO warehouses (id, code, name, country) VALUES ($1, $2, 'Test', 'DE')",
            warehouse_id,
            warehouse_id.hex[-12:],
        )
    await connection.execute("INSERT INTO stock_items (variant_id) VALUES ($1)", variant_id)
    await connection.execute(
        "INSERT INTO stock_levels (variant_id, warehouse_id) VALUES ($1, $2)", variant_id, warehouse_ids[0]
    )
    await connection.close()
    places = (str(warehouse_ids[0]), str(warehouse_ids[1]))
    staff = Staff(process, user_id, issuer.token(user_id, SCOPES), str(variant_id), places)
    await staff.done("stockReceive", {"variantId": staff.variant_id, "warehouseId": places[0], "quantity": 10})
    await _hold(process, staff.variant_id, 4)
    return staff


async def _hold(process: Running, variant_id: str, quantity: int) -> None:
    rpc = RpcClient(process.environment["INVENTORY_RPC_ADDRESS"], Secret(process.environment["RPC_SECRET"]))
    line = pb.ReservationLine(line_id=str(new_id()), variant_id=variant_id, quantity=quantity)
    order = str(new_id())
    request = pb.ReserveRequest(idempotency_key=order, order_id=order, lines=[line], ttl_seconds=900)
    response: pb.ReserveResponse = await rpc.call(pb_grpc.InventoryStub(rpc.channel).Reserve, request)
    assert response.WhichOneof("outcome") == "reserved"
    await rpc.close()
