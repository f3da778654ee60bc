"""Mails as they leave, and when they are tried again."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from pydantic import ValidationError

from shared.ids import new_id
from subgraphs.notifications.delivery import pause_after
from subgraphs.notifications.messages import Kind
from subgraphs.notifications.outgoing import Outgoing
from subgraphs.notifications.settings import NotificationsSettings
from subgraphs.notifications.smtp import compose

SENDER = "Mercato <shop@mercato.example>"


def outgoing(subject: str = "Hello", recipient: str = "ada@example.com") -> Outgoing:
    html = "<p>schöne Grüße</p>"
    return Outgoing(new_id(), Kind.WELCOME, recipient, subject, "schöne Grüße", html, datetime(2026, 11, 22, tzinfo=UTC), 1)


def test_a_mail_has_text_html_and_headers() -> None:
    message = outgoing(" ".join(["Grüße 🏴‍☠️"] * 12))
    mail = message_from_bytes(compose(message, SENDER).as_bytes(), policy=policy.default)
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "ada@example.com", message.subject)
    assert mail["Date"] == "Sun, 22 Nov 2026 00:00:00 +0000"
    assert isinstance(mail, EmailMessage)
    bodies = [body.get_content().strip() for kind in ("plain", "html") if (body := mail.get_body((kind,)))]
    assert bodies == [message.text, message.html]


def test_a_message_always_has_the_same_message_id() -> None:
    message = outgoing()
    assert compose(message, SENDER)["Message-ID"] == compose(message, SENDER)["Message-ID"] == f"<{message.id}@mercato.example>"
    assert compose(message, SENDER)["Message-ID"] != compose(outgoing(), SENDER)["Message-ID"]


def test_a_line_break_never_reaches_a_header() -> None:
    for message in (outgoing("Hello\r\nBcc: all@example.com"), outgoing(recipient="ada@example.com\nBcc: all@example.com")):
        with pytest.raises(ValueError, match=r"linefeed|CR or LF|newline"):
            compose(message, SENDER).as_bytes()


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(attempt).total_seconds() for attempt in (1, 2, 3, 4, 12, 13, 20)] == [1, 2, 4, 8, 2048, 3600, 3600]
    assert pause_after(1000) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SMTP_URL", "mail.example.com:25"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "smtp://"),
        ("NOTIFICATIONS_SENDER", "Mercato"),
        ("NOTIFICATIONS_SENDER", "Mercato <shop@mercato.example>\nBcc: all@example.com"),
    ],
)
def test_a_wrong_address_stops_the_start(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "ROUTER_SECRET", "RPC_SECRET", "JWKS_URL"):
        monkeypatch.setenv(f"NOTIFICATIONS_{name}" if name == "DATABASE_URL" else name, "x")
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.com")
    assert NotificationsSettings().sender == SENDER  # type: ignore[call-arg]
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError) as refusal:
        NotificationsSettings()  # type: ignore[call-arg]
    assert [problem["type"] for problem in refusal.value.errors()] in (["smtp_url"], ["sender"])
