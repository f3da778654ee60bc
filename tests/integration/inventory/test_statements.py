"""How many statements a command costs, the keeping of its answer and the transaction itself included."""

import pytest

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from shared.ids import new_id
from shared.runtime.subgraph import Subgraph
from shared.telemetry.metrics import measured
from subgraphs.inventory.entrypoints.rpc import Context, InventoryService
from tests.integration.inventory.builders import assert_books_agree, stocked_variant
from tests.stock import WORK

CHASSIS = 4  # BEGIN, the claim of the key, its answer, COMMIT
NO_CONTEXT: Context = None  # type: ignore[assignment]


@pytest.mark.parametrize("lines", [1, 20])
async def test_an_order_costs_two_statements_a_step_beside_those_of_the_chassis(
    inventory: Subgraph, lines: int
) -> None:
    service, order_id = InventoryService(WORK), str(new_id())
    variants = [str(await stocked_variant(9)) for _ in range(lines)]
    wanted = [pb.ReservationLine(line_id=str(new_id()), variant_id=variant, quantity=2) for variant in variants]
    reserve = pb.ReserveRequest(idempotency_key="r", order_id=order_id, lines=wanted, ttl_seconds=60)
    with measured("test", "reserve") as reserving:
        await service.Reserve(reserve, NO_CONTEXT)
    with measured("test", "commit") as committing:
        await service.Commit(pb.CommitRequest(idempotency_key="c", order_id=order_id), NO_CONTEXT)
    assert (reserving.statements, committing.statements) == (CHASSIS + 2, CHASSIS + 2)
    await assert_books_agree()
