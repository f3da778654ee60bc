"""The ledger balances and tells the truth, whatever happens to payments in whatever order."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money
from subgraphs.payments.domain.ledger import Account, Movement, MovementKind, postings
from subgraphs.payments.domain.progress import Progress, Standing, acknowledge, follow, follow_dispute, refund
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent
from subgraphs.payments.domain.status import PaymentStatus

amounts = st.integers(min_value=1, max_value=99_999_999)


@given(st.sampled_from(MovementKind), amounts)
def test_every_movement_is_balanced(kind: MovementKind, amount_minor: int) -> None:
    group = postings(Movement(kind, amount_minor))
    assert len(group) >= 2
    assert sum(posting.amount_minor for posting in group) == 0
    assert all(posting.amount_minor != 0 for posting in group)


@given(st.sampled_from(MovementKind), st.integers(max_value=0))
def test_a_movement_of_nothing_is_rejected(kind: MovementKind, amount_minor: int) -> None:
    with pytest.raises(ValueError, match="moves nothing"):
        postings(Movement(kind, amount_minor))


@dataclass
class Books:
    """A payment driven by what its provider tells, and the accounts of its movements."""

    standing: Standing
    balances: Counter[Account] = field(default_factory=Counter)

    def record(self, progress: Progress) -> None:
        self.standing = progress.standing
        for movement in progress.movements:
            for posting in postings(movement):
                self.balances[posting.account] += posting.amount_minor

    def assert_explained(self) -> None:
        """The accounts tell what the payment says."""
        standing = self.standing
        assert sum(self.balances.values()) == 0
        assert self.balances[Account.AUTHORIZED] == -self.balances[Account.BUYERS_HOLD] == standing.held_minor
        assert self.balances[Account.CAPTURED] == -standing.captured_minor
        assert self.balances[Account.REFUNDED] == standing.refunded_minor
        assert self.balances[Account.DISPUTED] + self.balances[Account.CHARGED_BACK] == standing.disputed_minor
        assert 0 <= standing.refunded_minor <= standing.captured_minor <= standing.amount_minor


AMOUNT = 1990
intents = st.builds(
    lambda status, refunded: Intent("pi_1", status, Money(AMOUNT, "EUR"), refunded_minor=refunded),
    st.sampled_from(PaymentStatus),
    st.integers(0, 3000),
)


@given(st.lists(intents, max_size=30))
def test_the_accounts_always_tell_what_is_held_taken_and_refunded(history: list[Intent]) -> None:
    books = Books(Standing(PaymentStatus.PENDING, AMOUNT))
    for intent in history:
        books.record(follow(books.standing, intent))
        books.assert_explained()
        assert (books.standing.held_minor == AMOUNT) is (books.standing.status is PaymentStatus.AUTHORIZED)


@given(st.lists(intents, max_size=10))
def test_what_is_told_twice_changes_nothing(history: list[Intent]) -> None:
    books = Books(Standing(PaymentStatus.PENDING, AMOUNT))
    for intent in history:
        books.record(follow(books.standing, intent))
        assert follow(books.standing, intent).movements == ()


@given(st.sampled_from([PaymentStatus.VOIDED, PaymentStatus.DECLINED]), st.lists(intents, max_size=10))
def test_money_of_a_payment_that_is_over_is_booked_and_goes_back(over: PaymentStatus, history: list[Intent]) -> None:
    books = Books(Standing(over, AMOUNT))
    for intent in history:
        books.record(acknowledge(books.standing, intent))
        books.assert_explained()
    left = books.standing.captured_minor - books.standing.refunded_minor
    books.record(refund(books.standing, left))
    books.record(acknowledge(books.standing, Intent("pi_1", PaymentStatus.VOIDED, Money(AMOUNT, "EUR"))))
    books.assert_explained()
    assert not books.standing.has_money


def told(outcome: DisputeOutcome, amount_minor: int = AMOUNT) -> Dispute:
    return Dispute("du_1", "pi_1", outcome, Money(amount_minor, "EUR"), 0, "fraudulent")


@given(st.lists(st.sampled_from(DisputeOutcome), max_size=6))
def test_a_dispute_opens_once_and_closes_with_the_last_decision_whatever_is_told_first(
    history: list[DisputeOutcome],
) -> None:
    books = Books(Standing(PaymentStatus.CAPTURED, AMOUNT, captured_minor=AMOUNT), Counter({Account.CAPTURED: -AMOUNT}))
    books.balances[Account.RECEIVABLE] = AMOUNT
    known: DisputeOutcome | None = None
    for outcome in history:
        books.record(follow_dispute(books.standing, known, told(outcome)))
        books.assert_explained()
        known = known if known is not None and outcome is DisputeOutcome.OPENED else outcome
    assert books.standing.disputed_minor == (0 if known in (None, DisputeOutcome.WON) else AMOUNT)
