"""Money that the shop pays back outside of the provider:
what that makes of a payment, whatever the provider tells besides.
"""

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.ledger import Account, Movement, MovementKind, postings
from subgraphs.payments.domain.paid_outside import (
    require_all_left,
    require_nothing_paid,
    require_within_captured,
)
from subgraphs.payments.domain.progress import Progress, Standing, follow, give_up_hold, pay_outside, take_back
from subgraphs.payments.domain.provider import Intent
from subgraphs.payments.domain.refund import Refund, replaced_refunds
from subgraphs.payments.domain.rejections import MoreIsLeft, NothingCaptured, NothingToRepay, TooMuchPaidOutside
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.domain.steps import require_taken
from subgraphs.payments.queries.attention import attention

TAKEN = Standing(PaymentStatus.CAPTURED, 1990, captured_minor=1990)
HELD = Standing(PaymentStatus.AUTHORIZED, 1990, held_minor=1990)


def told(refunded_minor: int) -> Intent:
    """The provider tells how much it has given back."""
    return Intent("pi_1", PaymentStatus.CAPTURED, Money(1990, "EUR"), refunded_minor=refunded_minor)


def balances(movements: Sequence[Movement]) -> Counter[Account]:
    """What the accounts say after some movements."""
    found: Counter[Account] = Counter()
    for movement in movements:
        for line in postings(movement):
            found[line.account] += line.amount_minor
    return found


def test_what_the_shop_pays_from_elsewhere_leaves_what_the_provider_owes_it() -> None:
    paid = pay_outside(TAKEN, 700)
    assert paid.standing == replace(TAKEN, paid_outside_minor=700)
    assert balances(paid.movements) == {Account.PAID_OUTSIDE: 700, Account.OWN_FUNDS: -700}


def test_it_is_not_left_and_the_rest_is() -> None:
    paid = pay_outside(replace(TAKEN, refunded_minor=200, disputed_minor=300), 700).standing
    assert (paid.left_minor, paid.repaid_minor, paid.has_money) == (790, 900, True)


@pytest.mark.parametrize("refunded_minor", [0, 500])
def test_a_payment_of_which_all_was_paid_is_refunded(refunded_minor: int) -> None:
    paid = pay_outside(replace(TAKEN, refunded_minor=refunded_minor), 1990 - refunded_minor).standing
    assert (paid.status, paid.left_minor, paid.has_money) == (PaymentStatus.REFUNDED, 0, False)


def test_a_refund_of_the_rest_at_the_provider_ends_it_too() -> None:
    paid = pay_outside(TAKEN, 700).standing
    assert follow(paid, told(1289)).standing.status is PaymentStatus.CAPTURED
    assert follow(paid, told(1290)).standing.status is PaymentStatus.REFUNDED


def test_what_is_refunded_at_the_provider_too_is_booked_as_it_is() -> None:
    twice = follow(pay_outside(TAKEN, 1990).standing, told(1990))
    assert twice.movements == [Movement(MovementKind.REFUND, 1990)]
    assert (twice.standing.repaid_minor, twice.standing.left_minor) == (3980, 0)
    assert twice.standing.status is PaymentStatus.REFUNDED


def test_a_refund_that_fails_later_leaves_open_only_what_the_buyer_does_not_have_otherwise() -> None:
    part = follow(pay_outside(TAKEN, 700).standing, told(1290)).standing
    back = take_back(part, 1290, is_late=False).standing
    assert (back.status, back.left_minor) == (PaymentStatus.CAPTURED, 1290)
    twice = follow(pay_outside(TAKEN, 1990).standing, told(1990)).standing
    assert take_back(twice, 1990, is_late=False).standing.status is PaymentStatus.REFUNDED


def test_a_hold_that_is_given_up_is_let_go_in_the_books() -> None:
    assert give_up_hold(HELD) == Progress(
        replace(HELD, status=PaymentStatus.VOIDED, held_minor=0), [Movement(MovementKind.VOID, 1990)]
    )
    waiting = Standing(PaymentStatus.REQUIRES_ACTION, 1990)
    assert give_up_hold(waiting) == Progress(replace(waiting, status=PaymentStatus.VOIDED), [])


@pytest.mark.parametrize("before_minor", [0, 700])
def test_all_that_was_captured_can_be_booked_whatever_is_left_and_no_more(before_minor: int) -> None:
    standing = replace(TAKEN, refunded_minor=1990, disputed_minor=1990, paid_outside_minor=before_minor)
    most = Money(1990 - before_minor, "EUR")
    require_within_captured(standing, most)
    with pytest.raises(TooMuchPaidOutside) as rejected:
        require_within_captured(standing, replace(most, minor=most.minor + 1))
    assert rejected.value.most == most


def test_a_rest_is_all_that_is_left_or_more() -> None:
    standing = replace(TAKEN, refunded_minor=490, disputed_minor=200, paid_outside_minor=300)
    require_all_left(standing, Money(1000, "EUR"))
    require_all_left(standing, Money(1990, "EUR"))
    with pytest.raises(MoreIsLeft) as rejected:
        require_all_left(standing, Money(999, "EUR"))
    assert rejected.value.left == Money(1000, "EUR")


def test_where_nothing_was_taken_nothing_is_repaid() -> None:
    require_nothing_paid(Money(0, "EUR"))
    with pytest.raises(NothingToRepay):
        require_nothing_paid(Money(1, "EUR"))


@pytest.mark.parametrize("status", PaymentStatus)
def test_only_what_was_taken_is_paid_back_by_an_amount(status: PaymentStatus) -> None:
    is_taken = status in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)
    with contextlib.nullcontext() if is_taken else pytest.raises(NothingCaptured):
        require_taken(status)


@pytest.mark.parametrize(
    ("unfinished", "left_minor", "replaced"),
    [
        ("paid:500", 1490, "paid"),  # its own, whatever room there is
        ("a:500 b:300", 800, ""),
        ("a:500 b:300", 799, "a"),  # one of the same amount before newer ones
        ("a:500 b:500 c:700", 1200, "a"),
        ("a:500 b:500 c:700", 1199, "a c"),  # then the newest ones
        ("a:500 b:500 c:700", 499, "a c b"),
        ("a:300 b:400", 699, "b"),
        ("a:300 b:400", 299, "b a"),
        ("paid:500 a:500 b:300", 800, "paid"),
        ("a:500 paid:500 b:300", 799, "paid b"),  # which is the one that was paid already
        ("", 0, ""),
    ],
)
def test_refunds_that_there_is_no_room_for_besides_what_was_paid_are_given_up(
    unfinished: str, left_minor: int, replaced: str
) -> None:
    refunds = [begun(*each.split(":")) for each in unfinished.split()]
    found = replaced_refunds(refunds, "paid", 500, left_minor)
    assert [refund.key for refund in found] == replaced.split()


def begun(key: str, amount_minor: str) -> Refund:
    """A refund that the provider was asked for and has not given."""
    return Refund(new_id(), key, int(amount_minor), was_asked=True)


@given(st.lists(st.tuples(st.sampled_from(["outside", "provider", "fails"]), st.integers(1, 1990)), max_size=12))
def test_the_accounts_tell_who_refunded_what_in_whatever_order(history: list[tuple[str, int]]) -> None:
    standing, movements = TAKEN, [Movement(MovementKind.AUTHORIZATION, 1990), Movement(MovementKind.CAPTURE, 1990)]
    for what, amount_minor in history:
        progress = Progress(standing)
        if what == "outside" and amount_minor <= standing.captured_minor - standing.paid_outside_minor:
            progress = pay_outside(standing, amount_minor)
        elif what == "provider":
            progress = follow(standing, told(standing.refunded_minor + amount_minor))
        elif what == "fails" and amount_minor <= standing.refunded_minor:
            progress = take_back(standing, amount_minor, is_late=False)
        standing, movements = progress.standing, [*movements, *progress.movements]
        accounts = balances(movements)
        assert sum(accounts.values()) == 0
        assert accounts[Account.PAID_OUTSIDE] == -accounts[Account.OWN_FUNDS] == standing.paid_outside_minor <= 1990
        assert accounts[Account.REFUNDED] == standing.refunded_minor
        assert accounts[Account.RECEIVABLE] == 1990 - standing.refunded_minor
        assert (standing.status is PaymentStatus.REFUNDED) is (standing.repaid_minor >= 1990)


def test_staff_are_told_of_the_way_out_where_the_provider_is_not_configured() -> None:
    said = attention(PaymentStatus.CAPTURED, "stripe", is_configured=False, has_money=True, is_disputed=False)
    assert said
    assert "then call orderSettle" in said
    assert attention(PaymentStatus.REFUNDED, "stripe", is_configured=False, has_money=False, is_disputed=False) is None


def test_staff_are_told_how_a_dispute_ends_whose_provider_is_not_configured() -> None:
    for status, has_money in ((PaymentStatus.CAPTURED, True), (PaymentStatus.REFUNDED, False)):
        said = attention(status, "stripe", is_configured=False, has_money=has_money, is_disputed=True) or ""
        assert "python -m subgraphs.payments decide-dispute" in said
    assert attention(PaymentStatus.CAPTURED, "stripe", is_configured=True, has_money=True, is_disputed=True) is None
