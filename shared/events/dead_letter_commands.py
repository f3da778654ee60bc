"""``python -m subgraphs.<name> dead-letters list | replay | discard``: dead letters, and what becomes of them."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiokafka.errors import KafkaError

from shared.events.dead_letters import DeadLetter, open_dead_letters
from shared.events.handlers import Inbox
from shared.events.tables import Table, printable
from shared.runtime.outages import OUTAGES, outage_error
from shared.runtime.subgraph import Subgraph

EXIT_UNFINISHED = 1
_LAYOUT = "{:<24} {:>9} {:>9}  {:<36} {:<34} {:<36} {:<19} {}"
_HEADINGS = ("TOPIC", "PARTITION", "OFFSET", "EVENT", "TYPE", "KEY", "SINCE (UTC)", "ERROR")


@dataclass(slots=True)
class _Tally:
    """What came of a replay."""

    replayed: int = 0
    failed: int = 0


async def list_dead_letters(subgraph: Subgraph) -> None:
    """Prints a table of the letters that were neither replayed nor discarded.

    Raises:
        Unavailable: when Kafka or the database can't be reached.
    """
    table = Table(_LAYOUT, _HEADINGS, "no dead letters")
    async with _letters(subgraph) as letters:
        async for letter in letters:
            table.add(*_cells(letter))
    table.end()


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
            if not event_ids or not _names(letter).isdisjoint(event_ids):
                missing -= _names(letter)
                await _replay(letter, inbox, tally)
    _report(tally, missing)


async def discard_dead_letters(subgraph: Subgraph, event_ids: Sequence[str], reason: str, by: str) -> None:
    """Does without the letters of these events, or at these places, for good, and prints what came of each.

    Raises:
        Unavailable: when Kafka or the database can't be reached; what was printed as discarded is.
        SystemExit: with status 1 when a named event has no letter.
    """
    missing = set(event_ids)
    async with _letters(subgraph) as letters:
        async for letter in letters:
            if not _names(letter).isdisjoint(event_ids):
                missing -= _names(letter)
                await letter.discard(reason, by)
                print(f"discarded: {printable(letter.place)} {printable(letter.event_id)}")
    _tell_missing(missing)
    if missing:
        raise SystemExit(EXIT_UNFINISHED)


def _names(letter: DeadLetter) -> set[str]:
    """By what an operator may name it: a malformed one may have no id."""
    return {letter.event_id, letter.place}


async def _replay(letter: DeadLetter, inbox: Inbox, tally: _Tally) -> None:
    try:
        await letter.replay(inbox)
    except OUTAGES:
        raise
    except Exception as error:
        tally.failed += 1
        print(f"failed again, kept: {printable(letter.place)} {printable(letter.event_id)}: {printable(repr(error))}")
    else:
        tally.replayed += 1
        print(f"replayed: {printable(letter.place)} {printable(letter.event_id)}")


def _tell_missing(missing: set[str]) -> None:
    for event_id in sorted(missing):
        print(f"no dead letter of the event {printable(event_id)}; 'dead-letters list' shows those there are")


def _report(tally: _Tally, missing: set[str]) -> None:
    _tell_missing(missing)
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


def _cells(letter: DeadLetter) -> Sequence[str]:
    since = f"{letter.since:%Y-%m-%d %H:%M:%S}"
    return (
        letter.topic,
        letter.partition,
        letter.offset,
        letter.event_id,
        letter.event_type,
        letter.key,
        since,
        letter.error,
    )
