"""``python -m subgraphs.payments settle-late``: the shop has paid what came too late and the provider does not give back."""

import argparse
import sys
from uuid import UUID

from shared.errors import ServiceError
from shared.ids import try_parse_id
from shared.runtime.arguments import whole
from shared.text import text_mistake, trimmed
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.pay_late_outside import pay_late_outside
from subgraphs.payments.domain.paid_outside import LONGEST_TEXT

_MOST_ATTEMPTS = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--order", type=_order_id, required=True, help="the id of the order whose payment came to nothing"
    )
    attempt = whole(1, _MOST_ATTEMPTS)
    parser.add_argument("--attempt", type=attempt, default=1, help="which attempt at the order it was for (default 1)")
    how = "how the buyer was paid, such as the number of a bank transfer; for staff"
    parser.add_argument("--paid-outside", type=_text, required=True, help=how)


async def settle_late(options: argparse.Namespace, providers: Providers) -> None:
    """Prints what was booked; leaves with status 1 and the reason when nothing was."""
    try:
        money = await pay_late_outside(options.order, options.attempt, options.paid_outside, providers)
    except ServiceError as refusal:
        print(refusal.message, file=sys.stderr)
        sys.exit(1)
    print(f"{money.amount} {money.currency} are booked as paid outside of the provider")


def _order_id(text: str) -> UUID:
    order_id = try_parse_id(text)
    if order_id is None:
        raise argparse.ArgumentTypeError("write the id of an order, a UUID")
    return order_id


def _text(text: str) -> str:
    given = trimmed(text)
    mistake = text_mistake("How the buyer was paid", given, LONGEST_TEXT)
    if mistake is not None:
        raise argparse.ArgumentTypeError(mistake)
    return given
