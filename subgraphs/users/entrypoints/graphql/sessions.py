"""The mutations that begin sessions, go on with them and end them."""

from typing import Any

from ariadne import MutationType

from shared.graphql.context import Info, require_principal
from shared.graphql.mutations import payload
from shared.persistence.work import UnitOfWork
from subgraphs.users.commands.end_session import EndSession, end_session, log_out
from subgraphs.users.commands.end_sessions import EndSessions, end_sessions
from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.commands.register import register
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import LoggedIn
from subgraphs.users.entrypoints.graphql.inputs import Input, registration, session_id
from subgraphs.users.entrypoints.graphql.origins import origin_of
from subgraphs.users.entrypoints.graphql.rejections import user_error
from subgraphs.users.queries.users import users_by_id


class SessionMutations:
    """Their handlers wait for password hashes, and have no transaction while they do."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("userRegister", payload(self._register, user_error))
        mutations.set_field("userLogin", payload(self._log_in, user_error))
        mutations.set_field("tokenRefresh", payload(self._refresh, user_error))
        mutations.set_field("userLogOut", payload(self._log_out, user_error))
        mutations.set_field("userLogOutEverywhere", payload(self._log_out_everywhere, user_error))
        mutations.set_field("sessionRevoke", payload(self._revoke, user_error))
        return mutations

    async def _register(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return await _logged_in(await self._work.perform_alone(register, registration(input, origin_of(info))))

    async def _log_in(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return await _logged_in(await self._work.perform_alone(log_in, LogIn(**input, origin=origin_of(info))))

    async def _refresh(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = RefreshSession(input["refresh_token"], origin_of(info))
        return {"tokens": await self._work.perform_alone(refresh_session, command)}

    async def _log_out(self, _: object, info: Info) -> dict[str, Any]:
        caller = require_principal(info)
        command = EndSession(caller.user_id, caller.session_id)
        return {"ended_id": await self._work.perform_alone(log_out, command)}

    async def _log_out_everywhere(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        caller = require_principal(info)
        command = EndSessions(caller.user_id, caller.session_id if input["keep_current"] else None)
        return {"ended_count": await self._work.perform_alone(end_sessions, command)}

    async def _revoke(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = EndSession(require_principal(info).user_id, session_id(input))
        return {"ended_id": await self._work.perform_alone(end_session, command)}


async def _logged_in(begun: LoggedIn) -> dict[str, Any]:
    return {"user": (await users_by_id([begun.user_id])).get(begun.user_id), "tokens": begun.tokens}
