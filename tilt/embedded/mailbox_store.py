"""The mail that the sink took: one file that only grows, and a list in memory of what is where in it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import cached_property, partial
from pathlib import Path
from secrets import token_hex
from typing import Any

_HEADERS = BytesHeaderParser(policy=policy.default)


@dataclass(frozen=True)
class Summary:
    """A line of the list."""

    id: str
    sender: str
    to: list[str]
    subject: str
    received_at: str


@dataclass(frozen=True)
class Mail(Summary):
    """A mail, opened."""

    text: str | None
    html: str | None
    headers: dict[str, str]


@dataclass
class Entry:
    """A mail in the file. What its headers say is found out when somebody asks: most mail is never looked at."""

    file: io.FileIO
    id: str
    to: list[str]
    received_at: str
    begin: int
    size: int

    @property
    def content(self) -> bytes:
        """The mail as it was sent."""
        self.file.seek(self.begin)
        return self.file.read(self.size)

    @cached_property
    def summary(self) -> Summary:
        """What the list shows of it."""
        headers = headers_of(_HEADERS.parsebytes(self.content))
        sender, subject = (
            next((headers[each] for each in headers if each.lower() == name), "") for name in ("from", "subject")
        )
        to = [printable(each) for each in self.to]
        return Summary(id=self.id, sender=sender, to=to, subject=subject, received_at=self.received_at)


class Store:
    """Each mail is a line of JSON, with its length, and then the mail as it was sent."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "mails").open("a+b", buffering=0)
        self._entries = list(self._kept(folder / "mails"))

    def add(self, content: bytes, recipients: list[str]) -> None:
        """Keep a mail; it outlives this process when this returns."""
        facts = {
            "id": token_hex(16),
            "to": [address.lower() for address in recipients],
            "received_at": datetime.now(UTC).isoformat(),
        }
        self._append(facts, content)

    def list(self, to: str | None) -> list[Summary]:
        """Newest first; those to one address, or all."""
        return [entry.summary for entry in reversed(self._entries) if to is None or to.lower() in entry.to]

    def open(self, key: str) -> Mail | None:
        """One mail."""
        found = next((entry for entry in self._entries if entry.id == key), None)
        if found is None:
            return None
        message = message_from_bytes(found.content, policy=policy.default)
        return Mail(
            **asdict(found.summary),
            text=part(message, "plain"),
            html=part(message, "html"),
            headers=headers_of(message),
        )

    def clear(self) -> None:
        """Forget all."""
        self._file.truncate(0)
        self._entries.clear()

    def _append(self, facts: dict[str, Any], content: bytes) -> None:
        line = json.dumps({**facts, "size": len(content)}).encode() + b"\n"
        begin = self._file.seek(0, io.SEEK_END)
        self._file.write(line + content)
        self._entries.append(Entry(self._file, **facts, begin=begin + len(line), size=len(content)))

    def _kept(self, path: Path) -> Iterator[Entry]:
        """What an earlier process kept; a mail that it was killed in the middle of is cut off."""
        end = path.stat().st_size
        with path.open("rb") as file:
            while (place := file.tell()) < end:
                line = file.readline()
                facts = json.loads(line) if line.endswith(b"\n") else {"size": end}
                begin = file.seek(facts["size"], io.SEEK_CUR) - facts["size"]
                if begin + facts["size"] > end:
                    self._file.truncate(place)
                    return
                yield Entry(self._file, **facts, begin=begin)


def part(message: EmailMessage, kind: str) -> str | None:
    """The text or the HTML of a mail; what can't be decoded is told so and shown as it was sent."""
    body = message.get_body((kind,))
    if not isinstance(body, EmailMessage):
        return None
    return decoded(body.get_content, lambda: body.get_payload())


def headers_of(message: EmailMessage) -> dict[str, str]:
    """All headers, in words; those that can't be decoded as they were sent."""
    return {printable(name): decoded(partial(_read, name, raw), partial(str, raw)) for name, raw in message.raw_items()}


def _read(name: str, raw: str) -> object:
    return policy.default.header_fetch_parse(name, raw)


def decoded(read: Callable[[], object], as_sent: Callable[[], object]) -> str:
    """What the standard library reads, or else what was sent.

    The library raises whatever it likes for what nobody sane sends.
    """
    try:
        return printable(str(read()))
    except Exception as error:
        return f"(can't be decoded: {type(error).__name__}) {printable(str(as_sent()))}"


def printable(text: str) -> str:
    """Halves of surrogate pairs, which no answer can hold, as escapes."""
    return text.encode(errors="backslashreplace").decode()
