"""``python -m subgraphs.<name> outbox list | replay | discard``: events that Kafka refused for good, and those behind them."""

from collections.abc import Sequence

from shared.events.dead_letter_commands import EXIT_UNFINISHED
from shared.events.set_aside import discard_set_aside, replay_set_aside, set_aside_events
from shared.events.tables import Table, printable

_LAYOUT = "{:<24} {:<36} {:<34} {:<36} {:<19} {}"
_HEADINGS = ("TOPIC", "EVENT", "TYPE", "KEY", "SINCE (UTC)", "REFUSAL")


async def list_set_aside() -> None:
    """Prints a table of the events that are set aside."""
    table = Table(_LAYOUT, _HEADINGS, "nothing is set aside")
    for event in await set_aside_events():
        since = f"{event.since:%Y-%m-%d %H:%M:%S}"
        table.add(
            event.topic, event.event_id, event.type, event.key, since, event.refusal or "waits behind the one above"
        )
    table.end()


async def replay_outbox(event_ids: Sequence[str]) -> None:
    """Hands these events to the relay again, or all if none is named, each with all that wait of its key, and prints how many.

    Raises:
        SystemExit: with status 1 when a named event is not set aside; then nothing was handed over.
    """
    _require_all(event_ids, {event.event_id for event in await set_aside_events(event_ids)})
    print(f"{await replay_set_aside(event_ids)} handed to the relay again; what Kafka still refuses is set aside again")


async def discard_outbox(event_ids: Sequence[str], reason: str, by: str) -> None:
    """Deletes these events for good, and prints what came of each; those that waited behind them go on.

    Raises:
        SystemExit: with status 1 when a named event is not set aside; then nothing was deleted.
    """
    _require_all(event_ids, {event.event_id for event in await set_aside_events(event_ids)})
    for event_id in event_ids:
        released = await discard_set_aside(event_id, reason, by)
        print(f"discarded: {printable(event_id)}; {released or 0} that waited behind it go on")


def _require_all(event_ids: Sequence[str], found: set[str]) -> None:
    missing = [event_id for event_id in event_ids if event_id not in found]
    for event_id in missing:
        print(f"the event {printable(event_id)} is not set aside; 'outbox list' shows those that are")
    if missing:
        raise SystemExit(EXIT_UNFINISHED)
