"""Addresses and names as settings have them.

Each function answers what it is given, or raises ValueError: how to write it.

The mesh without a cluster reads its settings by these, too: whatever is wrong is told before anything is started.
"""

import re
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>\d{1,5}))?")
_MOST_PORTS = 65535


def http_url(text: str) -> str:
    """An address of HTTP, such as https://shop.example.com/keys."""
    return _url(text, ("http", "https"), "http://127.0.0.1:4101/.well-known/jwks.json")


def redis_url(text: str) -> str:
    """An address of Valkey or Redis."""
    return text if text.startswith("unix://") else _url(text, ("redis", "rediss"), "redis://127.0.0.1:6379/0")


def smtp_url(text: str) -> str:
    """An address of a mail server."""
    return _url(text, ("smtp", "smtps"), "smtp://mail.example.com:587")


def database_url(text: str) -> str:
    """An address of a database of Postgres."""
    example = "postgres://user:password@host:5432/database"
    if not urlsplit(_url(text, ("postgres", "postgresql"), example)).path.strip("/"):
        raise ValueError(f"write an address such as {example}")
    return text


def kafka_servers(text: str) -> str:
    """Addresses of Kafka's brokers, parted by commas."""
    if not all(_is_server(each.strip()) for each in text.split(",")):
        raise ValueError("write addresses such as kafka-1:9092,kafka-2:9092")
    return text


def server(text: str) -> str:
    """A host and a port."""
    if not _is_server(text) or ":" not in text.rpartition("]")[2]:
        raise ValueError("write an address such as 127.0.0.1:4205")
    return text


def time_zone(name: str) -> str:
    """A time zone by its name in the database of IANA."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone has this name; write one of IANA, such as Europe/Paris or UTC") from None
    return name


def _url(text: str, schemes: tuple[str, ...], example: str) -> str:
    parts = _parts(text)
    if parts is None or parts.scheme not in schemes or not parts.hostname or re.search(r"\s", text):
        raise ValueError(f"write an address such as {example}")
    return text


def _parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return None if parts.port == 0 else parts
    except ValueError:  # a port that is no number, or none of a server
        return None


def _is_server(text: str) -> bool:
    found = _SERVER.fullmatch(text)
    return found is not None and 0 < int(found["port"] or 1) <= _MOST_PORTS
