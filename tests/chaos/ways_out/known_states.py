"""Every state that an order can be in, as far as its ways out differ.

Pure: what may be done comes from the rules of orders.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product
from uuid import UUID

from shared.money import Money
from subgraphs.orders.domain.actions import Action, Situation, available_actions
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.dispute import Hold, HoldReason
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.paying_again import PAYABLE_AGAIN, Payable
from subgraphs.orders.domain.refund import Refundable, RefundableLine
from subgraphs.orders.domain.shipment import ShipmentState, Shippable, ShippableLine
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.undertaking import Undertaking

_ID = UUID(int=1)
_TOTAL_MINOR = 1000
_HOLD = Hold(HoldReason.DISPUTE, Money(_TOTAL_MINOR, "EUR"), (), datetime.now(UTC), None)
_FINAL = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.REFUNDED})

_NOTHING: tuple[Undertaking, ...] = ()
_SAGA = (Undertaking(Kind.ORDER, Step.RESERVE, None, is_open=True),)
_AWAITING = (Undertaking(Kind.ORDER, Step.AWAIT_ACTION, None, is_open=True),)
_REFUNDING = (Undertaking(Kind.REFUND, Step.REFUND, None, is_open=True),)
_PACKING = (Undertaking(Kind.SHIPMENT, Step.CAPTURE, None, is_open=True),)
_UNDOING_STUCK = (Undertaking(Kind.ORDER, Step.STUCK, Step.REFUND, is_open=False),)
_MONEY_STUCK = (Undertaking(Kind.REFUND, Step.STUCK, Step.REFUND, is_open=False),)
_UNITS_STUCK = (Undertaking(Kind.REFUND, Step.STUCK, Step.RESTOCK, is_open=False),)
_SHIPMENT_STUCK = (Undertaking(Kind.SHIPMENT, Step.STUCK, Step.CAPTURE, is_open=False),)

_WORDS = {
    _NOTHING: "",
    _SAGA: "its saga is at work",
    _AWAITING: "its buyer is asked to confirm the payment",
    _REFUNDING: "a refund is under way",
    _UNDOING_STUCK: "undoing it is stuck",
    _MONEY_STUCK: "a refund's money is stuck",
    _UNITS_STUCK: "a refund's units are stuck",
}
_WORDS_BEFORE_CAPTURE = {
    _NOTHING: "its money is held until the first shipment leaves",
    _PACKING: "its money is being taken for the first shipment",
    _SHIPMENT_STUCK: "its money could not be taken for the first shipment",
}
_UNDECIDED: Mapping[tuple[Undertaking, ...], ShipmentStatus] = {
    _PACKING: ShipmentStatus.PENDING,
    _SHIPMENT_STUCK: ShipmentStatus.REFUSED,
}
_WITH_MONEY = (_NOTHING, _REFUNDING, _MONEY_STUCK, _UNITS_STUCK)
_LEFT = (
    (True, True),
    (False, True),
    (False, False),
)  # money, and units that are not refunded; free ones need no money
_SOLD = frozenset({OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.DELIVERED})
_TO_SHIP, _ALL_WAIT, _NONE_LEFT = "units to ship", "all that is left waits for stock", ""


@dataclass(frozen=True)
class State:
    """An order as far as its ways out differ."""

    status: OrderStatus
    undertakings: tuple[Undertaking, ...] = _NOTHING
    units: str = _NONE_LEFT
    is_held: bool = False
    is_on_its_way: bool = False
    has_money: bool = True
    has_unrefunded: bool = True
    is_captured: bool = True
    cancelled_for: CancellationCode | None = None
    is_unpayable: bool = False

    @property
    def actions(self) -> Sequence[Action]:
        """What may be done now."""
        return available_actions(
            Situation(self._shippable(), self._refundable(), self.undertakings, self._shipments(), self._payable())
        )

    @property
    def goes_on(self) -> Sequence[str]:
        """What brings it on without anybody's doing."""
        if self.undertakings == _AWAITING:
            return ["the buyer confirms the payment, fails to, or lets the time for it pass"]
        found = ["a worker takes its next step"] if any(each.is_open for each in self.undertakings) else []
        found += ["the bank decides the dispute"] if self.is_held else []
        found += [] if self.is_captured else ["the hold ends at the provider, which cancels the order"]
        return [*found, *(["the units arrive that all of the rest waits for"] if self.units == _ALL_WAIT else [])]

    @property
    def features(self) -> Sequence[str]:
        """What an action may depend on, in words."""
        found = {
            "units are here": self.units == _TO_SHIP,
            "a shipment is on its way": self.is_on_its_way,
            "no dispute is open": not self.is_held,
            "money, or units not refunded, are left": self.has_money
            or (self.has_unrefunded and not (self.is_held and self.status in _SOLD)),
            "nobody wanted it cancelled": self.cancelled_for in PAYABLE_AGAIN,
        }
        return [words for words, is_so in found.items() if is_so]

    @property
    def is_end(self) -> bool:
        """Whether nothing has to become of it any more."""
        return self.status in _FINAL and not self.undertakings and not self.is_held

    @property
    def under_way(self) -> str:
        """What is under way or stuck, in words."""
        if self.is_unpayable:
            return "its money can't be taken any more"
        return (_WORDS if self.is_captured else _WORDS_BEFORE_CAPTURE)[self.undertakings]

    def _shippable(self) -> Shippable:
        left = 0 if self.units == _NONE_LEFT else 1
        line = ShippableLine(_ID, left, waiting=1 if self.units == _ALL_WAIT else 0)
        undecided, hold = _UNDECIDED.get(self.undertakings), _HOLD if self.is_held else None
        return Shippable(self.status, [line], undecided, hold, "declined" if self.is_unpayable else None)

    def _refundable(self) -> Refundable:
        is_captured = self.is_captured and self.undertakings not in (_SAGA, _AWAITING)
        has_bank_all = self.is_held and not self.has_money and self.status in _SOLD
        given_minor, disputed_minor = (
            (0 if self.has_money or has_bank_all else _TOTAL_MINOR),
            _TOTAL_MINOR if has_bank_all else 0,
        )
        line = RefundableLine(_ID, _TOTAL_MINOR, 1 if self.has_unrefunded else 0)
        return Refundable(self.status, is_captured, "EUR", _TOTAL_MINOR, given_minor, [line], disputed_minor)

    def _shipments(self) -> Sequence[ShipmentState]:
        return [ShipmentState(_ID, ShipmentStatus.SHIPPED)] if self.is_on_its_way else []

    def _payable(self) -> Payable:
        is_settled = not self.is_held and not self.undertakings
        return Payable(self.status, self.cancelled_for, False, is_settled, ordered_anew_as=None)


def states() -> Iterator[State]:
    """Every state that an order can be in, as far as its ways out differ."""
    for status in (OrderStatus.PENDING, OrderStatus.CANCELLING):
        yield State(status, _SAGA, has_money=False)
    yield State(OrderStatus.AWAITING_PAYMENT_ACTION, _AWAITING, has_money=False)
    for is_held in (False, True):
        yield State(OrderStatus.CANCELLING, _UNDOING_STUCK, is_held=is_held)
        yield from _confirmed(is_held)
        yield from _partly_shipped(is_held)
        yield from _shipped(is_held)
    yield from _ended()


def _confirmed(is_held: bool) -> Iterator[State]:
    for undertakings, units in product(_WITH_MONEY, (_TO_SHIP, _ALL_WAIT)):
        yield State(OrderStatus.CONFIRMED, undertakings, units, is_held)
    for undertakings in (
        _NOTHING,
        _MONEY_STUCK,
    ):  # all of it was refunded, and the money came back from the buyer's bank
        yield State(OrderStatus.CONFIRMED, undertakings, _NONE_LEFT, is_held)
    if is_held:
        for undertakings in _WITH_MONEY:
            yield State(OrderStatus.CONFIRMED, undertakings, _TO_SHIP, is_held, has_money=False)
    else:  # only taken money is disputed
        yield from _before_capture()
        yield State(OrderStatus.CONFIRMED, _REFUNDING, _NONE_LEFT, has_money=False, has_unrefunded=False)
        yield State(OrderStatus.CONFIRMED, _REFUNDING, _TO_SHIP, has_money=False)  # an amount: all that was paid


def _before_capture() -> Iterator[State]:
    for undertakings, units in product((_NOTHING, _PACKING, _SHIPMENT_STUCK), (_TO_SHIP, _ALL_WAIT)):
        yield State(OrderStatus.CONFIRMED, undertakings, units, is_captured=False)
    for units in (_TO_SHIP, _ALL_WAIT):
        yield State(OrderStatus.CONFIRMED, _NOTHING, units, has_money=False, is_captured=False, is_unpayable=True)


def _partly_shipped(is_held: bool) -> Iterator[State]:
    for undertakings, units, is_on_its_way in product(_WITH_MONEY, (_TO_SHIP, _ALL_WAIT), (False, True)):
        yield State(OrderStatus.PARTIALLY_SHIPPED, undertakings, units, is_held, is_on_its_way)
        if is_held:
            yield State(OrderStatus.PARTIALLY_SHIPPED, undertakings, units, is_held, is_on_its_way, has_money=False)


def _shipped(is_held: bool) -> Iterator[State]:
    for undertakings, (has_money, has_unrefunded) in product(_WITH_MONEY, _LEFT):
        if undertakings == _MONEY_STUCK and not (has_money or is_held):  # what is refused then has ended
            continue
        for status, is_on_its_way in ((OrderStatus.SHIPPED, True), (OrderStatus.DELIVERED, False)):
            yield State(status, undertakings, _NONE_LEFT, is_held, is_on_its_way, has_money, has_unrefunded)


def _ended() -> Iterator[State]:
    for undertakings, is_held in product((_NOTHING, _UNITS_STUCK), (False, True)):
        for is_on_its_way, has_unrefunded in product((False, True), (False, True)):
            yield State(OrderStatus.REFUNDED, undertakings, _NONE_LEFT, is_held, is_on_its_way, False, has_unrefunded)
        for code in CancellationCode:
            yield State(OrderStatus.CANCELLED, undertakings, is_held=is_held, has_money=False, cancelled_for=code)
    for code, is_held in product(
        CancellationCode, (False, True)
    ):  # what came back, or was won, could not be given back
        yield State(OrderStatus.CANCELLED, _MONEY_STUCK, is_held=is_held, cancelled_for=code)


def is_known(status: str, actions: Iterable[Mapping[str, str]]) -> bool:
    """Whether an order may have this status and these actions, as ``Order.availableActions`` names them, at once."""
    return (status, frozenset((each["action"], each["by"]) for each in actions)) in _known()


@cache
def _known() -> frozenset[tuple[str, frozenset[tuple[str, str]]]]:
    return frozenset((state.status.value, _pairs(state.actions)) for state in states())


def _pairs(actions: Sequence[Action]) -> frozenset[tuple[str, str]]:
    return frozenset((action.kind.value, action.by.value) for action in actions)


def dead_ends() -> Sequence[State]:
    """The states in which an order would stay for ever, though it is not at its end;
    none, while the rules are right.
    """
    return [state for state in states() if not state.actions and not state.goes_on and not state.is_end]
