"""Puts users together: the one place that names concrete classes."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from starlette.routing import Route

from shared.events.event import Recorder
from shared.persistence.work import UnitOfWork
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker
from shared.security.revocations import RevokedSessions
from shared.transaction import Transaction
from subgraphs.users.domain.links import Links, LinkTokens, ResetRequests
from subgraphs.users.domain.openid_ports import Clients, ClientTokens, Codes
from subgraphs.users.domain.ports import (
    AccessTokens,
    Accounts,
    AddressBooks,
    Passwords,
    Reports,
    Revocations,
    Sessions,
    Throttle,
    UsersWork,
)
from subgraphs.users.domain.profile import Profiles
from subgraphs.users.entrypoints import graphql, rpc
from subgraphs.users.entrypoints.client_commands import clients_command
from subgraphs.users.entrypoints.command_line import keys_command, token_command
from subgraphs.users.entrypoints.jwks import jwks_route
from subgraphs.users.entrypoints.openid import Provider, openid_routes
from subgraphs.users.entrypoints.resets import ResetAnswers
from subgraphs.users.entrypoints.workers import Expiry, KeyRotation, Repetition
from subgraphs.users.infrastructure import tables
from subgraphs.users.infrastructure.access_tokens import SignedTokens
from subgraphs.users.infrastructure.accounts import PostgresAccounts
from subgraphs.users.infrastructure.address_books import PostgresAddressBooks
from subgraphs.users.infrastructure.client_tokens import PostgresClientTokens
from subgraphs.users.infrastructure.clients import PostgresClients
from subgraphs.users.infrastructure.codes import PostgresCodes
from subgraphs.users.infrastructure.key_rotation import can_be_rotated, rotate, step_is_due
from subgraphs.users.infrastructure.link_tokens import SecretLinkTokens
from subgraphs.users.infrastructure.links import PostgresLinks
from subgraphs.users.infrastructure.metrics import PrometheusReports
from subgraphs.users.infrastructure.passwords import Argon2Passwords
from subgraphs.users.infrastructure.profiles import PostgresProfiles
from subgraphs.users.infrastructure.reset_requests import PostgresResetRequests
from subgraphs.users.infrastructure.revocations import ValkeyRevocations
from subgraphs.users.infrastructure.sessions import PostgresSessions
from subgraphs.users.infrastructure.throttle import ValkeyThrottle
from subgraphs.users.seed import seed
from subgraphs.users.settings import UsersSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler gets: Postgres, password hashes and tokens."""

    events: Recorder
    transaction: Transaction[UsersWork]
    passwords: Passwords
    throttle: Throttle
    access_tokens: AccessTokens
    revocations: Revocations
    link_tokens: LinkTokens
    reports: Reports = field(default_factory=PrometheusReports)
    accounts: Accounts = field(default_factory=PostgresAccounts)
    sessions: Sessions = field(default_factory=PostgresSessions)
    address_books: AddressBooks = field(default_factory=PostgresAddressBooks)
    profiles: Profiles = field(default_factory=PostgresProfiles)
    links: Links = field(default_factory=PostgresLinks)
    reset_requests: ResetRequests = field(default_factory=PostgresResetRequests)
    clients: Clients = field(default_factory=PostgresClients)
    codes: Codes = field(default_factory=PostgresCodes)
    client_tokens: ClientTokens = field(default_factory=PostgresClientTokens)


def unit_of_work(
    passwords: Passwords,
    throttle: Throttle,
    access_tokens: AccessTokens,
    revocations: Revocations,
    link_tokens: LinkTokens,
) -> UnitOfWork[UsersWork]:
    """Has handlers performed."""

    def begin(events: Recorder) -> UsersWork:
        return PostgresWork(events, work.step, passwords, throttle, access_tokens, revocations, link_tokens)

    work: UnitOfWork[UsersWork] = UnitOfWork(begin)
    return work


def scheduled_rotation(settings: UsersSettings) -> tuple[Worker, ...]:
    """What rotates the keys by itself: nothing without a schedule, or where somebody else writes their file."""
    if settings.key_rotation_days is None:
        return ()
    file, after = settings.signing_keys.path, timedelta(days=settings.key_rotation_days)
    if not can_be_rotated(file):
        logger.warning("keys are not rotated by schedule: %s is written by others", file)
        return ()
    return (Worker("rotate-keys", KeyRotation(lambda: rotate(file) if step_is_due(file, after) else None).run),)


def _openid(settings: UsersSettings, work: UnitOfWork[UsersWork], tokens: SignedTokens) -> Sequence[Route]:
    """The routes of the OpenID provider: none as long as it has no public address."""
    if settings.openid_url is None:
        return ()
    keys = settings.signing_keys.current
    ports = PostgresClients(), PostgresCodes(), PostgresClientTokens()
    provider = Provider(
        settings.openid_url, work, *ports, lambda: keys().signer, lambda: keys().published(), tokens.read
    )
    return openid_routes(provider)


def build() -> Subgraph:
    """Users, configured by the environment."""
    settings = load_settings(UsersSettings)
    tokens = SignedTokens(settings.signing_keys.current, settings.token_issuer, settings.token_audience)
    passwords = Argon2Passwords(settings.argon2_cost, settings.passwords_at_once, settings.passwords_waiting)
    revocations = ValkeyRevocations(RevokedSessions(settings.redis_url))
    link_tokens = SecretLinkTokens(settings.rpc_secret)
    work = unit_of_work(passwords, ValkeyThrottle(settings.redis_url), tokens, revocations, link_tokens)
    return Subgraph(
        name="users",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(work),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.service(PostgresLinks(), link_tokens),),
        routes=(jwks_route(lambda: settings.signing_keys.current().published()), *_openid(settings, work, tokens)),
        workers=(
            Worker("expire-sessions", Expiry(work).run),
            Worker("answer-reset-requests", ResetAnswers(work).run),
            Worker("repeat-revocations", Repetition(work).run),
            *scheduled_rotation(settings),
        ),
        commands=(
            token_command(tokens.issue),
            keys_command(partial(rotate, settings.signing_keys.path)),
            clients_command(work),
        ),
    )
