"""The ledger balances and tells the truth, whatever happens to payments in whatever order."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.payments.domain.ledger import Account, MovementKind, postings
from subgraphs.payments.domain.payment import PaymentStatus, movement, path

amounts = st.integers(min_value=1, max_value=99_999_999)


@given(st.sampled_from(MovementKind), amounts)
def test_every_movement_is_balanced(kind: MovementKind, amount_minor: int) -> None:
    group = postings(kind, amount_minor)
    assert len(group) >= 2
    assert sum(posting.amount_minor for posting in group) == 0
    assert all(posting.amount_minor != 0 for posting in group)


@given(st.sampled_from(MovementKind), st.integers(max_value=0))
def test_a_movement_of_nothing_is_refused(kind: MovementKind, amount_minor: int) -> None:
    with pytest.raises(ValueError, match="moves nothing"):
        postings(kind, amount_minor)


@dataclass
class ModelPayment:
    """A payment driven by observations and refunds, with a ledger of its own."""

    amount_minor: int
    status: PaymentStatus = PaymentStatus.PENDING
    refunded_minor: int = 0
    balances: Counter[Account] = field(default_factory=Counter)

    def observe(self, observed: PaymentStatus) -> None:
        for step in path(self.status, observed):
            kind = movement(self.status, step)
            self.status = step
            if kind is not None:
                self._record(kind, self.amount_minor)

    def refund(self, amount_minor: int) -> None:
        if self.status is PaymentStatus.CAPTURED and amount_minor <= self.amount_minor - self.refunded_minor:
            self._record(MovementKind.REFUND, amount_minor)
            self.refunded_minor += amount_minor
            if self.refunded_minor == self.amount_minor:
                self.status = PaymentStatus.REFUNDED

    def _record(self, kind: MovementKind, amount_minor: int) -> None:
        for posting in postings(kind, amount_minor):
            self.balances[posting.account] += posting.amount_minor


observations = st.sampled_from([status for status in PaymentStatus if status is not PaymentStatus.REFUNDED])
histories = st.lists(st.one_of(observations, amounts), max_size=30)


@given(amounts, histories)
def test_the_accounts_always_tell_what_is_held_taken_and_given_back(amount_minor: int, history: list[PaymentStatus | int]) -> None:
    payment = ModelPayment(amount_minor)
    for event in history:
        if isinstance(event, PaymentStatus):
            payment.observe(event)
        else:
            payment.refund(1 + event % amount_minor)
        held = amount_minor if payment.status is PaymentStatus.AUTHORIZED else 0
        taken = amount_minor if payment.status in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED) else 0
        assert sum(payment.balances.values()) == 0
        assert payment.balances[Account.AUTHORIZED] == held
        assert payment.balances[Account.BUYERS_HOLD] == -held
        assert payment.balances[Account.CAPTURED] == -taken
        assert payment.balances[Account.REFUNDED] == payment.refunded_minor
        assert payment.balances[Account.RECEIVABLE] == taken - payment.refunded_minor
