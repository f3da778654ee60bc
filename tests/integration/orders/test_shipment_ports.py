"""One contract for the ports of shipments and disputes: the twins in memory and Postgres answer alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.ids import new_id
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.shipment import StoredShipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import StillToCome, WaitingUnits
from tests.integration.orders.order_kinds import PENDING, Room


async def test_a_shipment_is_found_as_it_was_added(room: Room) -> None:
    order = await room.confirmed()
    shipment = await room.ship(order, Units(order.lines[0].id, 1))
    found = await room.run(lambda work: work.shipments.by_id(shipment.id))
    assert found == StoredShipment(shipment, ShipmentStatus.SHIPPED)
    assert await room.run(lambda work: work.shipments.by_id(new_id())) is None


async def test_what_is_shippable_is_neither_packed_nor_refunded_and_may_wait(room: Room) -> None:
    order = await room.confirmed(5)
    (line,) = order.lines
    await room.ship(order, Units(line.id, 1))
    await room.ship(order, Units(line.id, 1), status=ShipmentStatus.REFUSED)
    await room.refund(order, 0, Units(line.id, 1), status=PENDING)
    await room.run(lambda work: work.orders.save_waiting(order.id, [WaitingUnits(line.id, 2, 1)]))
    found = await room.run(lambda work: work.shipments.shippable(order.id))
    assert [(each.left, each.waiting, each.here) for each in found.lines] == [(3, 2, 1)]
    assert (found.undecided, found.hold, found.authorization_ended) == (None, None, None)


async def test_a_shipment_whose_money_is_not_taken_is_undecided(room: Room) -> None:
    order = await room.placed()
    shipment = await room.ship(order, Units(order.lines[0].id, 1), status=ShipmentStatus.PENDING)
    await room.run(lambda work: work.sagas.start(shipment.id, Kind.SHIPMENT, order.id))
    assert (await room.run(lambda work: work.shipments.shippable(order.id))).undecided is ShipmentStatus.PENDING
    await room.run(lambda work: work.shipments.end_open(order.id))
    assert (await room.run(lambda work: work.shipments.shippable(order.id))).undecided is ShipmentStatus.REFUSED
    assert not await room.run(lambda work: work.sagas.is_open(shipment.id))
    await room.run(lambda work: work.orders.end_authorization(order.id, "declined"))
    await room.run(lambda work: work.orders.end_authorization(order.id, "later"))
    assert (await room.run(lambda work: work.shipments.shippable(order.id))).authorization_ended == "declined"
    await room.run(lambda work: work.orders.record_capture(order.id))
    found = await room.run(lambda work: work.shipments.shippable(order.id))
    assert (found.undecided, found.authorization_ended) == (None, None)


async def test_the_latest_word_on_what_is_waited_for_counts(room: Room) -> None:
    order = await room.confirmed(4)
    (line,) = order.lines

    async def save(work: OrdersWork) -> None:
        for units, version in ((3, 5), (4, 4)):
            await work.orders.save_waiting(order.id, [WaitingUnits(line.id, units, version)])

    await room.run(save)
    assert [*await room.run(lambda work: work.orders.still_to_come(order.id))] == [StillToCome(line.id, 3, None)]
    refund = await room.refund(order, 0, Units(line.id, 2))
    found = await room.run(lambda work: work.orders.units_waited_for_in_vain(order.id, refund.id))
    assert found == [Units(line.id, 1)]


async def test_a_dispute_is_news_until_it_is_old(room: Room) -> None:
    order, at = await room.confirmed(), datetime(2026, 11, 1, tzinfo=UTC)
    opened = Dispute(order.id, "dp_1", 700, "fraudulent", DisputeStatus.OPEN, at, at)

    async def save(status: DisputeStatus, hours: int) -> bool:
        told = replace(opened, status=status, reason="", happened_at=at + timedelta(hours=hours))
        return await room.run(lambda work: work.disputes.save(told))

    assert await room.run(lambda work: work.disputes.status(order.id, "dp_1")) is None
    assert await room.run(lambda work: work.disputes.save(opened))
    hold = await room.run(lambda work: work.disputes.hold(order.id))
    assert hold is not None
    assert (hold.disputed.minor, [*hold.words], hold.since, hold.evidence_due_at) == (700, ["fraudulent"], at, at)
    assert not await save(DisputeStatus.OPEN, -1)
    assert await save(DisputeStatus.LOST, -1)
    assert not await save(DisputeStatus.OPEN, 5)
    assert not await save(DisputeStatus.LOST, 6)
    assert await save(DisputeStatus.WON, 7)
    assert await room.run(lambda work: work.disputes.status(order.id, "dp_1")) is DisputeStatus.WON
    assert await room.run(lambda work: work.disputes.hold(order.id)) is None
