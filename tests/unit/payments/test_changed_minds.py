"""Money that changes its mind: refunds that come back, and disputes that are decided otherwise later."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money
from subgraphs.payments.domain.ledger import Account, Movement, postings
from subgraphs.payments.domain.progress import Standing, follow_dispute, refund, take_back
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome
from subgraphs.payments.domain.status import PaymentStatus

TAKEN = Standing(PaymentStatus.CAPTURED, 1990, captured_minor=1990)
AMOUNT = 700


def told(outcome: DisputeOutcome) -> Dispute:
    return Dispute("du_1", "pi_1", outcome, Money(AMOUNT, "EUR"), 0, "fraudulent")


def balances(movements: Sequence[Movement]) -> Counter[Account]:
    """What the accounts say after some movements."""
    found: Counter[Account] = Counter()
    for movement in movements:
        for line in postings(movement):
            found[line.account] += line.amount_minor
    return found


@pytest.mark.parametrize(("is_late", "status"), [(False, PaymentStatus.CAPTURED), (True, PaymentStatus.VOIDED)])
def test_what_comes_back_leaves_a_payment_as_it_was_before(is_late: bool, status: PaymentStatus) -> None:
    given_back = refund(TAKEN, 1990)
    assert given_back.standing.status is PaymentStatus.REFUNDED
    back = take_back(given_back.standing, 1990, is_late)
    assert (back.standing.status, back.standing.refunded_minor) == (status, 0)
    assert balances([*given_back.movements, *back.movements])[Account.REFUNDED] == 0


@given(st.lists(st.sampled_from(DisputeOutcome), min_size=1, max_size=8))
def test_whatever_is_told_of_a_dispute_the_last_decision_is_what_the_ledger_says(
    outcomes: list[DisputeOutcome],
) -> None:
    standing, known, movements = TAKEN, None, list[Movement]()
    for outcome in outcomes:
        progress = follow_dispute(standing, known, told(outcome))
        standing = progress.standing
        movements += progress.movements
        known = known if known and outcome is DisputeOutcome.OPENED else outcome
    has_bank = known is not DisputeOutcome.WON
    accounts = balances(movements)
    assert standing.disputed_minor == AMOUNT * has_bank
    assert accounts[Account.RECEIVABLE] == -AMOUNT * has_bank
    assert accounts[Account.CHARGED_BACK] == AMOUNT * (known is DisputeOutcome.LOST)
    assert accounts[Account.DISPUTED] == AMOUNT * (known is DisputeOutcome.OPENED)
