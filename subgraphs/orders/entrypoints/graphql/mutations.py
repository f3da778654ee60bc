"""What buyers and staff change of orders."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar
from uuid import UUID

from ariadne import MutationType

from shared.errors import Internal
from shared.graphql.context import Info, require_principal
from shared.graphql.idempotency import once
from shared.graphql.mutations import payload
from shared.json import dumps
from shared.persistence.idempotency import hashed_key
from shared.persistence.work import Handler, Once, UnitOfWork
from subgraphs.orders.commands.cancel_order import cancel_order
from subgraphs.orders.commands.create_shipment import create_shipment
from subgraphs.orders.commands.deliver_shipment import deliver_shipment
from subgraphs.orders.commands.pay_order import pay_order
from subgraphs.orders.commands.place_order import PlaceOrder, place_order
from subgraphs.orders.commands.refund_order import refund_order
from subgraphs.orders.commands.retry_order import retry_order
from subgraphs.orders.commands.settle_order import settle_order
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.guest import OrderTokens
from subgraphs.orders.domain.order import Person
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.entrypoints.graphql import inputs
from subgraphs.orders.entrypoints.graphql.callers import CANCEL, buyer, guest_id_of, person_with, staff, user_id_of
from subgraphs.orders.entrypoints.graphql.inputs import Input
from subgraphs.orders.entrypoints.graphql.rejections import user_error
from subgraphs.orders.queries.orders import OrderView, orders_seen_by

Command = TypeVar("Command")

_NOBODY = UUID(int=0)  # whose order token opens nothing: all of them are answered alike


class OrderMutations:
    """Each parses its input into a command, has it performed once for its key,
    and answers with the order as it is now.
    """

    def __init__(self, work: UnitOfWork[OrdersWork], tokens: OrderTokens, deadline_seconds: float) -> None:
        self._work = work
        self._tokens = tokens
        self._deadline_seconds = deadline_seconds

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("checkoutPlaceOrder", payload(self._place, user_error))
        mutations.set_field("orderPay", payload(self._pay, user_error))
        mutations.set_field("orderCancel", payload(self._cancel, user_error))
        mutations.set_field("orderRefund", payload(self._refund, user_error))
        mutations.set_field("orderRetry", payload(self._retry, user_error))
        mutations.set_field("orderSettle", payload(self._settle, user_error))
        mutations.set_field("shipmentCreate", payload(self._ship, user_error))
        mutations.set_field("shipmentDeliver", payload(self._deliver, user_error))
        return mutations

    async def _place(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        user_id, checkout = user_id_of(info), inputs.checkout(input)
        command = PlaceOrder(checkout, user_id, self._deadline_seconds)
        once = _checkout_once(checkout, user_id, idempotency_key)
        order_id = await self._work.perform_once(place_order, command, once)
        order = await changed_order(order_id, Person(None, is_staff=True))
        return {"order": order} | self._token_of(order if user_id is None else None)

    async def _pay(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = buyer(info)
        command = inputs.payment(input, who, self._deadline_seconds)
        order_id = await self._once(info, input, idempotency_key, pay_order, command)
        return {"order": await changed_order(order_id, who)}

    async def _cancel(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = person_with(info, CANCEL)
        command = inputs.cancellation(input, who)
        order_id = await self._once(info, input, idempotency_key, cancel_order, command)
        return {"order": await changed_order(order_id, who)}

    async def _refund(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = staff(info)
        command = inputs.refund(input, require_principal(info).user_id)
        refund_id = await self._once(info, input, idempotency_key, refund_order, command)
        order = await changed_order(command.request.order_id, who)
        return {"order": order, "refund": _one(await order.details.refunds.of(order.id) or (), refund_id)}

    async def _retry(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = staff(info)
        command = inputs.retry(input, require_principal(info).user_id)
        order_id = await self._once(info, input, idempotency_key, retry_order, command)
        return {"order": await changed_order(order_id, who)}

    async def _settle(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = staff(info)
        command = inputs.settlement(input, require_principal(info).user_id)
        order_id = await self._once(info, input, idempotency_key, settle_order, command)
        return {"order": await changed_order(order_id, who)}

    async def _ship(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = staff(info)
        command = inputs.shipment(input, require_principal(info).user_id)
        shipment_id = await self._once(info, input, idempotency_key, create_shipment, command)
        order = await changed_order(command.request.order_id, who)
        return {"order": order, "shipment": _one(await order.details.shipments.of(order.id) or (), shipment_id)}

    async def _deliver(self, _: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
        who = staff(info)
        command = inputs.delivery(input, require_principal(info).user_id)
        order_id = await self._once(info, input, idempotency_key, deliver_shipment, command)
        order = await changed_order(order_id, who)
        shipments = await order.details.shipments.of(order.id) or ()
        return {"order": order, "shipment": _one(shipments, command.shipment_id)}

    async def _once(
        self, info: Info, input: Input, key: str, handler: Handler[Command, OrdersWork, UUID], command: Command
    ) -> UUID:
        """The id that the handler answers, or answered when the key came before. A guest's keys are their order's."""
        asker = user_id_of(info) or guest_id_of(info) or _NOBODY
        return await self._work.perform_once(handler, command, once(info, input, key, str, UUID, asker))

    def _token_of(self, order: OrderView | None) -> dict[str, Any]:
        token = self._tokens.of(order.id, order.guest) if order and order.guest else None
        expires_at = order.guest.token_expires_at if order and order.guest and token else None
        return {"order_token": token, "order_token_expires_at": expires_at}


def _checkout_once(checkout: Checkout, user_id: UUID | None, key: str) -> Once[UUID, UUID]:
    """A guest's keys are the cart's, and kept as hashes: the answer that one repeats opens the order."""
    request = dumps(checkout)
    if user_id is not None:
        return Once(f"checkoutPlaceOrder:{user_id}", key, request, str, UUID)
    scope, kept = f"checkoutPlaceOrder:cart:{checkout.cart_id}", hashed_key(key)
    return Once(scope, kept, request, str, UUID)


async def changed_order(order_id: UUID, who: Person) -> OrderView:
    """An order that a mutation has just changed, as it is now."""
    order = (await orders_seen_by([order_id], who)).get(order_id)
    if order is None:
        raise Internal("The order was changed but can't be read.")
    return order


class _Identified(Protocol):
    @property
    def id(self) -> UUID: ...


Part = TypeVar("Part", bound=_Identified)


def _one(parts: Iterable[Part], sought: UUID) -> Part:
    for part in parts:
        if part.id == sought:
            return part
    raise Internal("It was recorded but can't be read.")
