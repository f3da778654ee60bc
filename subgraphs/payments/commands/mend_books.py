"""Finds what was done at providers without our receiving word of it, and repairs what is safe."""

from dataclasses import dataclass

from subgraphs.payments.commands.compare_books import CompareBooks, compare_books
from subgraphs.payments.commands.find_changes import FindChanges, find_changes
from subgraphs.payments.commands.repair_books import RepairBooks, repair_books
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.report import Report, Scope


@dataclass(frozen=True, slots=True)
class MendBooks:
    """What is to be compared."""

    scope: Scope


async def mend_books(command: MendBooks, work: PaymentsWork) -> Report:
    """What differs after that. Raises Unavailable when one of the others can't be asked."""
    for name in work.providers:
        await find_changes(FindChanges(name), work)
    report = await repair_books(RepairBooks(command.scope), work)
    if any(found.repair for found in report.differences):
        return await compare_books(CompareBooks(command.scope), work)
    return report
