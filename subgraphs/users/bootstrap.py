"""Puts users together."""

import argparse
from datetime import timedelta

from shared.runtime.arguments import whole
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Command, Subgraph
from shared.runtime.workers import Worker
from subgraphs.users.commands.expire_sessions import expire_sessions
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME
from subgraphs.users.entrypoints import graphql
from subgraphs.users.entrypoints.jwks import jwks_route
from subgraphs.users.infrastructure import tables
from subgraphs.users.infrastructure.access_tokens import AccessTokens
from subgraphs.users.infrastructure.passwords import Passwords
from subgraphs.users.infrastructure.throttle import LoginThrottle
from subgraphs.users.queries.users import user_id_of
from subgraphs.users.seed import seed
from subgraphs.users.settings import UsersSettings


def build() -> Subgraph:
    """Users, configured by the environment."""
    settings = load_settings(UsersSettings)
    tokens = AccessTokens(settings.signing_keys.current, settings.token_issuer, settings.token_audience)
    passwords = Passwords(settings.argon2_cost, settings.passwords_at_once, settings.passwords_waiting)
    sessions = graphql.Sessions(passwords, LoginThrottle(settings.redis_url), tokens)
    return Subgraph(
        name="users",
        settings=settings,
        tables=tables,
        bindables=(*graphql.BINDABLES, sessions.bindable()),
        entities=graphql.ENTITIES,
        seed=seed,
        routes=(jwks_route(settings.signing_keys.current),),
        workers=(Worker("expire-sessions", expire_sessions),),
        commands=(_token_command(tokens),),
    )


def _token_command(tokens: AccessTokens) -> Command:
    async def print_token(arguments: argparse.Namespace) -> None:
        user_id = await user_id_of(arguments.email)
        if user_id is None:
            raise SystemExit(f"no account has the address {arguments.email}; register it first")
        print(tokens.issue(user_id, arguments.scope, timedelta(seconds=arguments.expires_in)).token)

    return Command(
        "token", "print an access token of an account, with any scope (development)", _token_arguments, print_token
    )


_LONGEST_LIFETIME = 366 * 86_400


def _token_arguments(parser: argparse.ArgumentParser) -> None:
    lifetime = int(ACCESS_TOKEN_LIFETIME.total_seconds())
    parser.add_argument("--email", required=True, help="the account's e-mail address")
    parser.add_argument(
        "--scope", default="", help='what it allows beside shopping, such as "orders:refund inventory:read"'
    )
    parser.add_argument(
        "--expires-in",
        type=whole(1, _LONGEST_LIFETIME),
        default=lifetime,
        metavar="SECONDS",
        help=f"how long (default {lifetime})",
    )
