"""Orders whose payment the buyer has to authenticate or approve."""

from uuid import UUID

from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.orders.commands.follow_payments import PaymentChanged, follow_payment
from subgraphs.orders.domain.fulfilment import Step
from subgraphs.orders.infrastructure.sagas import claim_due, postpone
from tests.carts import sold_variant
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import AUTHENTICATING_CARD
from tests.integration.orders.shop import Shop
from tests.integration.orders.test_recovery import counter, worker
from tests.integration.orders.test_worker import NEVER, placed
from tests.subgraphs import eventually

__all__ = ["counter"]  # a fixture


async def events_of(shop: Shop, order_id: str) -> list[str]:
    rows = await shop.catalogue.fetch("SELECT type FROM outbox WHERE key = $1 ORDER BY id", order_id)
    return [row["type"].rpartition(".")[2] for row in rows]


async def test_an_order_waits_for_its_buyer_and_goes_on_when_the_bank_is_satisfied(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    order_id = await buyer.placed(variant, paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    assert await shop.stock(variant) == (5, 1)
    assert await events_of(shop, order_id) == ["OrderPlaced", "OrderPaymentActionRequired"]
    shop.payments.authenticated[order_id] = True
    await buyer.becomes(order_id, "CONFIRMED")
    assert await shop.stock(variant) == (4, 0)
    assert shop.payments.effects[order_id, "captured"] == 1
    history = (await buyer.asked(order_id, "history { to actor }"))["history"]
    assert [move["to"] for move in history] == ["PENDING", "AWAITING_PAYMENT_ACTION", "PENDING", "CONFIRMED"]
    assert await events_of(shop, order_id) == ["OrderPlaced", "OrderPaymentActionRequired", "OrderConfirmed"]


async def test_an_order_whose_buyer_the_bank_does_not_recognise_is_cancelled_and_undone(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    order_id = await buyer.placed(variant, paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    shop.payments.authenticated[order_id] = False
    order = await buyer.becomes(order_id, "CANCELLED")
    assert order["cancellation"]["message"] == "Your bank did not recognise you."
    assert await shop.stock(variant) == (5, 0)
    assert shop.payments.effects[order_id, "voided"] == 1


async def test_an_order_whose_buyer_does_not_act_in_time_is_cancelled_and_undone(counter: Shop) -> None:
    buyer, variant = counter.buyer(), await counter.variant(stock=5)
    order_id = await buyer.placed(variant, paymentMethodId=AUTHENTICATING_CARD)
    async with worker(counter, ORDERS_ACTION_DEADLINE_SECONDS="1"):
        order = await buyer.becomes(order_id, "CANCELLED")
    assert order["cancellation"]["code"] == "PAYMENT_ACTION_NOT_TAKEN"
    assert await counter.stock(variant) == (5, 0)
    assert counter.payments.effects[order_id, "voided"] == 1


async def test_a_buyer_is_not_asked_to_act_any_more_while_undoing_the_order_waits_for_a_person(shop: Shop) -> None:
    buyer, staff = shop.buyer(), shop.staff("orders:read", "orders:retry")
    order_id = await buyer.placed(await shop.variant(stock=5), paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    shop.faults.suffer(order_id, *(Fault(step, When.BEFORE, Kind.REFUSED) for step in ("VOID", "REFUND")))
    shop.payments.authenticated[order_id] = False
    order = await buyer.becomes(order_id, "CANCELLING")
    assert order["cancellation"]["message"] == "Your bank did not recognise you."
    await eventually(lambda: shop.has_step(order_id, "STUCK"), "undoing it is stuck")
    seen = await staff.asked(order_id, "attention availableActions { action }")
    assert [each["action"] for each in seen["availableActions"]] == ["RETRY", "SETTLE"]
    assert "orderRetry" in seen["attention"]
    assert "held at most" in seen["attention"]
    await staff.done("orderRetry", {"orderId": order_id})
    await buyer.becomes(order_id, "CANCELLED")
    assert (await staff.asked(order_id, "availableActions { action }"))["availableActions"] == [{"action": "PAY"}]


async def waiting_order() -> UUID:
    """An order that waits for its buyer, to be looked at in an hour."""
    order_id = await placed(await sold_variant())
    (saga,) = await claim_due("one", 10, NEVER)
    await db.execute("UPDATE sagas SET step = $1", Step.AWAIT_ACTION)
    await postpone(saga, NEVER, None)
    return order_id


async def test_news_of_its_payment_has_a_waiting_order_looked_at_at_once(orders: Subgraph) -> None:
    order_id = await waiting_order()
    assert await claim_due("two", 10, NEVER) == []
    await follow_payment(PaymentChanged.model_validate({"orderId": order_id}))
    (saga,) = await claim_due("two", 10, NEVER)
    assert (saga.id, saga.attempts) == (order_id, 1)


async def test_news_of_a_payment_changes_nothing_for_an_order_that_does_not_wait_for_it(orders: Subgraph) -> None:
    order_id = await placed(await sold_variant())
    (saga,) = await claim_due("one", 10, NEVER)
    await postpone(saga, NEVER, None)
    await follow_payment(PaymentChanged.model_validate({"orderId": order_id}))
    assert await claim_due("two", 10, NEVER) == []


async def test_a_buyer_is_not_asked_to_act_any_more_while_the_payment_can_not_be_let_go(shop: Shop) -> None:
    buyer, stall = shop.buyer(), Fault("VOID", When.BEFORE, Kind.STALL)
    order_id = await buyer.placed(await shop.variant(stock=5), paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    shop.faults.suffer(order_id, stall)
    shop.payments.authenticated[order_id] = False
    order = await buyer.becomes(order_id, "CANCELLING")
    assert order["cancellation"]["code"] == "PAYMENT_DECLINED"
    stall.go.set()
    await buyer.becomes(order_id, "CANCELLED")
    history = (await buyer.asked(order_id, "history { to }"))["history"]
    assert [move["to"] for move in history] == ["PENDING", "AWAITING_PAYMENT_ACTION", "CANCELLING", "CANCELLED"]
