"""Ends sessions before their time."""

from collections.abc import Awaitable, Callable, Sequence

from subgraphs.users.domain.events import session_revoked
from subgraphs.users.domain.ports import Sessions, UsersWork
from subgraphs.users.domain.tokens import EndedSession, EndReason

End = Callable[[Sessions], Awaitable[Sequence[EndedSession]]]
Change = Callable[[UsersWork], Awaitable[Sequence[EndedSession]]]


async def revoked(end: End, reason: EndReason, work: UsersWork) -> Sequence[EndedSession]:
    """What ``end`` ends, with an event of each, in one transaction; then their access tokens are refused, too.

    Not for use within a transaction: what it would undo was told to all by then.
    """

    return await revoked_with(lambda its: end(its.sessions), reason, work)


async def revoked_with(change: Change, reason: EndReason, work: UsersWork) -> Sequence[EndedSession]:
    """The same for a change of an account that ends sessions, in one transaction with it."""

    async def step(its: UsersWork) -> Sequence[EndedSession]:
        ended = await change(its)
        its.events.record(*(session_revoked(each, reason) for each in ended))
        return ended

    ended = await work.transaction(step)
    if ended:
        await work.revocations.tell([each.id for each in ended])
        work.reports.revoked(reason, len(ended))
    return ended
