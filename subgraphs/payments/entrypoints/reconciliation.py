"""``python -m subgraphs.payments reconcile``, and the same by itself every now and then."""

import argparse
import asyncio
import contextlib
import logging
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, datetime, timedelta

from shared.persistence.work import UnitOfWork
from shared.runtime.arguments import decimal
from shared.runtime.subgraph import Command
from subgraphs.payments.commands.compare_books import CompareBooks, compare_books
from subgraphs.payments.commands.mend_books import MendBooks, mend_books
from subgraphs.payments.commands.repair_books import RepairBooks, repair_books
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.reconciliation import Difference, Kind
from subgraphs.payments.domain.report import Report, Scope
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.metrics import DIFFERENCES, RECONCILED_AT, WITHOUT_PROVIDER
from subgraphs.payments.queries.books import count_without_provider

logger = logging.getLogger(__name__)

DAYS = 3.0
SETTLE_SECONDS = 60.0
_FEWEST_DAYS = 0.0001  # nine seconds: with none, nothing would be compared and no difference found
_MOST_DAYS = 18_262  # fifty years
_LONGEST_SETTLING_SECONDS = 31 * 86_400
_HEADINGS = ("kind", "subject", "what", "expected", "found", "repair")


def reconcile_command(
    work: UnitOfWork[PaymentsWork], resources: Sequence[AbstractAsyncContextManager[object]]
) -> Command:
    """``reconcile``; ``resources`` are opened while it runs."""

    async def run(options: argparse.Namespace) -> None:
        async with AsyncExitStack() as stack:
            for resource in resources:
                await stack.enter_async_context(resource)
            await reconcile_once(work, options)

    help_text = "compare the books of provider, payments, orders and inventory; status 1 when they differ"
    return Command("reconcile", help_text, arguments, run)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    days = decimal(_FEWEST_DAYS, _MOST_DAYS)
    parser.add_argument("--days", type=days, default=DAYS, help=f"how far back orders are compared (default {DAYS:g})")
    seconds = decimal(0, _LONGEST_SETTLING_SECONDS)
    settle = f"leave out what changed less than so many seconds ago (default {SETTLE_SECONDS:g})"
    parser.add_argument("--settle-seconds", type=seconds, default=SETTLE_SECONDS, help=settle)
    repair = "record what a provider has done and we have not noticed; all else is for people"
    parser.add_argument("--repair", action="store_true", help=repair)


async def reconcile_once(work: UnitOfWork[PaymentsWork], options: argparse.Namespace) -> None:
    """Prints what was compared and what differs; leaves with status 1 when anything does."""
    scope = last_days(options.days, options.settle_seconds)
    if options.repair:
        report = await work.perform_alone(repair_books, RepairBooks(scope))
    else:
        report = await work.perform_alone(compare_books, CompareBooks(scope))
    print(table(report))
    if report.differences:
        sys.exit(1)


def last_days(days: float, settle_seconds: float) -> Scope:
    """Everything that began in the last days."""
    return Scope(datetime.now(UTC) - timedelta(days=days), settle_seconds)


class Reconciliation:
    """Looks and compares every so many seconds, and keeps the metrics up to date;
    ``configured`` are the providers' names.
    """

    def __init__(self, work: UnitOfWork[PaymentsWork], configured: Sequence[str], every_seconds: float) -> None:
        self._work = work
        self._configured = configured
        self._every_seconds = every_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set; a failure is the supervisor's to repeat."""
        for kind in Kind:
            DIFFERENCES.labels(kind)
        while not stop.is_set():
            note_missing(await count_without_provider(self._configured))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._every_seconds)
                return
            command = MendBooks(last_days(DAYS, SETTLE_SECONDS))
            note(await self._work.perform_alone(mend_books, command))


def note_missing(counted: Mapping[tuple[str, PaymentStatus], int]) -> None:
    """Tells the metrics of payments at providers that are not configured."""
    WITHOUT_PROVIDER.clear()
    for labels, payments in counted.items():
        WITHOUT_PROVIDER.labels(*labels).set(payments)


def note(report: Report) -> None:
    """Tells the log and the metrics."""
    counted = Counter(found.kind for found in report.differences)
    for kind in Kind:
        DIFFERENCES.labels(kind).set(counted[kind])
    RECONCILED_AT.set_to_current_time()
    for found in report.differences:
        logger.error(
            "the books differ: %s: %s: %s: expected %s, found %s",
            found.kind,
            found.subject,
            found.what,
            found.expected,
            found.found,
        )


def table(report: Report) -> str:
    """What was compared in a line, and the differences in columns."""
    compared = (
        f"compared {report.orders} orders, {report.payments} payments, {report.at_providers} payments at providers,"
        f" {report.reservations} reservations"
    )
    if not report.differences:
        return f"{compared}: no differences"
    rows = [_HEADINGS, *(_row(found) for found in report.differences)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"{compared}: {len(report.differences)} differences", *lines])


def _row(found: Difference) -> tuple[str, ...]:
    return (found.kind, found.subject, found.what, found.expected, found.found, found.repair)
