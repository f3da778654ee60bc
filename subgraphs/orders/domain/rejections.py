"""What orders rejects, with the facts of it. How each looks on the wire is told by the entrypoints."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import Rejection
from shared.money import Money
from subgraphs.orders.domain.cart_problems import CartProblem, LineProblem
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.shipment_status import ShipmentStatus


@dataclass(eq=False)
class OrderNotFound(Rejection):
    """There is no such order, or it is somebody else's."""

    order_id: UUID


@dataclass(eq=False)
class ShipmentNotFound(Rejection):
    """There is no such shipment."""

    shipment_id: UUID


@dataclass(eq=False)
class LineNotFound(Rejection):
    """The order has no such line."""

    line_id: UUID


@dataclass(eq=False)
class CartEmpty(Rejection):
    """There is nothing to order."""


@dataclass(eq=False)
class TooManyGuestsOrders(Rejection):
    """Guests have ordered for one address as often as they may within an hour."""

    most: int


@dataclass(eq=False)
class CartHasProblem(Rejection):
    """Something stands between a cart and an order."""

    problem: CartProblem


@dataclass(eq=False)
class CartLineHasProblem(Rejection):
    """Something stands between the line at ``index`` and an order."""

    index: int
    problem: LineProblem


@dataclass(eq=False)
class NotCancellable(Rejection):
    """An order in this status can't be cancelled any more."""

    status: OrderStatus


@dataclass(eq=False)
class RefundUnderWay(Rejection):
    """A refund of the order has not ended yet."""

    status: OrderStatus


@dataclass(eq=False)
class ShipmentUnderWay(Rejection):
    """The money is being taken for a shipment of the order."""

    status: OrderStatus


@dataclass(eq=False)
class NothingStuck(Rejection):
    """Nothing of the order requires intervention."""

    status: OrderStatus


@dataclass(eq=False)
class RefundAwaitsBank(Rejection):
    """What is stuck of the order waits for the buyer's bank alone."""

    status: OrderStatus


@dataclass(eq=False)
class NothingOwed(Rejection):
    """The order owes its buyer nothing that its provider did not refund."""

    status: OrderStatus


@dataclass(eq=False)
class MoneyDisputed(Rejection):
    """The buyer's bank may give the same money back."""

    status: OrderStatus


@dataclass(eq=False)
class OtherAmountOwed(Rejection):
    """The order owes its buyer exactly ``owed``."""

    owed: Money


@dataclass(eq=False)
class OtherCurrency(Rejection):
    """An amount is in another currency than the order's, which is ``currency``."""

    currency: str


@dataclass(eq=False)
class NotRefundable(Rejection):
    """Money of an order in this status can't be refunded."""

    status: OrderStatus


@dataclass(eq=False)
class MoneyNotTaken(Rejection):
    """The order's money is taken with its first shipment, and there is nothing to refund before."""

    status: OrderStatus


@dataclass(eq=False)
class NothingLeftToRefund(Rejection):
    """Neither money nor units are left. ``is_disputed``: the buyer's bank has the rest until it has decided."""

    is_disputed: bool


@dataclass(eq=False)
class TooMuchToRefund(Rejection):
    """Only ``left`` of the order's money can be refunded. ``is_disputed`` as for NothingLeftToRefund."""

    left: Money
    is_disputed: bool


@dataclass(eq=False)
class TooManyUnitsToRefund(Rejection):
    """Only ``left`` units of a line are not refunded yet."""

    line_id: UUID
    left: int


@dataclass(eq=False)
class NotPayableAgain(Rejection):
    """Only an order that is CANCELLED can be paid again."""

    status: OrderStatus


@dataclass(eq=False)
class CancelledForGood(Rejection):
    """Somebody wanted the order cancelled, or it was confirmed before."""


@dataclass(eq=False)
class MoneyUnsettled(Rejection):
    """Money of an earlier attempt is still on its way back, or disputed."""


@dataclass(eq=False)
class OrderedAnew(Rejection):
    """Another order holds the order's cart by now: the one with this ``number``."""

    number: str


@dataclass(eq=False)
class NotShippable(Rejection):
    """Nothing of an order in this status can be shipped."""

    status: OrderStatus


@dataclass(eq=False)
class OrderHeld(Rejection):
    """Nothing of the order may leave, for the reason that ``hold`` tells."""

    status: OrderStatus
    hold: Hold


@dataclass(eq=False)
class AuthorizationEnded(Rejection):
    """The order's money can't be taken any more, for this ``reason``."""

    status: OrderStatus
    reason: str


@dataclass(eq=False)
class FirstShipmentUndecided(Rejection):
    """The money is taken with the first shipment, which is ``undecided``: PENDING, or REFUSED while it could not be
    taken.
    """

    status: OrderStatus
    undecided: ShipmentStatus


@dataclass(eq=False)
class NothingLeftToShip(Rejection):
    """All units were shipped or refunded, or are being refunded."""


@dataclass(eq=False)
class AllUnitsWait(Rejection):
    """All ``units`` that are left have not come yet; the first are expected from a day, if that is known."""

    status: OrderStatus
    units: int
    expected_from: date | None


@dataclass(eq=False)
class TooManyUnitsToShip(Rejection):
    """Only ``left`` units of a line are left to be shipped."""

    line_id: UUID
    left: int


@dataclass(eq=False)
class UnitsWait(Rejection):
    """Of a line ``here`` units can be shipped now, and ``waiting`` have not come yet."""

    line_id: UUID
    here: int
    waiting: int
    expected_from: date | None


@dataclass(eq=False)
class NotDeliverable(Rejection):
    """A shipment in this status is not on its way."""

    status: ShipmentStatus
