"""Payments is killed at every step of putting late payments right; they are put right once."""

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.chaos.processes import Survivor, prefork_server_in
from tests.doubles.running import Double, double_of_stripe
from tests.integration.payments.doubled import ACTING_CARD
from tests.integration.payments.elsewhere import own_ports
from tests.integration.payments.test_payments_process import authorize_request
from tests.integration.payments.webhooks import signature_of
from tests.subgraphs import eventually, fresh_environment
from tilt.embedded.backends.localstripe import API_KEY
from tilt.embedded.prefork_client import PreforkService

POINTS = [f"payments.{step}.{when}" for step in ("CANCEL", "REFUND") for when in ("before", "after", "recorded")]
SECONDS = 120.0


async def authorized(environment: dict[str, str], order_id: UUID) -> None:
    """Asks until the buyer is asked to act, as the order saga does."""
    client = RpcClient(environment["PAYMENTS_RPC_ADDRESS"], Secret(environment["RPC_SECRET"]))
    try:
        answer = await client.call(
            pb_grpc.PaymentsStub(client.channel).Authorize, authorize_request(order_id, payment_method_id=ACTING_CARD)
        )
        assert answer.WhichOneof("outcome") == "requires_action"
    finally:
        await client.close()


async def paid_late(double: Double, order_id: UUID, is_taken: bool) -> bytes:
    """The buyer fails to authenticate, and pays by another card all the same; answers the news of the failure."""
    (payment,) = [each for each in await double.ledger() if each["ours"].get("order_id") == str(order_id)]
    path = f"/v1/payment_intents/{payment['reference']}"
    await double.buyer_acts(payment["reference"], approves=False)
    async with httpx.AsyncClient(base_url=double.url, auth=(API_KEY, "")) as api:
        events = (await api.get("/v1/events", params={"type": "payment_intent.payment_failed", "limit": 100})).json()[
            "data"
        ]
        (await api.post(f"{path}/confirm", data={"payment_method": "pm_card_visa"})).raise_for_status()
        if is_taken:
            (await api.post(f"{path}/capture")).raise_for_status()
    return json.dumps(next(each for each in events if each["data"]["object"]["id"] == payment["reference"])).encode()


@pytest_asyncio.fixture
async def running_double(backends: Backends) -> AsyncIterator[Double]:
    """A double of Stripe that sends nothing by itself."""
    double = await double_of_stripe(backends.settings.mercato_data_dir, None, "")
    yield double
    await double.stop()


@pytest_asyncio.fixture
async def prefork_server(tmp_path: Path) -> AsyncIterator[PreforkService]:
    """Forks the subgraph anew whenever it dies."""
    async with prefork_server_in(tmp_path) as prefork_server:
        yield prefork_server


@pytest.mark.slow
async def test_late_payments_are_put_right_once_though_every_step_is_killed(
    backends: Backends, running_double: Double, prefork_server: PreforkService, tmp_path: Path
) -> None:
    environment = {
        **await fresh_environment(backends, "payments", "kafka"),
        **own_ports(),
        "STRIPE_API_BASE": running_double.url,
    }
    survivor = Survivor("payments", prefork_server, environment, tmp_path / "payments.log")
    (tmp_path / "points").mkdir()
    faults = {
        "FAULT_POINTS": ",".join(f"{point}=kill" for point in POINTS),
        "FAULT_ONCE_DIRECTORY": str(tmp_path / "points"),
    }
    await survivor.start(**faults)
    try:
        orders = {new_id(): is_taken for is_taken in (True, False)}
        for order_id, is_taken in orders.items():
            await authorized(environment, order_id)
            body = await paid_late(running_double, order_id, is_taken)
            signature = signature_of(body, environment["STRIPE_WEBHOOK_SECRET"])
            await eventually(partial(is_heard, survivor.url, body, signature), "the news is heard", SECONDS)
            await eventually(lambda: is_quiet(environment["PAYMENTS_DATABASE_URL"]), "it is put right", SECONDS)
        assert {point.name for point in (tmp_path / "points").iterdir()} == set(POINTS)
    finally:
        await survivor.stop()
    for order_id, is_taken in orders.items():
        (payment,) = [each for each in await running_double.ledger() if each["ours"].get("order_id") == str(order_id)]
        assert (payment["held"], payment["captured"] - payment["refunded"]) == (0, 0)
        assert payment["counts"]["refund" if is_taken else "release"] == 1
        ours = await movements(environment["PAYMENTS_DATABASE_URL"], order_id)
        assert ours == ["AUTHORIZATION", *(("CAPTURE", "REFUND") if is_taken else ("VOID",))]


async def is_heard(url: str, body: bytes, signature: str) -> bool:
    headers = {"stripe-signature": signature}
    try:
        async with httpx.AsyncClient(base_url=url) as http:
            return (await http.post("/webhooks/stripe", content=body, headers=headers)).status_code == 200
    except httpx.TransportError:
        return False


async def is_quiet(database_url: str) -> bool:
    """Whether nothing is left to do of payments that are over."""
    connection = await asyncpg.connect(database_url)
    try:
        due = (
            "SELECT count(*) FROM payments"
            " WHERE (follow_at IS NOT NULL OR lease IS NOT NULL) AND status <> 'REQUIRES_ACTION'"
        )
        return not await connection.fetchval(due)
    finally:
        await connection.close()


async def movements(database_url: str, order_id: UUID) -> list[str]:
    """What happened to an order's money, by our own books."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(
            "SELECT kind FROM movements JOIN payments ON payments.id = payment_id"
            " WHERE order_id = $1 ORDER BY movements.id",
            order_id,
        )
        return [row["kind"] for row in rows]
    finally:
        await connection.close()
