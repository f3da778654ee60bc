"""The double-entry ledger: every movement of money is a group of postings whose sum is zero.

A debit is positive, a credit negative, all in the currency's minor unit. What the accounts tell at any time:

- AUTHORIZED is what buyers' banks hold for us at this moment, BUYERS_HOLD the same seen from the buyers;
- RECEIVABLE is what the provider owes us: CAPTURED, all that was ever taken, less REFUNDED, all that was ever given back.
"""

from dataclasses import dataclass
from enum import StrEnum


class MovementKind(StrEnum):
    """What is done with a payment's money."""

    AUTHORIZATION = "AUTHORIZATION"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    REFUND = "REFUND"


class Account(StrEnum):
    """Where money stands."""

    AUTHORIZED = "authorized"
    BUYERS_HOLD = "buyers_hold"
    RECEIVABLE = "receivable"
    CAPTURED = "captured"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the ledger."""

    account: Account
    amount_minor: int


def postings(kind: MovementKind, amount_minor: int) -> tuple[Posting, ...]:
    """The balanced group of postings of one movement.

    Raises:
        ValueError: when the amount is not positive.
    """
    if amount_minor < 1:
        raise ValueError(f"a movement of {amount_minor} moves nothing")
    match kind:
        case MovementKind.AUTHORIZATION:
            return _transfer(Account.AUTHORIZED, Account.BUYERS_HOLD, amount_minor)
        case MovementKind.VOID:
            return _transfer(Account.BUYERS_HOLD, Account.AUTHORIZED, amount_minor)
        case MovementKind.CAPTURE:
            end_of_hold = _transfer(Account.BUYERS_HOLD, Account.AUTHORIZED, amount_minor)
            return (*end_of_hold, *_transfer(Account.RECEIVABLE, Account.CAPTURED, amount_minor))
        case MovementKind.REFUND:
            return _transfer(Account.REFUNDED, Account.RECEIVABLE, amount_minor)


def _transfer(debit: Account, credit: Account, amount_minor: int) -> tuple[Posting, Posting]:
    return Posting(debit, amount_minor), Posting(credit, -amount_minor)
