"""The commands ``dead-letters`` and ``outbox`` of every subgraph, as they are typed."""

import argparse
from collections.abc import Awaitable, Callable
from typing import Any

from shared.events.dead_letter_commands import discard_dead_letters, list_dead_letters, replay_dead_letters
from shared.events.discards import DEAD_LETTERS, OUTBOX
from shared.events.outbox_commands import discard_outbox, list_outbox, replay_outbox
from shared.events.tables import print_discards
from shared.runtime.subgraph import Subgraph

Within = Callable[[Subgraph, Awaitable[None]], Awaitable[None]]  # runs with what a subgraph has open


def add_dead_letter_commands(commands: Any, connected: Within, opened: Within) -> None:
    """``dead-letters list | replay | discard | discarded``."""
    letters = commands.add_parser(
        "dead-letters", help="messages that could not be processed: list, replay or discard them"
    )
    actions = letters.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="print those that were neither replayed nor discarded")
    listing.set_defaults(action=lambda graph, _: connected(graph, list_dead_letters(graph)))
    replay = actions.add_parser("replay", help="apply them again, each once; status 1 when one fails again and is kept")
    replay.add_argument(
        "--event", metavar="ID", nargs="+", action="extend", default=[], help="only these events (default all)"
    )
    replay.set_defaults(action=lambda graph, typed: opened(graph, replay_dead_letters(graph, typed.event)))
    discard = _add_discard(actions, "do without these events, by their ids or their places (TOPIC[PARTITION]@OFFSET)")
    discard.set_defaults(
        action=lambda graph, typed: connected(graph, discard_dead_letters(graph, typed.event, typed.reason, typed.by))
    )
    _add_discarded(actions, DEAD_LETTERS, connected)


def add_outbox_commands(commands: Any, connected: Within) -> None:
    """``outbox list | replay | discard | discarded``."""
    outbox = commands.add_parser(
        "outbox", help="events that Kafka refused for good, and those behind them: list, replay or discard them"
    )
    actions = outbox.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="print those that are set aside")
    listing.set_defaults(action=lambda graph, _: connected(graph, list_outbox()))
    replay = actions.add_parser("replay", help="have them sent again, those of a key in their order")
    replay.add_argument(
        "--event",
        metavar="ID",
        nargs="+",
        action="extend",
        default=[],
        help="only these and those behind (default all)",
    )
    replay.set_defaults(action=lambda graph, typed: connected(graph, replay_outbox(typed.event)))
    discard = _add_discard(actions, "delete these events for good; those that wait behind them go on")
    discard.set_defaults(
        action=lambda graph, typed: connected(graph, discard_outbox(typed.event, typed.reason, typed.by))
    )
    _add_discarded(actions, OUTBOX, connected)


def _add_discard(actions: Any, help_text: str) -> argparse.ArgumentParser:
    discard: argparse.ArgumentParser = actions.add_parser("discard", help=help_text)
    discard.add_argument("--event", metavar="ID", nargs="+", action="extend", required=True, help="which events")
    discard.add_argument("--reason", required=True, type=_said, help="why; it is kept")
    discard.add_argument("--by", required=True, type=_said, metavar="NAME", help="who decided so; it is kept")
    return discard


def _add_discarded(actions: Any, source: str, connected: Within) -> None:
    discarded = actions.add_parser("discarded", help="print who discarded what, when and why")
    discarded.set_defaults(action=lambda graph, _: connected(graph, print_discards(source)))


def _said(text: str) -> str:
    words = " ".join(text.split())
    if not words or not words.isprintable():
        raise argparse.ArgumentTypeError("say something that can be read")
    return words[:500]
