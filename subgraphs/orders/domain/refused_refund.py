"""Refunds that were refused and wait for a person: which of them another one takes the place of, and how much of one is left."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from subgraphs.orders.domain.refund import Refund, Refundable


def replaced(refused: Sequence[Refund], new: Refund, order: Refundable) -> Sequence[Refund]:
    """The refused refunds that a new one is given in the place of; the others stay owed.

    It takes the place of those for pieces of its lines; when it is for no pieces, of those for no pieces, whatever staff want to
    give now, and of those whose money came back, the oldest first, as far as it goes: their buyers had been told that they get it.
    When it gives back all that is left, it takes the place of all. ``order`` is as it was before the new one.
    """
    if new.amount_minor >= order.left_minor:
        return refused
    if new.pieces:
        lines = {pieces.line_id for pieces in new.pieces}
        return [
            each for each in refused if not each.times_back and any(pieces.line_id in lines for pieces in each.pieces)
        ]
    covered = set(_covered(refused, new.amount_minor))
    return [each for each in refused if each.id in covered or not (each.times_back or each.pieces)]


def _covered(refused: Sequence[Refund], amount_minor: int) -> Iterator[UUID]:
    for refund in refused:
        if refund.times_back and refund.amount_minor <= amount_minor:
            amount_minor -= refund.amount_minor
            yield refund.id


def cut_short(refused: Sequence[Refund], left_minor: int) -> Iterator[tuple[Refund, int]]:
    """Those of which the order does not have all any more, the oldest first, each with how much it has.

    The rest is with the buyer already, by somebody else. ``left_minor`` counts what a bank has taken back and not decided on: that
    may be the order's again.
    """
    for refund in refused:
        amount_minor = min(refund.amount_minor, left_minor)
        left_minor -= amount_minor
        if amount_minor < refund.amount_minor:
            yield refund, amount_minor
