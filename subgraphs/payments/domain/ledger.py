"""The double-entry ledger: every movement of money is a group of postings whose sum is zero.

A debit is positive, a credit negative, all in the currency's minor unit. What the accounts tell at any time:

- AUTHORIZED is what buyers' banks hold for us at this moment, BUYERS_HOLD the same seen from the buyers;
- RECEIVABLE is what the provider owes us: CAPTURED, all that was ever taken, less REFUNDED, all that was
  refunded and did not come back, less DISPUTED, what banks have taken back and not decided on, less
  CHARGED_BACK, what they decided against us, and less FEES;
- PAID_OUTSIDE is what buyers got of taken money outside of the provider, OWN_FUNDS the same seen from where the shop
  paid it from, such as its bank. RECEIVABLE does not move by it: the provider keeps the money for the shop.
"""

from dataclasses import dataclass
from enum import StrEnum


class MovementKind(StrEnum):
    """What is done with a payment's money."""

    AUTHORIZATION = "AUTHORIZATION"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    REFUND = "REFUND"
    REFUND_FAILED = "REFUND_FAILED"
    PAID_OUTSIDE = "PAID_OUTSIDE"
    DISPUTE_OPENED = "DISPUTE_OPENED"
    DISPUTE_WON = "DISPUTE_WON"
    DISPUTE_LOST = "DISPUTE_LOST"
    DISPUTE_REVERSED = "DISPUTE_REVERSED"
    FEE = "FEE"


class Account(StrEnum):
    """Where money stands."""

    AUTHORIZED = "authorized"
    BUYERS_HOLD = "buyers_hold"
    RECEIVABLE = "receivable"
    CAPTURED = "captured"
    REFUNDED = "refunded"
    PAID_OUTSIDE = "paid_outside"
    OWN_FUNDS = "own_funds"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"
    FEES = "fees"


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the ledger."""

    account: Account
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount that moved, in the minor unit of the payment's currency."""

    kind: MovementKind
    amount_minor: int


_BOTH_SIDES = {
    MovementKind.AUTHORIZATION: (Account.AUTHORIZED, Account.BUYERS_HOLD),
    MovementKind.VOID: (Account.BUYERS_HOLD, Account.AUTHORIZED),
    MovementKind.REFUND: (Account.REFUNDED, Account.RECEIVABLE),
    MovementKind.REFUND_FAILED: (Account.RECEIVABLE, Account.REFUNDED),
    MovementKind.PAID_OUTSIDE: (Account.PAID_OUTSIDE, Account.OWN_FUNDS),
    MovementKind.DISPUTE_OPENED: (Account.DISPUTED, Account.RECEIVABLE),
    MovementKind.DISPUTE_WON: (Account.RECEIVABLE, Account.DISPUTED),
    MovementKind.DISPUTE_LOST: (Account.CHARGED_BACK, Account.DISPUTED),
    MovementKind.DISPUTE_REVERSED: (Account.RECEIVABLE, Account.CHARGED_BACK),
    MovementKind.FEE: (Account.FEES, Account.RECEIVABLE),
}


def postings(movement: Movement) -> tuple[Posting, ...]:
    """The balanced group of postings of one movement.

    Raises:
        ValueError: when the amount is not positive.
    """
    amount_minor = movement.amount_minor
    if amount_minor < 1:
        raise ValueError(f"a movement of {amount_minor} moves nothing")
    if movement.kind is MovementKind.CAPTURE:
        end_of_hold = _transfer(Account.BUYERS_HOLD, Account.AUTHORIZED, amount_minor)
        return (*end_of_hold, *_transfer(Account.RECEIVABLE, Account.CAPTURED, amount_minor))
    return _transfer(*_BOTH_SIDES[movement.kind], amount_minor)


def _transfer(debit: Account, credit: Account, amount_minor: int) -> tuple[Posting, Posting]:
    return Posting(debit, amount_minor), Posting(credit, -amount_minor)
