"""Tells people when a provider's word is about other money than a payment's."""

import contextlib
import logging
from collections.abc import Iterator

from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.rejections import AmountMismatch, DisputeMismatch, Mismatch

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def mismatches_told(payment: Payment, work: PaymentsWork) -> Iterator[None]:
    """Counts and logs a ``Mismatch`` that is raised inside, about this payment; it is raised all the same."""
    try:
        yield
    except Mismatch as mismatch:
        work.alarms.mismatch(payment.provider)
        _log(payment, mismatch)
        raise


def _log(payment: Payment, mismatch: Mismatch) -> None:
    match mismatch:
        case AmountMismatch(provider):
            logger.error("%s tells another amount than payment %s has: not applied, look at it", provider, payment.id)
        case DisputeMismatch(reference):
            text = "dispute %s is not about what payment %s took: not applied, look at it"
            logger.error(text, reference, payment.id)
