"""Exchanges an authorization code for tokens."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from subgraphs.users.commands.revocation import revoked
from subgraphs.users.domain.openid import Client, Delegation
from subgraphs.users.domain.ports import Sessions, UsersWork
from subgraphs.users.domain.rejections import CodeInvalid
from subgraphs.users.domain.tokens import EndedSession, EndReason, Origin, RefreshToken, Session, TokenPair

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """A code whose verifier and redirect URI were checked."""

    code: str = field(repr=False)
    client: Client


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A session that has begun, with its tokens."""

    session: Session
    tokens: TokenPair


async def redeem_code(command: RedeemCode, work: UsersWork) -> Redeemed:
    """A new session of whoever granted it. A code that comes again was stolen, and so what it was exchanged for ends.

    Raises:
        CodeInvalid
    """
    begun = await work.transaction(lambda step: _begun(command, step))
    if begun is None:
        await _end_if_reused(command, work)
        raise CodeInvalid
    session, refresh = begun
    work.reports.begun()
    return Redeemed(session, TokenPair(work.access_tokens.issue(session), refresh))


async def _begun(command: RedeemCode, work: UsersWork) -> tuple[Session, RefreshToken] | None:
    code = await work.codes.claim(command.code, command.client.id)
    if code is None:
        return None
    delegation = Delegation(code.client_id, code.scope, code.authenticated_at)
    session, refresh = await work.sessions.begin(code.user_id, Origin(device=command.client.name), delegation)
    await work.codes.bind(command.code, session.id)
    return session, refresh


async def _end_if_reused(command: RedeemCode, work: UsersWork) -> None:
    used = await work.codes.session_of_used(command.code, command.client.id)
    if used is None:
        return

    async def end(sessions: Sessions) -> Sequence[EndedSession]:
        ended = await sessions.end(*used)
        return [ended] if ended else []

    for ended in await revoked(end, EndReason.REUSED, work):
        logger.warning("an authorization code came a second time: session %s is ended", ended.id)
