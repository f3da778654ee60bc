"""Shipments from their packing to their arrival."""

import pytest

from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.fulfilment import CaptureTime, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.peers import Declined
from subgraphs.orders.domain.rejections import (
    AuthorizationEnded,
    FirstShipmentUndecided,
    NotDeliverable,
    OrderNotFound,
    ShipmentNotFound,
)
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import WaitingUnits
from tests.fakes.payments import FakePayments
from tests.unit.orders.room import RejectingPayments, Room, now, unknown


async def test_an_order_is_shipped_in_parts_and_delivered_with_the_last() -> None:
    room = Room()
    order_id = await room.confirmed(3)
    (line_id,) = room.lines(order_id)
    first = await room.ship(order_id, Units(line_id, 1))
    assert room.order(order_id).status is OrderStatus.PARTIALLY_SHIPPED
    second = await room.ship(order_id)
    assert room.order(order_id).status is OrderStatus.SHIPPED
    assert await room.deliver(first) == order_id
    assert room.order(order_id).status is OrderStatus.SHIPPED
    await room.deliver(second)
    assert room.order(order_id).status is OrderStatus.DELIVERED
    assert room.told(order_id)[2:] == ["OrderShipped", "OrderShipped", "OrderDelivered", "OrderDelivered"]
    assert [event.payload["shipment"]["isLast"] for event in room.work.events.events[2:]] == [False, True, True, True]
    assert room.reasons(order_id)[-1] == f"parcel {second} was delivered"


async def test_what_waits_stays_and_is_told() -> None:
    room = Room()
    order_id = await room.confirmed(3)
    (line_id,) = room.lines(order_id)
    await room.work.orders.save_waiting(order_id, [WaitingUnits(line_id, 2, 7)])
    shipment_id = await room.ship(order_id)
    found = await room.work.shipments.by_id(shipment_id)
    assert found is not None
    assert [*found.shipment.units] == [Units(line_id, 1)]
    assert room.work.events.events[-1].payload["waiting"] == [{"lineId": line_id, "quantity": 2, "expectedFrom": None}]


async def test_money_that_is_taken_first_lets_the_shipment_leave() -> None:
    room = Room(capture=CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    shipment_id = await room.ship(order_id)
    with pytest.raises(FirstShipmentUndecided):
        await room.ship(order_id)
    await room.run()
    order = room.order(order_id)
    assert (order.status, order.is_captured) == (OrderStatus.SHIPPED, True)
    assert room.work.tables.shipments[shipment_id].status is ShipmentStatus.SHIPPED
    assert room.payments.asked[-1] == "capture"


async def test_money_that_is_declined_ends_the_authorization() -> None:
    room = Room(FakePayments(capture=Declined("expired", "")), CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    shipment_id = await room.ship(order_id)
    await room.run()
    assert (room.step(shipment_id), room.order(order_id).status) == (Step.FAILED, OrderStatus.CONFIRMED)
    with pytest.raises(AuthorizationEnded) as rejected:
        await room.ship(order_id)
    assert rejected.value.reason == "CAPTURE was declined: expired"


async def test_a_shipment_that_the_provider_rejects_is_stuck() -> None:
    room = Room(RejectingPayments("capture"), CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    shipment_id = await room.ship(order_id)
    await room.run()
    assert room.step(shipment_id) is Step.STUCK
    assert room.work.tables.shipments[shipment_id].status is ShipmentStatus.REFUSED
    with pytest.raises(FirstShipmentUndecided):
        await room.ship(order_id)


async def test_a_shipment_of_an_order_that_is_disputed_meanwhile_is_kept_back_and_the_order_is_paid() -> None:
    room = Room(capture=CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    shipment_id = await room.ship(order_id)
    await room.work.disputes.save(Dispute(order_id, "dp_1", 1000, "", DisputeStatus.OPEN, None, now()))
    await room.run()
    assert (room.step(shipment_id), room.order(order_id).is_captured) == (Step.FAILED, True)
    assert room.work.tables.shipments[shipment_id].status is ShipmentStatus.REFUSED


async def test_what_is_not_there_or_not_on_its_way_does_not_arrive() -> None:
    room = Room()
    order_id = await room.confirmed()
    shipment_id = await room.ship(order_id)
    await room.deliver(shipment_id)
    with pytest.raises(NotDeliverable):
        await room.deliver(shipment_id)
    with pytest.raises(ShipmentNotFound):
        await room.deliver(unknown())
    with pytest.raises(OrderNotFound):
        await room.ship(unknown())
