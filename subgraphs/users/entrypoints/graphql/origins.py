"""Where a request came from, of what routers tell. A client may say anything here, and nothing is decided by it."""

from ipaddress import IPv6Address, ip_address

from shared.graphql.context import Info
from shared.text import trimmed
from subgraphs.users.domain.tokens import Origin

_LONGEST_DEVICE = 200


def origin_of(info: Info) -> Origin:
    """Of what is no name of a program or no address, nothing is known."""
    return Origin(_device(info.context.user_agent or ""), _place(info.context.forwarded_for or ""))


def _device(user_agent: str) -> str | None:
    name = trimmed(user_agent)[:_LONGEST_DEVICE]
    return name if name.isprintable() and name else None


def _place(forwarded_for: str) -> str | None:
    """The last address is of whom the router, or the proxy in front of it, saw; those before are hearsay."""
    last = forwarded_for.rpartition(",")[2].strip()
    try:
        address = ip_address(last)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return None if address.scope_id else str(address.ipv4_mapped or address)
    return str(address)
