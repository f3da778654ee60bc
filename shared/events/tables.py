"""Tables of events as a terminal shows them."""

from collections.abc import Iterator, Sequence

from shared.events.discards import discards

_LONGEST_CELL = 100  # a message may have an id, a type and a key of any length; it is named by its place then
_LONGEST_LAST = 500  # why: a reason may be that long
_DISCARDS = "{:<24} {:<36} {:<34} {:<36} {:<19} {:<16} {}"
_DISCARD_HEADINGS = ("TOPIC", "EVENT", "TYPE", "KEY", "DISCARDED (UTC)", "BY", "REASON")


class Table:
    """Prints rows under headings that come with the first; ``nothing`` is said when none came."""

    def __init__(self, layout: str, headings: Sequence[str], nothing: str) -> None:
        self._layout = layout
        self._headings = headings
        self._nothing = nothing
        self._is_empty = True

    def add(self, *texts: str) -> None:
        """Prints a row."""
        if self._is_empty:
            print(self._layout.format(*self._headings))
        self._is_empty = False
        *cells, last = (printable(text) or "-" for text in texts)
        print(self._layout.format(*(_cut(cell, _LONGEST_CELL) for cell in cells), _cut(last, _LONGEST_LAST)))

    def end(self) -> None:
        """Says so when there was no row."""
        if self._is_empty:
            print(self._nothing)


async def print_discards(source: str) -> None:
    """Prints who discarded what of a source, when and why."""
    table = Table(_DISCARDS, _DISCARD_HEADINGS, "nothing was discarded")
    for when, each in await discards(source):
        table.add(
            each.topic, each.event_id, each.event_type, each.key, f"{when:%Y-%m-%d %H:%M:%S}", each.by, each.reason
        )
    table.end()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def printable(text: str) -> str:
    """A message may hold anything; a terminal gets what it can print."""
    return "".join(_printable(text))


def _printable(text: str) -> Iterator[str]:
    return (character if character.isprintable() else "?" for character in text)
