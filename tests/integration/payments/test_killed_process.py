"""Payments is killed in the middle of an authorization; the next process goes on from where it stood."""

import asyncio
import contextlib
import signal

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import Unavailable
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.integration.payments.elsewhere import own_ports
from tests.integration.payments.faults import Fault, FaultyProvider
from tests.integration.payments.stripe_account import StripeAccount
from tests.integration.payments.test_payments_process import authorize_request
from tests.subgraphs import Running, eventually, fresh_environment, running
from tilt.embedded.backends import Localstripe


async def authorized(process: Running, request: pb.AuthorizeRequest) -> pb.AuthorizeResponse | None:
    """The answer, or None when there is none now."""
    client = RpcClient(process.environment["PAYMENTS_RPC_ADDRESS"], Secret(process.environment["RPC_SECRET"]))
    try:
        answer: pb.AuthorizeResponse = await client.call(pb_grpc.PaymentsStub(client.channel).Authorize, request)
        return answer
    except Unavailable:
        return None
    finally:
        await client.close()


async def test_a_killed_authorization_is_held_once(
    backends: Backends, localstripe: Localstripe, account: StripeAccount
) -> None:
    order_id = new_id()
    request = authorize_request(order_id)
    async with FaultyProvider(localstripe.url).running() as faulty:
        environment = {
            **await fresh_environment(backends, "payments", "kafka"),
            **own_ports(),
            "STRIPE_API_BASE": faulty.url,
        }
        faulty.break_next("/payment_intents", Fault.SILENCE)
        async with running("payments", environment) as doomed:
            calling = asyncio.create_task(authorized(doomed, request))
            await faulty.met.wait()
            doomed.process.send_signal(signal.SIGKILL)
            assert await calling is None
        async with running("payments", environment) as heir:
            answer = await eventually(lambda: authorized(heir, request), "the next process authorizes")
            heir.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(heir.process.wait(), 30)
            assert heir.process.returncode == 0
    assert answer.WhichOneof("outcome") == "authorized"
    assert len(await account.intents(order_id)) == 1
    assert len(await account.charges(order_id)) == 1
