"""``python -m subgraphs.<name> outbox list | replay | discard``: the outbox's dead letters and what becomes of them."""

from collections.abc import Sequence

from shared.events.dead_letter_commands import EXIT_UNFINISHED
from shared.events.outbox_dead_letters import (
    discard_outbox_dead_letter,
    outbox_dead_letters,
    replay_outbox_dead_letters,
)
from shared.events.tables import Table, printable

_LAYOUT = "{:<24} {:<36} {:<34} {:<36} {:<19} {}"
_HEADINGS = ("TOPIC", "EVENT", "TYPE", "KEY", "SINCE (UTC)", "REFUSAL")


async def list_outbox() -> None:
    """Prints a table of the outbox's dead letters."""
    table = Table(_LAYOUT, _HEADINGS, "nothing is set aside")
    for letter in await outbox_dead_letters():
        since = f"{letter.since:%Y-%m-%d %H:%M:%S}"
        table.add(
            letter.topic,
            letter.event_id,
            letter.type,
            letter.key,
            since,
            letter.rejection or "waits behind the one above",
        )
    table.end()


async def replay_outbox(event_ids: Sequence[str]) -> None:
    """Hands these events, or all if none is named, to the relay again, and prints how many.

    Each goes with all dead letters of its key.

    Raises:
        SystemExit: with status 1 when a named event is no dead letter; then nothing was handed over.
    """
    await _require_all(event_ids)
    count = await replay_outbox_dead_letters(event_ids)
    print(f"{count} handed to the relay again; what Kafka still refuses is set aside again")


async def discard_outbox(event_ids: Sequence[str], reason: str, by: str) -> None:
    """Deletes these events for good, and prints what came of each; those that they blocked go on.

    Raises:
        SystemExit: with status 1 when a named event is no dead letter; then nothing was deleted.
    """
    await _require_all(event_ids)
    for event_id in event_ids:
        released = await discard_outbox_dead_letter(event_id, reason, by)
        print(f"discarded: {printable(event_id)}; {released or 0} that waited behind it go on")


async def _require_all(event_ids: Sequence[str]) -> None:
    found = {letter.event_id for letter in await outbox_dead_letters(event_ids)}
    missing = [event_id for event_id in event_ids if event_id not in found]
    for event_id in missing:
        print(f"the event {printable(event_id)} is not set aside; 'outbox list' shows those that are")
    if missing:
        raise SystemExit(EXIT_UNFINISHED)
