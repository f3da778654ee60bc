"""A double's own books: append-only entries, and what they sum up to for each payment."""

import time
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a movement of money is."""

    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    FEE = "fee"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of one payment's money, in minor units; ``reference`` is the provider's id of the movement."""

    at: float
    kind: Kind
    payment: str
    reference: str
    amount: int
    currency: str


class Ledger:
    """All movements since the double started, oldest first; ``ours`` are the ids that the shop gave along."""

    def __init__(self) -> None:
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)
        self._ours: dict[str, dict[str, str]] = {}

    def open(self, payment: str, ours: dict[str, str]) -> None:
        """Notes a payment that has moved nothing yet."""
        self._ours[payment] = ours

    def add(self, kind: Kind, payment: str, reference: str, amount: int, currency: str) -> None:
        """Notes a movement."""
        self._entries[payment].append(Entry(time.time(), kind, payment, reference, amount, currency.upper()))

    def payments(self) -> list[dict[str, Any]]:
        """What the movements of each payment come to, oldest payment first."""
        return [self.payment(payment) for payment in self._ours]

    def payment(self, payment: str) -> dict[str, Any]:
        """What the movements of one payment come to; raises KeyError for an unknown one."""
        ours, entries = self._ours[payment], self._entries.get(payment, [])
        sums, counts = _summed(entries)
        held = sums[Kind.AUTHORIZATION] - sums[Kind.CAPTURE] - sums[Kind.RELEASE]
        return {
            "reference": payment,
            "ours": ours,
            "currency": entries[0].currency if entries else None,
            "held": held,
            "captured": sums[Kind.CAPTURE],
            "refunded": sums[Kind.REFUND] - sums[Kind.REFUND_FAILED],
            "fees": sums[Kind.FEE],
            "disputed": sums[Kind.DISPUTE] - sums[Kind.DISPUTE_WON],
            "counts": {kind.value: counts[kind] for kind in Kind},
            "entries": entries,
        }


def _summed(entries: list[Entry]) -> tuple[dict[Kind, int], dict[Kind, int]]:
    sums, counts = dict.fromkeys(Kind, 0), dict.fromkeys(Kind, 0)
    for entry in entries:
        sums[entry.kind] += entry.amount
        counts[entry.kind] += 1
    return sums, counts
