"""Forgets sessions whose time is over."""

from dataclasses import dataclass

from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class ForgetSessions:
    """Those that have expired."""


async def forget_sessions(_: ForgetSessions, work: UsersWork) -> None:
    """Nothing waits for it, since an expired token is rejected anyway."""
    await work.sessions.forget_expired()
    await work.codes.forget_expired()
    await work.client_tokens.forget_machines()
