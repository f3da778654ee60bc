"""Sells the pieces held for an order."""

from uuid import UUID

from shared.errors import NotFound
from subgraphs.inventory.commands.expire_reservations import expire_reservation
from subgraphs.inventory.domain.reservation import CommitOutcome, ReservationState, commit_outcome
from subgraphs.inventory.infrastructure.reservations import holds_of, locked_reservation, set_state
from subgraphs.inventory.infrastructure.stock import Change, MovementKind, apply_changes, locked_levels


async def commit_reservation(order_id: UUID) -> bool:
    """Answers whether the pieces are sold; False when the hold had expired. Call it in a transaction.

    Raises:
        NotFound: when the order has no reservation.
        FailedPrecondition: when the reservation was released.
    """
    reservation = await locked_reservation(order_id)
    if reservation is None:
        raise NotFound("The order has no reservation.", ("order_id",))
    match commit_outcome(reservation.state, reservation.is_overdue):
        case CommitOutcome.TAKE:
            await _sell(order_id)
            return True
        case CommitOutcome.ALREADY_TAKEN:
            return True
        case CommitOutcome.EXPIRE:
            await expire_reservation(order_id)
            return False
        case CommitOutcome.ALREADY_EXPIRED:
            return False


async def _sell(order_id: UUID) -> None:
    holds = await holds_of(order_id)
    await locked_levels(hold.variant_id for hold in holds)
    sold = [Change(hold.variant_id, hold.warehouse_id, on_hand=-hold.quantity, held=-hold.quantity) for hold in holds]
    await apply_changes(MovementKind.SOLD, sold, "order paid", order_id)
    await set_state(order_id, ReservationState.COMMITTED)
