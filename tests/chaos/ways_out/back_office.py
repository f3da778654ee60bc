"""A back office that knows no rule of the shop: it presses the buttons of ``Order.availableActions``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.chaos.buyers import GOOD_CARD, Buyer, JsonObject

_ORDER = """query ($id: ID!) {
  order(id: $id) {
    status attention owed { amount currency } availableActions { action by }
    refunded { amount } total { amount currency }
    lines { id quantity shippedQuantity refundedQuantity waitingQuantity } shipments { id status } refunds { status }
  }
}"""
_ERRORS = "errors { code message field }"
_MUTATIONS = {
    "CANCEL": ("orderCancel", "OrderCancelInput"),
    "PAY": ("orderPay", "OrderPayInput"),
    "SHIP": ("shipmentCreate", "ShipmentCreateInput"),
    "DELIVER": ("shipmentDeliver", "ShipmentDeliverInput"),
    "REFUND": ("orderRefund", "OrderRefundInput"),
    "RETRY": ("orderRetry", "OrderRetryInput"),
    "SETTLE": ("orderSettle", "OrderSettleInput"),
}
ACTIONS = tuple(_MUTATIONS)


@dataclass(frozen=True)
class Desk:
    """An order as its buyer and the shop's people see it, and what they do with it."""

    order_id: str
    buyer: Buyer = field(repr=False)
    staff: Buyer = field(repr=False)

    async def order(self) -> JsonObject:
        """The order as staff see it."""
        found: JsonObject = (await self.staff.ask(_ORDER, {"id": self.order_id}))["order"]
        return found

    async def press(self, action: str, order: JsonObject, choice: "Choice") -> JsonObject:
        """The payload of the mutation that does an action."""
        field, kind = _MUTATIONS[action]
        inputs = _INPUTS[action](order, choice)
        query = (
            f"mutation ($input: {kind}!, $key: String!)"
            f" {{ {field}(input: $input, idempotencyKey: $key) {{ {_ERRORS} }} }}"
        )
        who = self.buyer if action == "PAY" else self.staff
        variables = {"input": {**self._about(action), **inputs}, "key": str(uuid4())}
        payload: JsonObject = (await who.ask(query, variables))[field]
        return payload

    def _about(self, action: str) -> Mapping[str, str]:
        return {} if action == "DELIVER" else {"orderId": self.order_id}


@dataclass(frozen=True)
class Choice:
    """What a person chooses with a button: all, or one unit of a line that has one left.

    It says whether units go back into stock. ``amount``: to refund money for no units.
    """

    is_all: bool = True
    amount: str | None = None
    restocks: bool = False
    card: str = GOOD_CARD


def actions_of(order: JsonObject) -> set[str]:
    """The buttons that somebody may press now."""
    return {each["action"] for each in order["availableActions"]}


def _nothing(order: JsonObject, choice: Choice) -> Mapping[str, Any]:
    return {}


def _pay(order: JsonObject, choice: Choice) -> Mapping[str, Any]:
    return {"paymentMethodId": choice.card}


def _ship(order: JsonObject, choice: Choice) -> Mapping[str, Any]:
    units = {} if choice.is_all else _one_unit(order, ("shippedQuantity", "refundedQuantity", "waitingQuantity"))
    return {"carrier": "DHL", **units}


def _deliver(order: JsonObject, choice: Choice) -> Mapping[str, Any]:
    on_their_way = [shipment["id"] for shipment in order["shipments"] if shipment["status"] == "SHIPPED"]
    return {"shipmentId": next(iter(on_their_way), str(uuid4()))}


def _refund(order: JsonObject, choice: Choice) -> Mapping[str, Any]:
    if choice.amount:
        money = {"amount": choice.amount, "currency": order["total"]["currency"]}
        return {"reason": "sorry", "restock": False, "amount": money}
    units = {} if choice.is_all else _one_unit(order, ("refundedQuantity",))
    return {"reason": "scratched", "restock": choice.restocks, **units}


def _settle(order: JsonObject, choice: Choice) -> Mapping[str, Any]:
    return {
        "paidOutside": "bank transfer",
        "amount": order["owed"] or {"amount": "0.01", "currency": order["total"]["currency"]},
    }


def _one_unit(order: JsonObject, gone: tuple[str, ...]) -> Mapping[str, Any]:
    left = [line["id"] for line in order["lines"] if line["quantity"] > sum(line[each] for each in gone)]
    return {"lines": [{"lineId": left[0], "quantity": 1}]} if left else {}


_INPUTS: Mapping[str, Callable[[JsonObject, Choice], Mapping[str, Any]]] = {
    "CANCEL": _nothing,
    "PAY": _pay,
    "SHIP": _ship,
    "DELIVER": _deliver,
    "REFUND": _refund,
    "RETRY": _nothing,
    "SETTLE": _settle,
}
