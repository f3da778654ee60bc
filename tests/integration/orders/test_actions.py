"""What an order says that may be done is done, and what it does not say is refused, in whatever state it is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, manager, provider_of, quiet, seen, sources
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import AUTHENTICATING_CARD, CARD_THAT_TAKES_NOTHING_BACK, DECLINED_CARD, GOOD_CARD
from tests.integration.orders.shipping import deliver, ship, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import eventually


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop."""
    async with provider_of(shop) as found:
        yield found


class Scene:
    """An order of two units, its buyer, staff, and the places at which it may stall."""

    def __init__(self, shop: Shop, provider: Provider) -> None:
        self.shop, self.provider = shop, provider
        self.buyer, self.staff = shop.buyer(), manager(shop)
        self.order: JsonObject = {}
        self.stall: Fault | None = None

    async def begin(self, *, stall: str | None = None, **changes: Any) -> None:
        self.stall = Fault(stall, When.BEFORE, Kind.STALL) if stall else None
        faults = [self.stall] if self.stall else []
        order_id = await self.buyer.placed(await self.shop.variant(*faults, stock=9, price=1000), quantity=2, **changes)
        self.order = await seen(self.staff, order_id)

    async def confirm(self, **changes: Any) -> None:
        await self.begin(**changes)
        await self.buyer.becomes(self.id, "CONFIRMED")

    async def stalls(self) -> None:
        assert self.stall is not None
        stall = self.stall
        await eventually(lambda: self.shop.has_stalled(self.id, stall), "it stalls")

    @property
    def id(self) -> str:
        return str(self.order["id"])

    async def refund(self, **given: Any) -> None:
        await self.staff.done("orderRefund", {"orderId": self.id, "reason": "broken", **given})


async def pending(scene: Scene) -> None:
    await scene.begin(stall="RESERVE")
    await scene.stalls()


async def waiting_for_its_buyer(scene: Scene) -> None:
    await scene.begin(paymentMethodId=AUTHENTICATING_CARD)
    await scene.buyer.becomes(scene.id, "AWAITING_PAYMENT_ACTION")


async def declined(scene: Scene) -> None:
    await scene.begin(paymentMethodId=DECLINED_CARD)
    await scene.buyer.becomes(scene.id, "CANCELLED")


async def confirmed(scene: Scene) -> None:
    await scene.confirm()


async def partly_shipped(scene: Scene) -> None:
    await scene.confirm()
    await ship(scene.staff, scene.id, **some(scene.order, 1))


async def partly_delivered(scene: Scene) -> None:
    await scene.confirm()
    shipment = (await ship(scene.staff, scene.id, **some(scene.order, 1)))["shipment"]["id"]
    await deliver(scene.staff, shipment)


async def shipped(scene: Scene) -> None:
    await scene.confirm()
    await ship(scene.staff, scene.id)


async def delivered(scene: Scene) -> None:
    await scene.confirm()
    await deliver(scene.staff, (await ship(scene.staff, scene.id))["shipment"]["id"])


async def being_cancelled(scene: Scene) -> None:
    await scene.confirm(stall="VOID")
    await scene.buyer.done("orderCancel", {"orderId": scene.id})
    await scene.stalls()


async def cancelled(scene: Scene) -> None:
    await scene.confirm()
    await scene.buyer.done("orderCancel", {"orderId": scene.id})
    await scene.buyer.becomes(scene.id, "CANCELLED")


async def stuck_cancelling(scene: Scene) -> None:
    await scene.confirm(paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    scene.shop.payments.takes_refunds = False
    await scene.buyer.done("orderCancel", {"orderId": scene.id})
    await quiet(scene.shop, scene.id)


async def refund_under_way(scene: Scene) -> None:
    await scene.confirm(stall="REFUND")
    await scene.refund(**some(scene.order, 1))
    await scene.stalls()


async def refund_of_all_under_way(scene: Scene) -> None:
    await scene.confirm(stall="REFUND")
    await scene.refund()
    await scene.stalls()


async def stuck_refund(scene: Scene) -> None:
    await scene.confirm(paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    scene.shop.payments.takes_refunds = False
    await scene.refund(**some(scene.order, 1))
    await quiet(scene.shop, scene.id)


async def refunded(scene: Scene) -> None:
    await scene.confirm()
    await scene.refund()
    await quiet(scene.shop, scene.id)


async def refunded_elsewhere_in_part(scene: Scene) -> None:
    await scene.confirm()
    await scene.provider.gives_back(scene.id, 700)


async def held(scene: Scene) -> None:
    await scene.confirm()
    await scene.provider.disputes(scene.id, 2000)


async def held_in_part_while_shipped(scene: Scene) -> None:
    await scene.confirm()
    await ship(scene.staff, scene.id, **some(scene.order, 1))
    await scene.provider.disputes(scene.id, 700)


async def cancelled_while_held(scene: Scene) -> None:
    await scene.confirm()
    await scene.provider.disputes(scene.id, 2000)
    await scene.buyer.done("orderCancel", {"orderId": scene.id})
    await scene.buyer.becomes(scene.id, "CANCELLED")


async def lost_in_part(scene: Scene) -> None:
    await scene.confirm()
    await scene.provider.decides(scene.id, 700, "LOST")


STATES: list[Callable[[Scene], Awaitable[None]]] = [
    pending,
    waiting_for_its_buyer,
    declined,
    confirmed,
    partly_shipped,
    partly_delivered,
    shipped,
    delivered,
    being_cancelled,
    cancelled,
    stuck_cancelling,
    refund_under_way,
    refund_of_all_under_way,
    stuck_refund,
    refunded,
    refunded_elsewhere_in_part,
    held,
    held_in_part_while_shipped,
    cancelled_while_held,
    lost_in_part,
]
Attempt = Callable[[Scene, Buyer], Awaitable[JsonObject]]


def _act(mutation: str, **given: Any) -> Attempt:
    async def attempt(scene: Scene, who: Buyer) -> JsonObject:
        answer: JsonObject = await who.act(mutation, {"orderId": scene.id, **given})
        payload: JsonObject = answer["data"]["it"]
        return payload

    return attempt


async def _deliver(scene: Scene, who: Buyer) -> JsonObject:
    on_their_way = [action["shipmentId"] for action in scene.order["availableActions"] if action["action"] == "DELIVER"]
    known = [shipment["id"] for shipment in scene.order["shipments"]]
    return await deliver(who, (on_their_way or known or [scene.id])[0])


async def _pay(scene: Scene, _: Buyer) -> JsonObject:
    return await _act("orderPay", paymentMethodId=GOOD_CARD)(scene, scene.buyer)  # nobody pays for somebody else


ATTEMPTS: dict[str, Attempt] = {
    "CANCEL": _act("orderCancel"),
    "SHIP": _act("shipmentCreate", carrier="DHL"),
    "DELIVER": _deliver,
    "REFUND": _act("orderRefund", reason="sorry"),
    "RETRY": _act("orderRetry"),
    "PAY": _pay,
}


@pytest.mark.parametrize("action", ATTEMPTS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_what_is_listed_is_done_and_what_is_not_is_refused(
    shop: Shop, provider: Provider, state: Callable[[Scene], Awaitable[None]], action: str
) -> None:
    scene = Scene(shop, provider)
    try:
        await state(scene)
        scene.order = await seen(scene.staff, scene.id)
        payload = await ATTEMPTS[action](scene, scene.staff)
        assert (payload["errors"] == []) == (action in actions(scene.order)), (scene.order["availableActions"], payload)
    finally:
        shop.payments.takes_refunds = True
        if scene.stall:
            scene.stall.go.set()


@pytest.mark.parametrize(
    "state", [pending, confirmed, partly_shipped, cancelled, held], ids=lambda state: state.__name__
)
async def test_a_buyer_is_told_what_buyers_may_do_and_that_is_done(
    shop: Shop, provider: Provider, state: Callable[[Scene], Awaitable[None]]
) -> None:
    scene = Scene(shop, provider)
    await state(scene)
    listed = (await scene.buyer.asked(scene.id, "availableActions { action by shipmentId }"))["availableActions"]
    assert {action["by"] for action in listed} <= {"BUYER"}
    payload = await ATTEMPTS["CANCEL"](scene, scene.buyer)
    assert (payload["errors"] == []) == ("CANCEL" in {action["action"] for action in listed})
    if scene.stall:
        scene.stall.go.set()


async def test_units_that_a_refund_keeps_out_stay_out_when_the_order_is_cancelled(shop: Shop) -> None:
    buyer, staff = shop.buyer(), manager(shop)
    lamp, bowl = await shop.variant(stock=5, price=1000), await shop.variant(stock=5, price=500)
    order = await buyer.ended(await buyer.placed(lamp, bowl, quantity=3))
    lines = {line["variant"]["id"]: line["id"] for line in order["lines"]}
    for variant, restock in ((lamp, False), (bowl, True)):
        wanted = [{"lineId": lines[variant], "quantity": 1}]
        await staff.done("orderRefund", {"orderId": order["id"], "reason": "x", "restock": restock, "lines": wanted})
    await quiet(shop, order["id"])
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert (await shop.stock(lamp), await shop.stock(bowl)) == ((4, 0), (5, 0))


async def test_a_cancellation_of_which_all_units_were_refunded_before_returns_none(
    shop: Shop, provider: Provider
) -> None:
    buyer, staff = shop.buyer(), manager(shop)
    lamp, gift = await shop.variant(stock=5, price=1000), await shop.variant(stock=5, price=0)
    order = await buyer.ended(await buyer.placed(lamp, gift))
    amount = {"amount": "9.00", "currency": "EUR"}
    await staff.done("orderRefund", {"orderId": order["id"], "reason": "x", "amount": amount})
    await quiet(shop, order["id"])
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert (await shop.stock(lamp), await shop.stock(gift)) == ((5, 0), (5, 0))
    assert sources(await seen(staff, order["id"])) == [("REQUESTED", "9.00", "DONE"), ("CANCELLATION", "1.00", "DONE")]
