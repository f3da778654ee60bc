"""The mail that the sink took, in a Maildir."""

import mailbox
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path


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


class Store:
    """A Maildir, with the list of what is in it kept in memory."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(folder, create=True)
        summaries = [summary(key, self._read(key)) for key in self._maildir.keys()]  # noqa: SIM118 - not a dict
        self._summaries = sorted(summaries, key=lambda each: each.received_at)

    def add(self, content: bytes, recipients: list[str]) -> None:
        """Keep a mail; it is on disk when this returns."""
        # In front of its own headers, so that ours are found first and the mail itself stays as it was sent.
        ours = f"X-Recipients: {', '.join(recipients)}\r\nX-Received-At: {datetime.now(UTC).isoformat()}\r\n"
        key = self._maildir.add(ours.encode() + content)
        self._summaries.append(summary(key, self._read(key)))

    def list(self, to: str | None) -> list[Summary]:
        """Newest first; those to one address, or all."""
        return [each for each in reversed(self._summaries) if to is None or to.lower() in each.to]

    def open(self, key: str) -> Mail | None:
        """One mail."""
        found = next((each for each in self._summaries if each.id == key), None)
        if found is None:
            return None
        message = self._read(key)
        headers = {name: str(value) for name, value in message.items()}
        return Mail(**asdict(found), text=part(message, "plain"), html=part(message, "html"), headers=headers)

    def clear(self) -> None:
        """Forget all."""
        self._maildir.clear()
        self._summaries.clear()

    def _read(self, key: str) -> EmailMessage:
        message = message_from_bytes(self._maildir.get_bytes(key), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


def summary(key: str, message: EmailMessage) -> Summary:
    """What the list shows of a mail."""
    to = [address.lower() for _, address in getaddresses([str(message["X-Recipients"])])]
    sender, subject, received = (str(message[name] or "") for name in ("From", "Subject", "X-Received-At"))
    return Summary(id=key, sender=sender, to=to, subject=subject, received_at=received)


def part(message: EmailMessage, kind: str) -> str | None:
    """The text or the HTML of a mail."""
    body = message.get_body((kind,))
    return body.get_content() if isinstance(body, EmailMessage) else None
