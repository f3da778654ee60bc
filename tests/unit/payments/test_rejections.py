"""How rejections look on the wire: to other subgraphs, to clients, and to people at the command line."""

from collections.abc import Iterator

import pytest

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from shared.errors import Conflict, FailedPrecondition, NotFound, Rejection, ServiceError, UserErrors
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain import rejections as rejected
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.entrypoints.command_line import reason
from subgraphs.payments.entrypoints.graphql.inputs import method_id, new_method
from subgraphs.payments.entrypoints.graphql.rejections import PaymentErrorCode, user_error
from subgraphs.payments.entrypoints.rpc_rejections import Keyed, service_error

PART, REST = pb.RefundRequest(amount_minor=1), pb.RefundRequest(remaining=True)
HELD, CAPTURED = PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED
EURO, CENT = Money(100, "EUR"), Money(1, "EUR")


@pytest.mark.parametrize(
    ("request_", "rejection", "kind", "message", "field"),
    [
        (
            PART,
            rejected.PaymentNotFound(new_id(), 1),
            NotFound,
            "This attempt at the order has no payment.",
            "order_id",
        ),
        (PART, rejected.AttemptOver(1), FailedPrecondition, "has begun: this one is over.", "attempt"),
        (PART, rejected.PaymentVoided(), FailedPrecondition, "was voided", "order_id"),
        (PART, rejected.PaymentExists(), FailedPrecondition, "has a payment already", "order_id"),
        (PART, rejected.NothingHeld(CAPTURED), FailedPrecondition, "is CAPTURED; only an authorized one", "order_id"),
        (PART, rejected.AlreadyCaptured(), FailedPrecondition, "can't be voided, refund it", "order_id"),
        (PART, rejected.StillHeld(HELD), FailedPrecondition, "is AUTHORIZED: nothing was taken", "order_id"),
        (PART, rejected.NothingCaptured(HELD), FailedPrecondition, "is AUTHORIZED; only a captured one", "order_id"),
        (PART, rejected.TooMuchToRefund(EURO), FailedPrecondition, "Only 1.00 EUR of the captured", "amount_minor"),
        (PART, rejected.KeyOfOtherAmount(), Conflict, "came with another amount before", "idempotency_key"),
        (PART, rejected.KeyOfAmount(), Conflict, "came with an amount before", "idempotency_key"),
        (PART, rejected.ProviderMissing("paypal"), FailedPrecondition, "its provider paypal is not", "order_id"),
        (PART, rejected.CaptureRejected("word"), FailedPrecondition, "which is still held (word).", "order_id"),
        (PART, rejected.VoidRejected(), FailedPrecondition, "refuses to let the amount go", "order_id"),
        (PART, rejected.RefundRejected("word"), FailedPrecondition, "by its word word.", "amount_minor"),
        (PART, rejected.TooMuchPaidOutside(EURO, CENT), FailedPrecondition, "Only 0.01 EUR can be", "amount_minor"),
        (REST, rejected.TooMuchPaidOutside(EURO, CENT), FailedPrecondition, "not 1.00: all that is", "paid_minor"),
        (
            REST,
            rejected.MoreIsLeft(CENT, EURO),
            FailedPrecondition,
            "1.00 EUR are left to be paid, not 0.01.",
            "paid_minor",
        ),
        (REST, rejected.NothingToRepay(CENT), FailedPrecondition, "0.01 can't be booked: say 0.00.", "paid_minor"),
        (REST, rejected.NothingToRepay(Money(1, "JPY")), FailedPrecondition, "booked: say 0.", "paid_minor"),
        (PART, rejected.DisputeMismatch("du_1"), FailedPrecondition, "a person must look at it", None),
        (
            PART,
            rejected.AmountMismatch("stripe", CENT, EURO),
            FailedPrecondition,
            "stripe tells of 0.01 EUR for this payment of 1.00 EUR; look at",
            None,
        ),
    ],
)
def test_other_subgraphs_are_told_what_and_where(
    request_: Keyed, rejection: Rejection, kind: type[ServiceError], message: str, field: str | None
) -> None:
    error = service_error(request_, rejection)
    assert type(error) is kind
    assert message in error.message
    assert error.field == ((field,) if field else None)


@pytest.mark.parametrize(
    ("rejection", "message"),
    [
        (rejected.PaymentNotFound(new_id(), 1), "This attempt at the order has no payment."),
        (rejected.PaymentNotOver(CAPTURED), "The payment is CAPTURED: what its order owes is settled by orderSettle."),
        (rejected.NothingLeft(PaymentStatus.VOIDED), "The payment is VOIDED and nothing of it is left to be paid."),
        (rejected.DisputeOpen(), "wait until that is decided."),
        (rejected.RefundUnderWay(), "wait until that is done or refused."),
        (rejected.DisputeNotFound(new_id()), "Payment.disputes has the ids."),
        (rejected.ProviderDecides("stripe"), "stripe tells by itself what the bank decides"),
        (rejected.DisputeMismatch("du_1"), "about something else than was taken"),
    ],
)
def test_people_at_the_command_line_are_told_why(rejection: Rejection, message: str) -> None:
    assert message in reason(rejection)


@pytest.mark.parametrize(
    ("rejection", "code", "field"),
    [
        (rejected.MethodNotFound(), PaymentErrorCode.PAYMENT_METHOD_NOT_FOUND, "id"),
        (rejected.MethodDeclined("No."), PaymentErrorCode.PAYMENT_METHOD_REFUSED, "paymentMethodId"),
        (rejected.TooManyMethods(20), PaymentErrorCode.TOO_MANY_PAYMENT_METHODS, "paymentMethodId"),
    ],
)
def test_clients_are_told_what_to_do_about_it(rejection: Rejection, code: str, field: str) -> None:
    error = user_error(rejection, {})
    assert (error.code, error.field) == (code, (field,))
    assert error.message.endswith(".")


def test_what_can_not_be_an_id_is_nobodys_card() -> None:
    with pytest.raises(UserErrors) as mistakes:
        method_id({"id": "nonsense"})
    assert mistakes.value.errors[0].code == PaymentErrorCode.PAYMENT_METHOD_NOT_FOUND


def test_a_text_that_can_be_no_method_is_invalid_and_blanks_around_one_are_let_pass() -> None:
    user_id = new_id()
    with pytest.raises(UserErrors) as mistakes:
        new_method({"payment_method_id": " ", "make_default": False}, user_id)
    assert [mistake.code for mistake in mistakes.value.errors] == [PaymentErrorCode.INVALID]
    assert new_method({"payment_method_id": " pm_1 ", "make_default": True}, user_id).method == "pm_1"


def all_rejections() -> Iterator[type[Rejection]]:
    found = (each for each in vars(rejected).values() if isinstance(each, type) and issubclass(each, Rejection))
    return (each for each in found if each not in (Rejection, rejected.Mismatch))


@pytest.mark.parametrize("rejection", list(all_rejections()))
def test_each_rejection_has_its_words_somewhere(rejection: type[Rejection]) -> None:
    """A mapper raises a rejection that its callers can't cause;
    one that all raise would reach people as a fault of ours.
    """
    made = rejection.__new__(rejection)
    for name in getattr(rejection, "__match_args__", ()):
        setattr(made, name, EURO)
    assert any(_is_mapped(mapper, made) for mapper in (lambda it: service_error(PART, it), reason, _user_error))


def _user_error(rejection: Rejection) -> object:
    return user_error(rejection, {})


def _is_mapped(mapper: object, rejection: Rejection) -> bool:
    try:
        return bool(mapper(rejection))  # type: ignore[operator]
    except Rejection:
        return False
