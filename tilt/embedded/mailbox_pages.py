"""The two pages of the mail sink."""

from html import escape

from tilt.embedded.mailbox_store import Mail, Summary

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
a { color: inherit; text-decoration: none } a:hover { text-decoration: underline }
table { width: 100%; border-collapse: collapse } td { padding: .5rem; border-top: 1px solid #ddd }
td:last-child { white-space: nowrap; color: #666 } dt { color: #666 } dd { margin: 0 0 .5rem }
iframe { width: 100%; height: 32rem; border: 1px solid #ddd }
pre { white-space: pre-wrap; background: #f6f6f6; padding: 1rem }
"""


def list_page(mails: list[Summary]) -> str:
    """All mail, newest first; loads itself anew now and then."""
    rows = "".join(
        f'<tr><td><a href="/read/{escape(mail.id)}"><b>{escape(mail.subject)}</b></a></td>'
        f'<td><a href="/?to={escape(", ".join(mail.to))}">{escape(", ".join(mail.to))}</a></td>'
        f"<td>{escape(mail.received_at[:19].replace('T', ' '))}</td></tr>"
        for mail in mails
    )
    body = f"<table>{rows}</table>" if rows else "<p>No mail yet.</p>"
    return page("Mailbox", '<meta http-equiv="refresh" content="5">', f"<h1>Mailbox</h1>{body}")


def message_page(mail: Mail) -> str:
    """One mail: its HTML walled off in a frame, its text below."""
    shown = {"From": mail.sender, "To": ", ".join(mail.to), "Received": mail.received_at}
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in shown.items())
    frame = f'<iframe sandbox src="/read/{escape(mail.id)}/html" title="HTML part"></iframe>' if mail.html else ""
    text = f"<h2>Text</h2><pre>{escape(mail.text)}</pre>" if mail.text else ""
    body = f'<p><a href="/">&larr; all mail</a></p><h1>{escape(mail.subject)}</h1><dl>{facts}</dl>{frame}{text}'
    return page(mail.subject, "", body)


def page(title: str, head: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{head}<style>{STYLE}</style></head><body>{body}</body></html>"
    )
