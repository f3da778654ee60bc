"""Books what a buyer's bank decided, as the bank told the shop, where no provider is left that would tell it."""

import logging
from dataclasses import replace
from uuid import UUID

from shared.errors import FailedPrecondition, NotFound
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.follow_dispute import follow_dispute
from subgraphs.payments.domain.ports import DisputeOutcome
from subgraphs.payments.infrastructure.disputes import disputed_payment, kept_dispute
from subgraphs.payments.infrastructure.payments import locked_payment

logger = logging.getLogger(__name__)


async def decide_dispute(dispute_id: UUID, outcome: DisputeOutcome, providers: Providers) -> Money:
    """Closes a dispute as WON or LOST, and answers what it is about; the order is told as if the provider had told it.

    A second word replaces the first, as after an appeal. So does the provider's, if it is ever configured again.

    Raises:
        NotFound: when there is no such dispute.
        FailedPrecondition: when its provider is configured, which tells by itself what is decided.
    """
    async with db.transaction():
        payment_id = await disputed_payment(dispute_id)
        if payment_id is None:
            raise NotFound("There is no dispute with this id; Payment.disputes has the ids.", ("dispute",))
        payment = await locked_payment(payment_id)
        if payment.provider in providers:
            raise FailedPrecondition(
                f"{payment.provider} tells by itself what the bank decides: answer the dispute there, or accept it.",
                ("dispute",),
            )
        dispute = await kept_dispute(dispute_id, payment)
        await follow_dispute(payment, replace(dispute, outcome=outcome))
    logger.warning("dispute %s of payment %s is %s by a person's word", dispute.reference, payment.id, outcome)
    return dispute.amount
