"""The mail that the sink took: one file that only grows, and a list in memory of what is where in it."""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from functools import cached_property
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
        message = _HEADERS.parsebytes(self.content)
        sender, subject = (str(message[name] or "") for name in ("From", "Subject"))
        return Summary(id=self.id, sender=sender, to=self.to, subject=subject, received_at=self.received_at)


class Store:
    """Each mail is a line of JSON, with its length, and then the mail as it was sent."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "mails").open("a+b", buffering=0)
        self._entries = list(self._kept(folder / "mails"))

    def add(self, content: bytes, recipients: list[str]) -> None:
        """Keep a mail; it outlives this process when this returns."""
        to = [address.lower() for _, address in getaddresses(recipients)]
        facts = {"id": token_hex(16), "to": to, "received_at": datetime.now(UTC).isoformat()}
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
        headers = {name: str(value) for name, value in message.items()}
        return Mail(**asdict(found.summary), text=part(message, "plain"), html=part(message, "html"), headers=headers)

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
    """The text or the HTML of a mail."""
    body = message.get_body((kind,))
    return body.get_content() if isinstance(body, EmailMessage) else None
