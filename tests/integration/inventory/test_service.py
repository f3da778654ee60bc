"""What other subgraphs and auditors ask of inventory over gRPC, and what they get when its process dies."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1.inventory_pb2_grpc import InventoryStub
from shared.errors import BadUserInput, Conflict, FailedPrecondition, NotFound, Unavailable
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.inventory.staff import Staff, new_staff
from tests.subgraphs import Running, fresh_environment, running
from tilt.embedded.ports import free_ports


@pytest_asyncio.fixture
async def rpc(inventory_process: Running) -> AsyncIterator[RpcClient]:
    """A connection to inventory."""
    client = RpcClient(
        inventory_process.environment["INVENTORY_RPC_ADDRESS"], Secret(inventory_process.environment["RPC_SECRET"])
    )
    yield client
    await client.close()


@pytest_asyncio.fixture
async def staff(inventory_process: Running, issuer: Issuer) -> Staff:
    """Somebody with a variant of which 6 units are free."""
    return await new_staff(inventory_process, issuer)


def reserve_request(variant_id: str, quantity: int = 2) -> pb.ReserveRequest:
    order, line = str(new_id()), pb.ReservationLine(line_id=str(new_id()), variant_id=variant_id, quantity=quantity)
    return pb.ReserveRequest(idempotency_key=f"{order}:reserve", order_id=order, lines=[line], ttl_seconds=60)


async def sold(rpc: RpcClient, variant_id: str) -> pb.ReserveRequest:
    stub, request = InventoryStub(rpc.channel), reserve_request(variant_id)
    await rpc.call(stub.Reserve, request)
    await rpc.call(
        stub.Commit, pb.CommitRequest(idempotency_key=f"{request.order_id}:commit", order_id=request.order_id)
    )
    return request


def return_request(order: pb.ReserveRequest, quantity: int, key: str = "restock") -> pb.ReturnRequest:
    line = pb.ReturnLine(line_id=order.lines[0].line_id, quantity=quantity)
    return pb.ReturnRequest(idempotency_key=f"{order.order_id}:{key}", order_id=order.order_id, lines=[line])


async def found(rpc: RpcClient, order_id: str) -> pb.Reservation:
    """What inventory has of one order, read page by page."""
    request = pb.ListReservationsRequest(limit=2)
    while True:
        page: pb.ListReservationsResponse = await rpc.call(InventoryStub(rpc.channel).ListReservations, request)
        for reservation in page.reservations:
            if reservation.order_id == order_id:
                return reservation
        assert len(page.reservations) == 2, "not on any page"
        request.after_order_id = page.reservations[-1].order_id


async def test_a_return_sent_twice_puts_units_back_once(rpc: RpcClient, staff: Staff) -> None:
    order = await sold(rpc, staff.variant_id)
    for _ in range(2):
        await rpc.call(InventoryStub(rpc.channel).Return, return_request(order, 1))
    assert (await staff.variant("{ stock { available } }"))["stock"]["available"] == 5
    with pytest.raises(Conflict):
        await rpc.call(InventoryStub(rpc.channel).Return, return_request(order, 2))
    with pytest.raises(FailedPrecondition):
        await rpc.call(InventoryStub(rpc.channel).Return, return_request(order, 2, "more"))
    with pytest.raises(NotFound):
        await rpc.call(InventoryStub(rpc.channel).Return, pb.ReturnRequest(idempotency_key="x", order_id=str(new_id())))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (pb.ReturnLine(line_id="x", quantity=1), ("lines", "0", "line_id")),
        (pb.ReturnLine(line_id=str(new_id()), quantity=0), ("lines", "0", "quantity")),
        (pb.ReturnLine(line_id=str(new_id()), quantity=-1), ("lines", "0", "quantity")),
        (pb.ReturnLine(line_id=str(new_id()), quantity=2**31 - 1), ("lines", "0", "quantity")),
    ],
)
async def test_a_malformed_return_is_rejected_by_field(
    rpc: RpcClient, line: pb.ReturnLine, field: tuple[str, ...]
) -> None:
    request = pb.ReturnRequest(idempotency_key=str(new_id()), order_id=str(new_id()), lines=[line])
    with pytest.raises(BadUserInput) as rejection:
        await rpc.call(InventoryStub(rpc.channel).Return, request)
    assert rejection.value.field == field


async def test_two_lines_with_one_id_are_rejected(rpc: RpcClient, staff: Staff) -> None:
    request = reserve_request(staff.variant_id, 1)
    request.lines.append(request.lines[0])
    with pytest.raises(BadUserInput) as rejection:
        await rpc.call(InventoryStub(rpc.channel).Reserve, request)
    assert rejection.value.field == ("lines",)


async def test_auditors_see_what_is_held_sold_and_returned(rpc: RpcClient, staff: Staff) -> None:
    request = reserve_request(staff.variant_id)
    await rpc.call(InventoryStub(rpc.channel).Reserve, request)
    held = await found(rpc, request.order_id)
    assert (held.state, held.lines[0].line_id, held.lines[0].held) == ("HELD", request.lines[0].line_id, 2)
    order = await sold(rpc, staff.variant_id)
    await rpc.call(InventoryStub(rpc.channel).Return, return_request(order, 1))
    after = await found(rpc, order.order_id)
    (line,) = after.lines
    assert (after.state, line.variant_id, line.held, line.sold, line.returned) == (
        "COMMITTED",
        staff.variant_id,
        0,
        2,
        1,
    )
    assert after.changed_at_ms > held.changed_at_ms


@pytest.mark.parametrize("request_", [pb.ListReservationsRequest(limit=0), pb.ListReservationsRequest(limit=1001)])
async def test_a_page_of_reservations_has_its_limits(rpc: RpcClient, request_: pb.ListReservationsRequest) -> None:
    with pytest.raises(BadUserInput) as rejection:
        await rpc.call(InventoryStub(rpc.channel).ListReservations, request_)
    assert rejection.value.field == ("limit",)


async def test_auditors_hear_of_a_variant_whose_ledger_contradicts_its_stock(
    rpc: RpcClient, staff: Staff, variant_id: str
) -> None:
    """The fixture's stock was put there without a movement."""
    answer: pb.FindStockDifferencesResponse = await rpc.call(
        InventoryStub(rpc.channel).FindStockDifferences, pb.FindStockDifferencesRequest()
    )
    assert staff.variant_id not in {difference.variant_id for difference in answer.differences}
    (planted,) = [difference for difference in answer.differences if difference.variant_id == variant_id]
    assert (planted.warehouse, planted.what) == ("HAM", "on hand against movements")


def _own_addresses() -> dict[str, str]:
    """Not those of the process that the other tests ask."""
    port, grpc_port = free_ports(2)
    return {
        "INVENTORY_PORT": str(port),
        "INVENTORY_GRPC_PORT": str(grpc_port),
        "INVENTORY_URL": f"http://127.0.0.1:{port}",
        "INVENTORY_RPC_ADDRESS": f"127.0.0.1:{grpc_port}",
    }


@pytest.mark.parametrize("point", ["inventory.COMMIT.before", "inventory.COMMIT.after"])
async def test_a_commit_whose_process_dies_is_repeated_and_sells_once(
    backends: Backends, issuer: Issuer, tmp_path: Path, point: str
) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    environment |= _own_addresses() | {"JWKS_URL": issuer.jwks_url}
    environment |= {"FAULT_POINTS": f"{point}=kill", "FAULT_ONCE_DIRECTORY": str(tmp_path)}
    rpc = RpcClient(environment["INVENTORY_RPC_ADDRESS"], Secret(environment["RPC_SECRET"]))
    async with running("inventory", environment) as process:
        staff = await new_staff(process, issuer)
        request = reserve_request(staff.variant_id)
        await rpc.call(InventoryStub(rpc.channel).Reserve, request)
        commit = pb.CommitRequest(idempotency_key=f"{request.order_id}:commit", order_id=request.order_id)
        with pytest.raises(Unavailable):
            await rpc.call(InventoryStub(rpc.channel).Commit, commit)
        assert await process.process.wait() == -signal.SIGKILL
    async with running("inventory", environment):
        answer: pb.CommitResponse = await rpc.call(InventoryStub(rpc.channel).Commit, commit)
        assert answer.WhichOneof("outcome") == "committed"
        sales = await found(rpc, request.order_id)
        assert sales.lines[0].sold == 2
        audit: pb.FindStockDifferencesResponse = await rpc.call(
            InventoryStub(rpc.channel).FindStockDifferences, pb.FindStockDifferencesRequest()
        )
        assert list(audit.differences) == []
    await rpc.close()
