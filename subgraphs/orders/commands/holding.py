"""What disputes that are told of mean for their orders: their history, and whether they are held."""

from collections.abc import Callable

from shared.money import Money
from shared.runtime.faults import fault_point
from subgraphs.orders.commands.locked import paid_order
from subgraphs.orders.domain.dispute import Dispute, Hold
from subgraphs.orders.domain.events import order_held, order_released
from subgraphs.orders.domain.order import Actor, Cause, Order
from subgraphs.orders.domain.ports import OrdersWork


async def hold(dispute: Dispute, attempt: int, news: Callable[[str], str], work: OrdersWork) -> None:
    """Holds the order of a dispute that is OPEN; ``news`` says so of what is disputed. What is old news changes
    nothing.
    """
    order = await paid_order(dispute.order_id, attempt, work)
    if order is None:
        return
    before = await work.disputes.hold(order.id)
    if await work.disputes.save(dispute):
        await fault_point("orders.DISPUTE.before")
        await work.orders.note(order, Cause(news(what_of(dispute, order)), Actor.SHOP))
        await tell_hold(order, before, work)
        await fault_point("orders.DISPUTE.after")


async def tell_hold(order: Order, before: Hold | None, work: OrdersWork) -> None:
    """Publishes that a locked order is held, or held no longer, where that is not as it was before."""
    now, changed_at = await work.disputes.hold(order.id), await work.orders.touch(order.id)
    if now == before:
        return
    placed = await work.orders.placed(order.id)
    work.events.record(order_held(placed, now, changed_at) if now else order_released(placed, changed_at))


def what_of(dispute: Dispute, order: Order) -> str:
    """What is disputed: the amount, and the provider's word for the reason, if there is one."""
    money = Money(dispute.amount_minor, order.currency)
    return f"{money.amount} {money.currency}{words_of(dispute)}"


def words_of(dispute: Dispute) -> str:
    """The provider's word for the reason, in brackets, if there is one."""
    return f" ({dispute.reason})" if dispute.reason else ""
