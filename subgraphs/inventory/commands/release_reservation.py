"""Gives back the pieces held for an order."""

from uuid import UUID

from subgraphs.inventory.domain.reservation import ReservationState, must_give_back
from subgraphs.inventory.infrastructure.reservations import holds_of, insert_reservation, locked_reservation, set_state
from subgraphs.inventory.infrastructure.stock import Change, MovementKind, apply_changes, locked_levels


async def release_reservation(order_id: UUID) -> None:
    """Gives back what is held; afterwards nothing can be held for this order any more. Call it in a transaction.

    A release that overtakes its reservation leaves a released one behind, so that the late one is refused.

    Raises:
        FailedPrecondition: when the pieces are sold.
    """
    if await insert_reservation(order_id, ReservationState.RELEASED, ttl_seconds=0) is not None:
        return
    reservation = await locked_reservation(order_id)
    assert reservation is not None
    if must_give_back(reservation.state):
        await give_back(order_id, MovementKind.RELEASED, "order cancelled")
        await set_state(order_id, ReservationState.RELEASED)


async def give_back(order_id: UUID, kind: MovementKind, reason: str) -> None:
    """Makes the pieces held for an order available again."""
    holds = await holds_of(order_id)
    await locked_levels(hold.variant_id for hold in holds)
    changes = [Change(hold.variant_id, hold.warehouse_id, on_hand=0, held=-hold.quantity) for hold in holds]
    await apply_changes(kind, changes, reason, order_id)
