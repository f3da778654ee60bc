"""Repairs what is safe of what differs between books."""

from dataclasses import dataclass, replace

from subgraphs.payments.commands.compare_books import CompareBooks, compare_books
from subgraphs.payments.commands.follow_up import follow_up
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.reconciliation import Difference
from subgraphs.payments.domain.report import Report, Scope


@dataclass(frozen=True, slots=True)
class RepairBooks:
    """What is to be compared."""

    scope: Scope


async def repair_books(command: RepairBooks, work: PaymentsWork) -> Report:
    """What differed, with what was done about it.

    Safe is to ask what the provider has done and to record it, and to refund what came too late.
    All else requires intervention.

    Raises:
        Unavailable: when one of the others can't be asked.
    """
    report = await compare_books(CompareBooks(command.scope), work)
    report.differences = [await _repaired(found, work) for found in report.differences]
    return report


async def _repaired(found: Difference, work: PaymentsWork) -> Difference:
    if found.payment_id is None:
        return found
    lease = await work.leases.of_payment(found.payment_id)
    if lease is None:  # somebody is at it
        await work.payments.follow_in(found.payment_id, 0)
    else:
        await follow_up(lease, work)
    return replace(found, repair="the provider is asked again")
