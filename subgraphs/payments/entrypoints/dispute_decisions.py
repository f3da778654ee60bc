"""``python -m subgraphs.payments decide-dispute``: the buyer's bank has decided, and no provider is left that would tell it."""

import argparse
import sys
from uuid import UUID

from shared.errors import ServiceError
from shared.ids import try_parse_id
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.decide_dispute import decide_dispute
from subgraphs.payments.domain.ports import DisputeOutcome

_OUTCOMES = {"won": DisputeOutcome.WON, "lost": DisputeOutcome.LOST}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--dispute", type=_dispute_id, required=True, help="the id of the dispute, as Payment.disputes has it"
    )
    outcome = "what the bank decided: won, the money is the shop's; lost, it is the buyer's"
    parser.add_argument("--outcome", choices=_OUTCOMES, required=True, help=outcome)


async def decide(options: argparse.Namespace, providers: Providers) -> None:
    """Prints what was booked; leaves with status 1 and the reason when nothing was."""
    try:
        money = await decide_dispute(options.dispute, _OUTCOMES[options.outcome], providers)
    except ServiceError as refusal:
        print(refusal.message, file=sys.stderr)
        sys.exit(1)
    print(f"the dispute of {money.amount} {money.currency} is booked as {options.outcome}")


def _dispute_id(text: str) -> UUID:
    dispute_id = try_parse_id(text)
    if dispute_id is None:
        raise argparse.ArgumentTypeError("write the id of a dispute, a UUID")
    return dispute_id
