"""What the mail sink keeps, also when it is killed while it writes, and shows, whatever was sent."""

import asyncio
import smtplib
from pathlib import Path

import httpx
import pytest

from tilt.embedded.mailbox import create_app
from tilt.embedded.mailbox_store import Store
from tilt.embedded.ports import free_port

MAIL = b"From: Mercato <shop@mercato.example>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHello\r\n"


def test_a_mail_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    store = Store(tmp_path / "mail")
    store.add(MAIL, ["Ada@Example.com", "bob@example.com"])
    (summary,) = store.list(None)
    mail = store.open(summary.id)
    assert mail is not None
    assert (mail.sender, mail.subject, mail.text) == ("Mercato <shop@mercato.example>", "Grüße", "Hello\r\n")
    assert mail.to == ["ada@example.com", "bob@example.com"]
    assert store.open("another") is None


def test_the_list_is_newest_first_and_by_recipient(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for address in ("ada@example.com", "bob@example.com", "ada@example.com"):
        store.add(MAIL, [address])
    everything = store.list(None)
    assert [summary.received_at for summary in everything] == sorted(
        (each.received_at for each in everything), reverse=True
    )
    assert len(store.list("ADA@example.com")) == 2
    assert store.list("eve@example.com") == []


def test_mail_is_there_after_a_restart_and_more_can_follow(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add(MAIL, ["ada@example.com"])
    store.add(MAIL + b"\n{}\n", ["bob@example.com"])
    restarted = Store(tmp_path)
    assert restarted.list(None) == store.list(None)
    restarted.add(MAIL, ["eve@example.com"])
    assert [summary.to for summary in Store(tmp_path).list(None)] == [
        ["eve@example.com"],
        ["bob@example.com"],
        ["ada@example.com"],
    ]


def test_a_mail_that_was_cut_short_by_a_kill_costs_no_other(tmp_path: Path) -> None:
    whole = Store(tmp_path / "whole")
    for address in ("ada@example.com", "bob@example.com"):
        whole.add(MAIL, [address])
    written = (tmp_path / "whole" / "mails").read_bytes()
    first = len(written) // 2
    for length in range(first, len(written)):
        folder = tmp_path / str(length)
        folder.mkdir()
        (folder / "mails").write_bytes(written[:length])
        store = Store(folder)
        assert [summary.to for summary in store.list(None)] == [["ada@example.com"]]
        store.add(MAIL, ["eve@example.com"])
        assert [summary.to for summary in Store(folder).list(None)] == [["eve@example.com"], ["ada@example.com"]]


def test_all_can_be_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add(MAIL, ["ada@example.com"])
    store.clear()
    assert store.list(None) == Store(tmp_path).list(None) == []
    store.add(MAIL, ["bob@example.com"])
    (summary,) = store.list(None)
    assert store.open(summary.id) is not None


NONSENSE = [
    b"From: x\r\nSubject: =?utf-7?q?+2AA-?=\r\nTo: =?unicode_escape?q?=5Cud800?=@b.de\r\n\r\nHello\r\n",
    b"From: =?hex?q?zz?= <a@b.de>\r\nSubject: =?idna?q?=FF?=\r\n\r\nHello\r\n",
    b"Subject: \xff\xfe\r\nContent-Type: text/plain; charset=unheard-of\r\n\r\nHello \xff\r\n",
    b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\ud800\r\n",
    b"Content-Type: text/html; charset=hex\r\n\r\nzz\r\n",
    b'Content-Type: multipart/alternative; boundary=""\r\n\r\n--\r\n',
    b"Content-Type: \r\nFrom:\r\n\r\n",
    b"\xff: \xff\r\n\r\n\xff",
    b"",
]


@pytest.mark.parametrize("content", NONSENSE)
async def test_a_mail_that_cannot_be_decoded_is_shown_all_the_same(tmp_path: Path, content: bytes) -> None:
    store = Store(tmp_path)
    store.add(content, ["\ud800@b.de", "", "ada@example.com"])
    transport = httpx.ASGITransport(create_app(store, "127.0.0.1", 0, []))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        (listed,) = (await http.get("/messages", params={"to": "ada@example.com"})).json()
        assert listed["to"] == ["\\ud800@b.de", "", "ada@example.com"]
        for path in ("/", f"/messages/{listed['id']}", f"/read/{listed['id']}", f"/read/{listed['id']}/html"):
            assert (await http.get(path)).status_code == 200


async def test_a_header_that_cannot_be_decoded_is_shown_as_it_was_sent(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add(b"Subject: =?utf-7?q?+2AA-?=\r\n\r\n", ["ada@example.com"])
    assert store.list(None)[0].subject.endswith("=?utf-7?q?+2AA-?=")


async def test_mail_goes_to_the_address_as_it_was_written(tmp_path: Path) -> None:
    store, port = Store(tmp_path), free_port()
    app = create_app(store, "127.0.0.1", port, [])
    async with app.router.lifespan_context(app):
        await asyncio.to_thread(send, port, "=?utf-8?q?x?=@b.de")
    assert [each.to for each in store.list(None)] == [["=?utf-8?q?x?=@b.de"]]


def send(port: int, address: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail("shop@mercato.example", [address], MAIL)
