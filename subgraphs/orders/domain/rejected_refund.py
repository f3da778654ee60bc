"""Refunds that were rejected and require intervention: which of them another one takes the place of, and how much of
one is left.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from subgraphs.orders.domain.refund import Refund, Refundable


def replaced(rejected: Sequence[Refund], new: Refund, order: Refundable) -> Sequence[Refund]:
    """The rejected refunds that a new one is given in the place of; the others stay owed.

    It takes the place of those for units of its lines; when it is for no units, of those for no units, whatever staff
    want to give now, and of those whose money came back, the oldest first, as far as it goes: their buyers had been
    told that they get it. When it refunds all that is left, it takes the place of all. ``order`` is as it was before
    the new one.
    """
    if new.amount_minor >= order.left_minor:
        return rejected
    if new.units:
        lines = {its.line_id for its in new.units}
        return [each for each in rejected if not each.times_back and any(its.line_id in lines for its in each.units)]
    covered = set(_covered(rejected, new.amount_minor))
    return [each for each in rejected if each.id in covered or not (each.times_back or each.units)]


def _covered(rejected: Sequence[Refund], amount_minor: int) -> Iterator[UUID]:
    for refund in rejected:
        if refund.times_back and refund.amount_minor <= amount_minor:
            amount_minor -= refund.amount_minor
            yield refund.id


def cut_short(rejected: Sequence[Refund], left_minor: int) -> Iterator[tuple[Refund, int]]:
    """Those of which the order does not have all any more, the oldest first, each with how much it has.

    The rest is with the buyer already, by somebody else. ``left_minor`` counts what a bank has taken back and not
    decided on: that may be the order's again.
    """
    for refund in rejected:
        amount_minor = min(refund.amount_minor, left_minor)
        left_minor -= amount_minor
        if amount_minor < refund.amount_minor:
            yield refund, amount_minor
