"""Payments as its callers meet it: gRPC for orders, GraphQL for the router, events for everybody,
webhooks from Stripe.
"""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import BadUserInput, Conflict, FailedPrecondition, NotFound, Unauthenticated
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.identity import Issuer
from tests.integration.payments.builders import GOOD_CARD, WANTS_3D_SECURE
from tests.integration.payments.stripe_account import StripeAccount
from tests.subgraphs import Running, eventually

SELECTION = """{ id payments {
  id provider status declineCode createdAt amount { amount currency }
  transactions { id kind amount { amount } createdAt }
} }"""


class Caller:
    """What orders does."""

    def __init__(self, process: Running, secret: str | None = None) -> None:
        environment = process.environment
        self._client = RpcClient(environment["PAYMENTS_RPC_ADDRESS"], Secret(secret or environment["RPC_SECRET"]))
        self._stub = pb_grpc.PaymentsStub(self._client.channel)

    async def authorize(self, order: UUID, **parts: Any) -> pb.AuthorizeResponse:
        return await self._client.call(self._stub.Authorize, authorize_request(order, **parts))

    async def capture(self, order_id: UUID) -> pb.CaptureResponse:
        request = pb.CaptureRequest(idempotency_key=f"{order_id}:capture", order_id=str(order_id))
        return await self._client.call(self._stub.Capture, request)

    async def void(self, order_id: UUID) -> pb.VoidResponse:
        request = pb.VoidRequest(idempotency_key=f"{order_id}:void", order_id=str(order_id))
        return await self._client.call(self._stub.Void, request)

    async def refund(self, order_id: UUID, amount_minor: int, key: str = "refund") -> pb.RefundResponse:
        request = pb.RefundRequest(
            idempotency_key=f"{order_id}:{key}", order_id=str(order_id), amount_minor=amount_minor
        )
        return await self._client.call(self._stub.Refund, request)

    async def refund_rest(self, order_id: UUID, **parts: Any) -> pb.RefundResponse:
        request = pb.RefundRequest(
            **{"idempotency_key": f"{order_id}:rest", "order_id": str(order_id), "remaining": True, **parts}
        )
        return await self._client.call(self._stub.Refund, request)


def authorize_request(order: UUID, **parts: Any) -> pb.AuthorizeRequest:
    usual: dict[str, Any] = {
        "idempotency_key": f"{order}:authorize",
        "order_id": str(order),
        "customer_id": str(UUID(int=7)),
        "amount_minor": 1990,
        "currency": "EUR",
        "payment_method_id": GOOD_CARD,
    }
    return pb.AuthorizeRequest(**{**usual, **parts})


@pytest.fixture
async def caller(payments_process: Running) -> Caller:
    return Caller(payments_process)


async def test_twenty_parallel_calls_with_one_key_are_one_authorization_and_one_answer(
    caller: Caller, account: StripeAccount
) -> None:
    order_id = new_id()
    answers = await asyncio.gather(*(caller.authorize(order_id) for _ in range(20)))
    assert answers[0].WhichOneof("outcome") == "authorized"
    assert all(answer == answers[0] for answer in answers)
    assert len(await account.intents(order_id)) == 1
    assert len(await account.charges(order_id)) == 1


async def test_the_first_answer_is_replayed_whatever_came_of_the_payment_since(caller: Caller) -> None:
    order_id = new_id()
    authorized = await caller.authorize(order_id)
    voided = await caller.void(order_id)
    assert await caller.authorize(order_id) == authorized
    assert await caller.void(order_id) == voided


async def test_a_refund_tells_what_it_refunded_and_what_that_makes(caller: Caller, account: StripeAccount) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    await caller.capture(order_id)
    part = await caller.refund(order_id, 490)
    assert (part.amount_minor, part.refunded_minor) == (490, 490)
    rest = await caller.refund_rest(order_id)
    assert (rest.amount_minor, rest.refunded_minor) == (1500, 1990)
    nothing = await caller.refund_rest(order_id, idempotency_key=f"{order_id}:again")
    assert (nothing.amount_minor, nothing.refunded_minor) == (0, 1990)
    assert (await caller.refund_rest(order_id), await caller.refund(order_id, 490)) == (rest, part)
    assert sorted(await account.refunded(order_id)) == [490, 1500]


async def test_a_refund_of_neither_an_amount_nor_the_rest_is_rejected(caller: Caller) -> None:
    with pytest.raises(BadUserInput):
        await caller.refund_rest(new_id(), remaining=False)


async def test_a_declined_answer_is_replayed(caller: Caller, account: StripeAccount) -> None:
    order_id = new_id()
    first = await caller.authorize(order_id, payment_method_id="pm_card_chargeCustomerFail")
    assert first.declined.code == "card_declined"
    assert await caller.authorize(order_id, payment_method_id="pm_card_chargeCustomerFail") == first
    assert len(await account.charges(order_id)) == 1


async def test_3d_secure_is_asked_for_until_it_is_done(
    caller: Caller, payments_process: Running, account: StripeAccount, issuer: Issuer
) -> None:
    order_id, buyer, card = new_id(), new_id(), await account.card(WANTS_3D_SECURE)
    asked = await caller.authorize(order_id, customer_id=str(buyer), payment_method_id=card)
    assert asked.WhichOneof("outcome") == "requires_action"
    secret = (await action_of(payments_process, order_id, issuer.token(buyer)))["clientSecret"]
    assert secret == (await account.intent(order_id))["client_secret"]
    assert await caller.authorize(order_id, customer_id=str(buyer), payment_method_id=card) == asked
    await account.authenticate((await account.intent(order_id))["id"], secret, success=True)
    passed = await caller.authorize(order_id, customer_id=str(buyer), payment_method_id=card)
    assert passed.WhichOneof("outcome") == "authorized"
    assert await action_of(payments_process, order_id, issuer.token(buyer)) is None


async def test_staff_sees_a_payment_and_not_the_buyers_way_to_act(
    caller: Caller, payments_process: Running, account: StripeAccount, issuer: Issuer
) -> None:
    order_id = new_id()
    await caller.authorize(order_id, payment_method_id=await account.card(WANTS_3D_SECURE))
    staff = issuer.token(scope="payments:read")
    answer = await payments_process.entities(
        "Order", [str(order_id)], "{ payments { status action { clientSecret } } }", staff
    )
    assert answer["data"]["_entities"] == [{"payments": [{"status": "REQUIRES_ACTION", "action": None}]}]


async def action_of(process: Running, order_id: UUID, token: str) -> Any:
    """What the buyer of an order's only payment has to do."""
    selection = "{ payments { action { clientSecret redirectUrl } } }"
    answer = await process.entities("Order", [str(order_id)], selection, token)
    return answer["data"]["_entities"][0]["payments"][0]["action"]


@pytest.mark.parametrize("difference", [{"amount_minor": 1991}, {"currency": "USD"}, {"payment_method_id": "pm_other"}])
async def test_a_key_that_comes_with_another_request_is_rejected(
    caller: Caller, account: StripeAccount, difference: dict[str, Any]
) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    with pytest.raises(Conflict):
        await caller.authorize(order_id, **difference)
    assert len(await account.intents(order_id)) == 1


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"order_id": "x"}, "order_id"),
        ({"customer_id": ""}, "customer_id"),
        ({"amount_minor": 0}, "amount_minor"),
        ({"amount_minor": -1}, "amount_minor"),
        ({"amount_minor": 2**62}, "amount_minor"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "EUR\n"}, "currency"),
        ({"payment_method_id": ""}, "payment_method_id"),
        ({"payment_method_id": "x" * 256}, "payment_method_id"),
        ({"payment_method_id": "pm card"}, "payment_method_id"),
        ({"idempotency_key": ""}, "idempotencyKey"),
        ({"idempotency_key": "k" * 201}, "idempotencyKey"),
    ],
)
async def test_a_malformed_command_is_rejected_by_field(
    caller: Caller, account: StripeAccount, mistake: dict[str, Any], field: str
) -> None:
    order_id = new_id()
    with pytest.raises(BadUserInput) as rejection:
        await caller.authorize(order_id, **mistake)
    assert rejection.value.field == (field,)
    assert await account.intents(order_id) == []


async def test_what_the_state_forbids_is_rejected_and_nothing_is_moved(caller: Caller, account: StripeAccount) -> None:
    with pytest.raises(NotFound):
        await caller.capture(new_id())
    order_id = new_id()
    await caller.authorize(order_id)
    with pytest.raises(FailedPrecondition):
        await caller.refund(order_id, 1, "too early")
    await caller.capture(order_id)
    with pytest.raises(FailedPrecondition):
        await caller.void(order_id)
    with pytest.raises(FailedPrecondition):
        await caller.refund(order_id, 1991, "too much")
    with pytest.raises(BadUserInput):
        await caller.refund(order_id, 0, "nothing")
    assert await account.refunded(order_id) == []


async def test_a_caller_without_the_secret_is_rejected(payments_process: Running) -> None:
    with pytest.raises(Unauthenticated):
        await Caller(payments_process, "wrong").authorize(new_id())


async def test_a_buyer_sees_the_payments_of_an_order_and_their_movements(
    caller: Caller, payments_process: Running, issuer: Issuer
) -> None:
    order_id, buyer = new_id(), new_id()
    await caller.authorize(order_id, customer_id=str(buyer))
    await caller.capture(order_id)
    await caller.refund(order_id, 90)
    answer = await payments_process.entities("Order", [str(order_id)], SELECTION, issuer.token(buyer))
    (order,) = answer["data"]["_entities"]
    (payment,) = order["payments"]
    assert (payment["status"], payment["provider"], payment["declineCode"]) == ("CAPTURED", "stripe", None)
    assert payment["amount"] == {"amount": "19.90", "currency": "EUR"}
    moved = [(movement["kind"], movement["amount"]["amount"]) for movement in payment["transactions"]]
    assert moved == [("AUTHORIZATION", "19.90"), ("CAPTURE", "19.90"), ("REFUND", "0.90")]


async def test_a_declined_payment_says_why(caller: Caller, payments_process: Running, issuer: Issuer) -> None:
    order_id, buyer = new_id(), new_id()
    await caller.authorize(order_id, customer_id=str(buyer), payment_method_id="pm_card_chargeCustomerFail")
    answer = await payments_process.entities("Order", [str(order_id)], SELECTION, issuer.token(buyer))
    (payment,) = answer["data"]["_entities"][0]["payments"]
    assert (payment["status"], payment["declineCode"], payment["transactions"]) == ("DECLINED", "card_declined", [])


async def test_somebody_elses_payments_look_like_none_at_all(
    caller: Caller, payments_process: Running, issuer: Issuer
) -> None:
    order_id, buyer, stranger = new_id(), new_id(), issuer.token()
    payment_id = (await caller.authorize(order_id, customer_id=str(buyer))).payment_id
    theirs = await payments_process.entities("Order", [str(order_id), str(new_id())], "{ payments { id } }", stranger)
    assert theirs["data"]["_entities"] == [{"payments": []}, {"payments": []}]
    selection = "{ id status }"
    assert await payments_process.entities("Payment", [payment_id], selection, stranger) == {
        "data": {"_entities": [None]}
    }
    assert await payments_process.entities("Payment", [payment_id], selection) == {"data": {"_entities": [None]}}
    own = await payments_process.entities("Payment", [payment_id], selection, issuer.token(buyer))
    assert own["data"]["_entities"] == [{"id": payment_id, "status": "AUTHORIZED"}]


async def test_a_voided_order_that_never_had_a_payment_shows_none(
    caller: Caller, payments_process: Running, issuer: Issuer
) -> None:
    order_id = new_id()
    await caller.void(order_id)
    for user in (new_id(), UUID(int=0)):
        answer = await payments_process.entities("Order", [str(order_id)], "{ payments { id } }", issuer.token(user))
        assert answer["data"]["_entities"] == [{"payments": []}]


async def test_payments_of_an_order_are_empty_to_whoever_shows_no_token(
    caller: Caller, payments_process: Running
) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    answer = await payments_process.entities("Order", [str(order_id)], "{ id payments { id } }")
    assert answer == {"data": {"_entities": [{"id": str(order_id), "payments": []}]}}


async def test_eighty_orders_take_one_statement(caller: Caller, payments_process: Running, issuer: Issuer) -> None:
    order_id, buyer = new_id(), new_id()
    await caller.authorize(order_id, customer_id=str(buyer))
    labels = {"operation": "query _entities(Order)"}
    before = await payments_process.metric("mercato_sql_statements_total", **labels)
    ids = [str(order_id), *(str(new_id()) for _ in range(79))]
    answer = await payments_process.entities("Order", ids, SELECTION, issuer.token(buyer))
    assert [len(order["payments"]) for order in answer["data"]["_entities"]] == [1] + [0] * 79
    assert await payments_process.metric("mercato_sql_statements_total", **labels) == before + 1


@pytest.mark.parametrize("method", ["Authorize", "Capture"])
async def test_an_order_takes_four_statements_to_hold_and_four_to_take(
    caller: Caller, payments_process: Running, method: str
) -> None:
    async def statements() -> float:
        return await payments_process.metric(
            "mercato_sql_statements_total", operation=f"/mercato.payments.v1.Payments/{method}"
        )

    before, order_id = await statements(), new_id()
    await caller.authorize(order_id)
    await caller.capture(order_id)
    assert await statements() == before + 4, "claim the key, take the lease, write what came of it, keep the answer"


async def test_calls_to_the_provider_are_measured_by_how_they_ended(caller: Caller, payments_process: Running) -> None:
    async def calls(operation: str, outcome: str) -> float:
        labels = {"provider": "stripe", "operation": operation, "outcome": outcome}
        return await payments_process.metric("mercato_payment_provider_seconds_count", **labels)

    held, declined = await calls("begin", "ok"), await calls("begin", "declined")
    await caller.authorize(new_id())
    await caller.authorize(new_id(), payment_method_id="pm_card_chargeCustomerFail")
    assert await calls("begin", "ok") == held + 1
    assert await calls("begin", "declined") == declined + 1


async def test_localstripes_own_webhook_arrives_and_is_believed(
    caller: Caller, payments_process: Running, account: StripeAccount
) -> None:
    order_id = new_id()
    await caller.authorize(order_id)
    await caller.capture(order_id)
    reference = (await account.intent(order_id))["id"]
    connection = await asyncpg.connect(payments_process.environment["PAYMENTS_DATABASE_URL"])

    async def received() -> str | None:
        outcome: str | None = await connection.fetchval(
            "SELECT outcome FROM webhook_events WHERE type = 'payment_intent.succeeded' AND body LIKE '%' || $1 || '%'",
            reference,
        )
        return outcome

    try:
        assert await eventually(received, "localstripe's webhook is stored") == "UNCHANGED"
    finally:
        await connection.close()
