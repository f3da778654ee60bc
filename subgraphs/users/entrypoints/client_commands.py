"""``python -m subgraphs.users clients``: the clients of the OpenID provider."""

import argparse
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from uuid import UUID

from shared.ids import try_parse_id
from shared.persistence.work import UnitOfWork
from shared.runtime.subgraph import Command
from shared.text import trimmed
from subgraphs.users.commands.add_client import AddClient, add_client
from subgraphs.users.commands.remove_client import RemoveClient, remove_client
from subgraphs.users.domain.openid import NewClient
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import ClientNotFound
from subgraphs.users.queries.clients import all_clients

_LONGEST_NAME = 100
_LONGEST_URI = 2000
_SCOPE = re.compile(r"[a-z][a-z-]*:[a-z][a-z-]*")
_APP_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")  # RFC 8252: a name of a domain, turned around
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def clients_command(work: UnitOfWork[UsersWork]) -> Command:
    """Adds, lists and removes clients."""

    async def run(arguments: argparse.Namespace) -> None:
        actions: dict[str, Callable[[argparse.Namespace, UnitOfWork[UsersWork]], Awaitable[None]]]
        actions = {"add": _add, "list": _list, "remove": _remove}
        await actions[arguments.change](arguments, work)

    help_text = "register the clients of the OpenID provider: applications that sign people in, and machines"
    return Command("clients", help_text, _arguments, run)


async def _add(arguments: argparse.Namespace, work: UnitOfWork[UsersWork]) -> None:
    added = await work.perform(add_client, AddClient(_client(arguments)))
    print(f"client_id: {added.id}")
    print(f"client_secret: {added.secret}" if added.secret else "It is public, and has no secret.")
    if added.secret:
        print("Keep the secret: it is not kept here, and can't be shown again.")


async def _list(_: argparse.Namespace, __: UnitOfWork[UsersWork]) -> None:
    for client in await all_clients():
        print(f"{client.id}  {client.name}  {client.scopes or client.redirect_uris}")


async def _remove(arguments: argparse.Namespace, work: UnitOfWork[UsersWork]) -> None:
    try:
        await work.perform_alone(remove_client, RemoveClient(arguments.id))
    except ClientNotFound:
        raise SystemExit(f"there is no client {arguments.id}; `clients list` has them") from None
    print("It is removed; what it holds opens nothing any more.")


def _client(arguments: argparse.Namespace) -> NewClient:
    """Ends the process with a line when the options contradict each other."""
    if arguments.redirect_uri and arguments.scope:
        raise SystemExit("a client signs people in (--redirect-uri) or is a machine (--scope); register two")
    if not arguments.redirect_uri and not arguments.scope:
        raise SystemExit("give --redirect-uri, where people come back to, or --scope, what a machine may do")
    if arguments.scope and (arguments.public or arguments.post_logout_redirect_uri):
        raise SystemExit("a machine has a secret and signs nobody out: leave out --public, --post-logout-redirect-uri")
    return NewClient(
        arguments.name,
        tuple(arguments.redirect_uri),
        tuple(arguments.post_logout_redirect_uri),
        tuple(dict.fromkeys(arguments.scope)),
        arguments.public,
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="change", required=True, metavar="add | list | remove")
    _arguments_of_add(actions.add_parser("add", help="register a client, and print its id and its secret once"))
    actions.add_parser("list", help="show the clients")
    remove = actions.add_parser("remove", help="end a client, and all that it holds")
    remove.add_argument("id", type=_id, metavar="CLIENT_ID")


def _arguments_of_add(add: argparse.ArgumentParser) -> None:
    add.add_argument("--name", required=True, type=_name, help="what people are shown of it")
    for option, purpose in (
        ("--redirect-uri", "where it is answered, exactly; can be repeated"),
        ("--post-logout-redirect-uri", "where people may come back to once signed out; can be repeated"),
    ):
        add.add_argument(option, action="append", default=[], type=_uri, metavar="URI", help=purpose)
    may_do = 'what a machine may do, such as "orders:read inventory:read"'
    add.add_argument("--scope", action="extend", default=[], type=_scopes, metavar="SCOPE", help=may_do)
    add.add_argument("--public", action="store_true", help="it can keep no secret: an app on a phone, or in a browser")


def _name(text: str) -> str:
    name = trimmed(text)
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise argparse.ArgumentTypeError(f"a name has 1 to {_LONGEST_NAME} characters that can be seen")
    return name


def _scopes(text: str) -> list[str]:
    if not text.split() or not all(_SCOPE.fullmatch(word) for word in text.split()):
        raise argparse.ArgumentTypeError(f'{text[:50]!a} is not permissions such as "orders:read inventory:read"')
    return text.split()


def _id(text: str) -> UUID:
    found = try_parse_id(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text[:50]!a} is no client_id; `clients list` has them")
    return found


def _uri(text: str) -> str:
    """https, http of this machine alone, or an app's own scheme; compared letter by letter later."""
    try:
        parts = urlsplit(text)
        known = parts.scheme, parts.hostname, parts.port
    except ValueError:
        known = "", None, None
    scheme, host, _ = known
    is_web = bool(host) and (scheme == "https" or (scheme == "http" and host in _LOOPBACK))
    is_fit = text.isascii() and text.isprintable() and not set(text) & set(' "#\\<>;,') and len(text) <= _LONGEST_URI
    if not is_fit or "@" in text or not (is_web or _APP_SCHEME.fullmatch(scheme)):
        raise argparse.ArgumentTypeError(
            f"{text[:50]!a} is no such address: https://..., http://127.0.0.1..., or com.example.app:/..., without #"
        )
    return text
