"""What the mail sink keeps, also when it is killed while it writes."""

from pathlib import Path

from tilt.embedded.mailbox_store import Store

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
    assert [summary.received_at for summary in everything] == sorted((each.received_at for each in everything), reverse=True)
    assert len(store.list("ADA@example.com")) == 2
    assert store.list("eve@example.com") == []


def test_mail_is_there_after_a_restart_and_more_can_follow(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add(MAIL, ["ada@example.com"])
    store.add(MAIL + b"\n{}\n", ["bob@example.com"])
    restarted = Store(tmp_path)
    assert restarted.list(None) == store.list(None)
    restarted.add(MAIL, ["eve@example.com"])
    assert [summary.to for summary in Store(tmp_path).list(None)] == [["eve@example.com"], ["bob@example.com"], ["ada@example.com"]]


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
