"""``python -m subgraphs.<name> dead-letters list | replay``: what could not be processed, and its second chance."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiokafka.errors import KafkaError

from shared.events.dead_letters import DeadLetter, open_dead_letters
from shared.events.handlers import Inbox
from shared.outages import OUTAGES, outage_error
from shared.subgraph import Subgraph

EXIT_UNFINISHED = 1
_LAYOUT = "{:<24} {:>9} {:>9}  {:<36} {:<34} {:<36} {:<19} {}"
_HEADINGS = ("TOPIC", "PARTITION", "OFFSET", "EVENT", "TYPE", "KEY", "SINCE (UTC)", "ERROR")


@dataclass(slots=True)
class _Tally:
    """What came of a replay."""

    replayed: int = 0
    failed: int = 0


async def list_dead_letters(subgraph: Subgraph) -> None:
    """Prints a table of the letters that were not replayed.

    Raises:
        Unavailable: when Kafka or the database can't be reached.
    """
    count = 0
    async with _letters(subgraph) as letters:
        async for letter in letters:
            if count == 0:
                print(_LAYOUT.format(*_HEADINGS))
            print(_row(letter))
            count += 1
    if count == 0:
        print("no dead letters")


async def replay_dead_letters(subgraph: Subgraph, event_ids: Sequence[str]) -> None:
    """Applies the letters of these events, or all if none is named, and prints what came of each.

    Those that fail again are kept; then, and when a named event has no letter, the process leaves with status 1.

    Raises:
        Unavailable: when Kafka or the database can't be reached; what was printed as replayed is.
        SystemExit: with status 1, as said above.
    """
    tally, inbox, missing = _Tally(), Inbox(subgraph.handlers), set(event_ids)
    async with _letters(subgraph) as letters:
        async for letter in letters:
            if letter.event_id in event_ids or not event_ids:
                missing.discard(letter.event_id)
                await _replay(letter, inbox, tally)
    _report(tally, missing)


async def _replay(letter: DeadLetter, inbox: Inbox, tally: _Tally) -> None:
    try:
        await letter.replay(inbox)
    except OUTAGES:
        raise
    except Exception as error:
        tally.failed += 1
        print(f"failed again, kept: {_printable(letter.place)} {_printable(letter.event_id)}: {_printable(repr(error))}")
    else:
        tally.replayed += 1
        print(f"replayed: {_printable(letter.place)} {_printable(letter.event_id)}")


def _report(tally: _Tally, missing: set[str]) -> None:
    for event_id in sorted(missing):
        print(f"no dead letter of the event {_printable(event_id)}; 'dead-letters list' shows those there are")
    if tally.replayed or tally.failed:
        print(f"{tally.replayed} replayed, {tally.failed} failed again and kept")
    elif not missing:
        print("no dead letters")
    if tally.failed or missing:
        raise SystemExit(EXIT_UNFINISHED)


@contextlib.asynccontextmanager
async def _letters(subgraph: Subgraph) -> AsyncIterator[AsyncIterator[DeadLetter]]:
    try:
        async with open_dead_letters(subgraph.name, subgraph.settings.kafka_bootstrap_servers) as letters:
            yield letters
    except (*OUTAGES, KafkaError) as error:
        raise outage_error(error) from error


def _row(letter: DeadLetter) -> str:
    since = f"{letter.since:%Y-%m-%d %H:%M:%S}"
    texts = (letter.topic, letter.partition, letter.offset, letter.event_id, letter.event_type, letter.key, since, letter.error)
    return _LAYOUT.format(*(_printable(text) or "-" for text in texts))


def _printable(text: str) -> str:
    """A message may hold anything; a terminal gets what it can print."""
    return "".join(character if character.isprintable() else "?" for character in text)
