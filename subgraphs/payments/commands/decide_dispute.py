"""Books what a buyer's bank decided, as the bank told the shop, where no provider is left that would tell it."""

import logging
from dataclasses import dataclass, replace
from uuid import UUID

from shared.money import Money
from subgraphs.payments.commands.follow_dispute import follow_dispute
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import DisputeOutcome
from subgraphs.payments.domain.rejections import DisputeNotFound, ProviderDecides

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecideDispute:
    """A dispute, and whether it is WON or LOST."""

    dispute_id: UUID
    outcome: DisputeOutcome


async def decide_dispute(command: DecideDispute, work: PaymentsWork) -> Money:
    """Closes the dispute, and answers what it is about; the order is told as if the provider had told it.

    A second word replaces the first, as after an appeal. So does the provider's, if it is ever configured again.

    Raises:
        DisputeNotFound, ProviderDecides, DisputeMismatch
    """
    payment_id = await work.disputes.payment_of(command.dispute_id)
    if payment_id is None:
        raise DisputeNotFound(command.dispute_id)
    payment = await work.payments.lock(payment_id)
    if payment.provider in work.providers:
        raise ProviderDecides(payment.provider)
    dispute = await work.disputes.told(command.dispute_id, payment)
    await follow_dispute(payment, replace(dispute, outcome=command.outcome), work)
    text = "dispute %s of payment %s is %s by a person's word"
    logger.warning(text, dispute.reference, payment.id, command.outcome)
    return dispute.amount
