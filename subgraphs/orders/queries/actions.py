"""What may be done with orders now:
all that the checks look at, for all orders of an answer, in one statement a kind.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from subgraphs.orders.domain.actions import Action, Situation, available_actions
from subgraphs.orders.infrastructure.rows import (
    payables_of,
    refundables_of,
    shipment_states_of,
    shippables_of,
    undertakings_of,
)


async def actions_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Action]]:
    """What may be done with some orders, by whomever."""
    shippables, refundables = await shippables_of(order_ids), await refundables_of(order_ids)
    undertakings, shipments = await undertakings_of(order_ids), await shipment_states_of(order_ids)
    payables = await payables_of(order_ids)
    return {
        order_id: available_actions(
            Situation(
                shippable,
                refundables[order_id],
                undertakings.get(order_id, ()),
                shipments.get(order_id, ()),
                payables[order_id],
            )
        )
        for order_id, shippable in shippables.items()
    }
