"""Mails as they leave, and when they are tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from pydantic import ValidationError

from shared.ids import new_id
from subgraphs.notifications.domain.message import Kind, Outgoing, pause_after
from subgraphs.notifications.infrastructure.mail import compose
from subgraphs.notifications.settings import NotificationsSettings

SENDER = "Mercato <shop@mercato.example>"


def outgoing(subject: str = "Hello", recipient: str = "ada@example.com") -> Outgoing:
    html = "<p>schöne Grüße</p>"
    return Outgoing(
        new_id(), Kind.WELCOME, recipient, subject, "schöne Grüße", html, datetime(2026, 11, 22, tzinfo=UTC), 1
    )


def read(message: Outgoing, sender: str = SENDER) -> EmailMessage:
    """A mail as the buyer's program sees it."""
    mail = message_from_bytes(compose(message, sender), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert [part.defects for part in mail.walk()] == [[], [], []]
    return mail


def test_a_subject_that_looks_encoded_is_read_as_it_was_written() -> None:
    assert read(outgoing("Your =?utf-8?q?shirt?= has left"))["Subject"] == "Your =?utf-8?q?shirt?= has left"


def test_a_mail_has_text_html_and_headers() -> None:
    message = outgoing(" ".join(["Grüße 🏴‍☠️"] * 12))
    mail = read(message)
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "ada@example.com", message.subject)
    assert mail["Date"] == "Sun, 22 Nov 2026 00:00:00 +0000"
    bodies = [body.get_content().strip() for kind in ("plain", "html") if (body := mail.get_body((kind,)))]
    assert bodies == [message.text, message.html]


@pytest.mark.parametrize(
    "text", ["a\n.\nb\n", "=_x = 1\n" * 3, "long " * 300, "trailing \t\n x", "--=_0--\n", "\n\n", "🏴‍☠️" * 50, "From me"]
)
def test_what_a_mail_says_arrives_as_it_was_written(text: str) -> None:
    mail = read(replace(outgoing(), text=text, html=f"<p>{text}</p>"))
    plain, html = (
        body.get_content().replace("\r\n", "\n") for kind in ("plain", "html") if (body := mail.get_body((kind,)))
    )
    assert plain.rstrip("\n") == text.rstrip("\n")
    assert html.rstrip("\n") == f"<p>{text}</p>"


def test_a_mail_is_made_of_short_lines_that_end_as_smtp_wants() -> None:
    written = compose(replace(outgoing("Grüße " * 40), text="long " * 300), SENDER)
    assert max(len(line) for line in written.split(b"\r\n")) <= 78
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert written.isascii()


def test_a_sender_may_have_a_name_of_any_letters() -> None:
    assert read(outgoing(), "Käsladen <shop@mercato.example>")["From"] == "Käsladen <shop@mercato.example>"


def test_a_message_always_has_the_same_message_id() -> None:
    message = outgoing()
    assert read(message)["Message-ID"] == read(message)["Message-ID"] == f"<{message.id}@mercato.example>"
    assert read(message)["Message-ID"] != read(outgoing())["Message-ID"]


def test_a_line_break_never_reaches_a_header() -> None:
    for message in (
        outgoing("Hello\r\nBcc: all@example.com"),
        outgoing(recipient="ada@example.com\nBcc: all@example.com"),
    ):
        with pytest.raises(ValueError, match="line break"):
            compose(message, SENDER)


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(attempt).total_seconds() for attempt in (1, 2, 3, 4, 12, 13, 20)] == [
        1,
        2,
        4,
        8,
        2048,
        3600,
        3600,
    ]
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
    needed = {
        "NOTIFICATIONS_DATABASE_URL": "postgres://x/x",
        "KAFKA_BOOTSTRAP_SERVERS": "x:9092",
        "REDIS_URL": "redis://x",
        "JWKS_URL": "http://x/jwks.json",
        "ROUTER_SECRET": "x" * 32,
        "RPC_SECRET": "x" * 32,
    }
    for name, good in needed.items():
        monkeypatch.setenv(name, good)
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.com")
    assert NotificationsSettings().sender == SENDER  # type: ignore[call-arg]
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError) as rejection:
        NotificationsSettings()  # type: ignore[call-arg]
    assert [problem["type"] for problem in rejection.value.errors()] in (["smtp_url"], ["sender"])
