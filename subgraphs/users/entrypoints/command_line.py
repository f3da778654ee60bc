"""``python -m subgraphs.users token`` and ``keys``: an access token for development, and the keys of all tokens."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from shared.ids import new_id
from shared.runtime.arguments import whole
from shared.runtime.subgraph import Command
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME, AccessToken, Session
from subgraphs.users.queries.users import user_id_of

_LONGEST_LIFETIME = 366 * 86_400


def token_command(issue: Callable[[Session, str, timedelta], AccessToken]) -> Command:
    """Prints a token of an account; ``issue`` makes one of a session, a scope and a lifetime."""

    async def print_token(arguments: argparse.Namespace) -> None:
        user_id = await user_id_of(arguments.email)
        if user_id is None:
            raise SystemExit(f"no account has the address {arguments.email}; register it first")
        session = Session(new_id(), user_id, datetime.now(UTC))  # nobody can end it, or go on with it
        print(issue(session, arguments.scope, timedelta(seconds=arguments.expires_in)).token)

    help_text = "print an access token of an account, with any scope (development)"
    return Command("token", help_text, _arguments, print_token)


def keys_command(rotate: Callable[[], str]) -> Command:
    """Changes the keys that access tokens are signed with; ``rotate`` takes the next step and says which."""

    async def rotate_keys(_: argparse.Namespace) -> None:
        try:
            print(rotate())
        except (ValueError, OSError) as error:
            raise SystemExit(f"the keys were not rotated: {error}") from error

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("action", choices=["rotate"], help="publish the next key, or have it sign")

    return Command("keys", "rotate the keys that access tokens are signed with", arguments, rotate_keys)


def _arguments(parser: argparse.ArgumentParser) -> None:
    lifetime = int(ACCESS_TOKEN_LIFETIME.total_seconds())
    parser.add_argument("--email", required=True, help="the account's e-mail address")
    scope = 'what it allows beside shopping, such as "orders:refund inventory:read"'
    parser.add_argument("--scope", default="", help=scope)
    parser.add_argument(
        "--expires-in",
        type=whole(1, _LONGEST_LIFETIME),
        default=lifetime,
        metavar="SECONDS",
        help=f"how long (default {lifetime}); rotations of the keys end it earlier",
    )
