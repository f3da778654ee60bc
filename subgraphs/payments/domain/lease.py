"""The right to talk to the provider about a payment."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.payments.domain.payment import Payment


@dataclass(slots=True)
class Lease:
    """Nobody else talks about the payment meanwhile; ``payment`` is what is known of it by now.
    ``id`` is None once it is over.

    ``is_new`` tells that the payment began with this lease: no provider can know of it.
    """

    payment: Payment
    id: UUID | None
    is_new: bool = False
