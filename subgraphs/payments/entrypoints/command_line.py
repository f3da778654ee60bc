"""Commands of ``python -m subgraphs.payments`` beside those of every subgraph."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from typing import NoReturn
from uuid import UUID

from shared.errors import Rejection, ServiceError
from shared.ids import try_parse_id
from shared.persistence.work import UnitOfWork
from shared.runtime.arguments import whole
from shared.runtime.subgraph import Command
from shared.text import text_mistake, trimmed
from subgraphs.payments.commands.decide_dispute import DecideDispute, decide_dispute
from subgraphs.payments.commands.pay_late_outside import PayLateOutside, pay_late_outside
from subgraphs.payments.domain.paid_outside import LONGEST_TEXT
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import DisputeOutcome
from subgraphs.payments.domain.rejections import (
    DisputeMismatch,
    DisputeNotFound,
    DisputeOpen,
    NothingLeft,
    PaymentNotFound,
    PaymentNotOver,
    ProviderDecides,
    RefundUnderWay,
)
from subgraphs.payments.entrypoints.reconciliation import reconcile_command

_MOST_ATTEMPTS = 1_000_000
_OUTCOMES = {"won": DisputeOutcome.WON, "lost": DisputeOutcome.LOST}


def commands(
    work: UnitOfWork[PaymentsWork], resources: Sequence[AbstractAsyncContextManager[object]]
) -> Sequence[Command]:
    """All of them; ``resources`` are what asking the others and the providers needs."""
    return (
        reconcile_command(work, resources),
        Command(
            "settle-late",
            "book as paid outside of the provider what came too late and the provider does not give back",
            late_arguments,
            partial(settle_late, work),
        ),
        Command(
            "decide-dispute",
            "book what a buyer's bank decided about a payment whose provider is not configured any more",
            dispute_arguments,
            partial(decide, work),
        ),
    )


def late_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``settle-late``."""
    parser.add_argument(
        "--order", type=_order_id, required=True, help="the id of the order whose payment came to nothing"
    )
    attempt = whole(1, _MOST_ATTEMPTS)
    parser.add_argument("--attempt", type=attempt, default=1, help="which attempt at the order it was for (default 1)")
    how = "how the buyer was paid, such as the number of a bank transfer; for staff"
    parser.add_argument("--paid-outside", type=_text, required=True, help=how)


async def settle_late(work: UnitOfWork[PaymentsWork], options: argparse.Namespace) -> None:
    """The shop has paid what came too late and the provider does not refund.
    Prints what was booked; leaves with status 1 and the reason when nothing was.
    """
    with _reason_told():
        money = await work.perform_alone(
            pay_late_outside, PayLateOutside(options.order, options.attempt, options.paid_outside)
        )
    print(f"{money.amount} {money.currency} are booked as paid outside of the provider")


def dispute_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``decide-dispute``."""
    parser.add_argument(
        "--dispute", type=_dispute_id, required=True, help="the id of the dispute, as Payment.disputes has it"
    )
    outcome = "what the bank decided: won, the money is the shop's; lost, it is the buyer's"
    parser.add_argument("--outcome", choices=_OUTCOMES, required=True, help=outcome)


async def decide(work: UnitOfWork[PaymentsWork], options: argparse.Namespace) -> None:
    """The buyer's bank has decided, and no provider is left that would tell it.
    Prints what was booked; leaves with status 1 and the reason when nothing was.
    """
    with _reason_told():
        money = await work.perform(decide_dispute, DecideDispute(options.dispute, _OUTCOMES[options.outcome]))
    print(f"the dispute of {money.amount} {money.currency} is booked as {options.outcome}")


def reason(rejection: Rejection) -> str:
    """What a person at the command line reads of a rejection; raises one that these commands can't cause."""
    match rejection:
        case PaymentNotFound():
            return "This attempt at the order has no payment."
        case PaymentNotOver(status):
            return f"The payment is {status}: what its order owes is settled by orderSettle."
        case NothingLeft(status):
            return f"The payment is {status} and nothing of it is left to be paid."
        case DisputeOpen():
            return "The buyer's bank disputes it and may give it back; wait until that is decided."
        case RefundUnderWay():
            return "A refund of it is under way at the provider; wait until that is done or refused."
        case DisputeNotFound():
            return "There is no dispute with this id; Payment.disputes has the ids."
        case ProviderDecides(provider):
            return f"{provider} tells by itself what the bank decides: answer the dispute there, or accept it."
        case DisputeMismatch():
            return "The provider tells of a dispute about something else than was taken; a person must look at it."
        case _:
            raise rejection


@contextmanager
def _reason_told() -> Iterator[None]:
    try:
        yield
    except Rejection as rejection:
        _leave(reason(rejection))
    except ServiceError as error:
        _leave(error.message)


def _leave(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(1)


def _order_id(text: str) -> UUID:
    order_id = try_parse_id(text)
    if order_id is None:
        raise argparse.ArgumentTypeError("write the id of an order, a UUID")
    return order_id


def _dispute_id(text: str) -> UUID:
    dispute_id = try_parse_id(text)
    if dispute_id is None:
        raise argparse.ArgumentTypeError("write the id of a dispute, a UUID")
    return dispute_id


def _text(text: str) -> str:
    given = trimmed(text)
    mistake = text_mistake("How the buyer was paid", given, LONGEST_TEXT)
    if mistake is not None:
        raise argparse.ArgumentTypeError(mistake)
    return given
