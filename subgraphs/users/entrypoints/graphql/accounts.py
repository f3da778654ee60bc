"""The mutations of the caller's account, and those of mailed links."""

from typing import Any
from uuid import UUID

from ariadne import MutationType

from shared.email import is_email
from shared.graphql.context import Info, require_principal
from shared.graphql.form import Form
from shared.graphql.mutations import payload
from shared.persistence.work import UnitOfWork
from shared.text import trimmed
from subgraphs.users.commands.change_email import ChangeEmail, change_email
from subgraphs.users.commands.change_password import ChangePassword, change_password
from subgraphs.users.commands.confirm_email_change import ConfirmEmailChange, confirm_email_change
from subgraphs.users.commands.rename_user import RenameUser, rename_user
from subgraphs.users.commands.request_email_verification import (
    RequestEmailVerification,
    request_email_verification,
)
from subgraphs.users.commands.request_password_reset import RequestPasswordReset, request_password_reset
from subgraphs.users.commands.reset_password import ResetPassword, reset_password
from subgraphs.users.commands.undo_email_change import UndoEmailChange, undo_email_change
from subgraphs.users.commands.verify_email import VerifyEmail, verify_email
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.entrypoints.graphql.inputs import LONGEST_NAME, Input
from subgraphs.users.entrypoints.graphql.rejections import INVALID, invalid, user_error
from subgraphs.users.queries.users import users_by_id


class AccountMutations:
    """Those that wait for password hashes have no transaction while they do."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("userVerifyEmail", payload(self._verify, user_error))
        mutations.set_field("userRequestEmailVerification", payload(self._request_verification, user_error))
        mutations.set_field("userRequestPasswordReset", payload(self._request_reset, user_error))
        mutations.set_field("userResetPassword", payload(self._reset, user_error))
        mutations.set_field("userChangePassword", payload(self._change_password, user_error))
        mutations.set_field("userUpdate", payload(self._update, user_error))
        mutations.set_field("userChangeEmail", payload(self._change_email, user_error))
        mutations.set_field("userConfirmEmailChange", payload(self._confirm, user_error))
        mutations.set_field("userUndoEmailChange", payload(self._undo, user_error))
        return mutations

    async def _verify(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = VerifyEmail(require_principal(info).user_id, trimmed(input["token"]))
        return await _user(await self._work.perform(verify_email, command))

    async def _request_verification(self, _: object, info: Info) -> dict[str, Any]:
        command = RequestEmailVerification(require_principal(info).user_id)
        return {"sent_to": await self._work.perform(request_email_verification, command)}

    async def _request_reset(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = RequestPasswordReset(_email(input["email"], "email"))
        await self._work.perform_alone(request_password_reset, command)
        return {}

    async def _reset(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = ResetPassword(trimmed(input["token"]), input["password"])
        await self._work.perform_alone(reset_password, command)
        return {}

    async def _change_password(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        caller = require_principal(info)
        command = ChangePassword(caller.user_id, caller.session_id, input["current_password"], input["new_password"])
        return {"ended_count": await self._work.perform_alone(change_password, command)}

    async def _update(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        form = Form(INVALID)
        name = form.text(input["name"], "The name", LONGEST_NAME, "name")
        form.check()
        return await _user(await self._work.perform(rename_user, RenameUser(require_principal(info).user_id, name)))

    async def _change_email(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        new_email = _email(input["new_email"], "newEmail")
        command = ChangeEmail(require_principal(info).user_id, new_email, input["current_password"])
        return {"sent_to": await self._work.perform_alone(change_email, command)}

    async def _confirm(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        command = ConfirmEmailChange(require_principal(info).user_id, trimmed(input["token"]))
        return await _user(await self._work.perform(confirm_email_change, command))

    async def _undo(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        await self._work.perform_alone(undo_email_change, UndoEmailChange(trimmed(input["token"])))
        return {}


def _email(typed: str, field: str) -> str:
    form, email = Form(INVALID), trimmed(typed)
    if not is_email(email):
        form.note(invalid("This is no e-mail address; write one such as ada@example.com.", field))
    form.check()
    return email


async def _user(user_id: UUID) -> dict[str, Any]:
    return {"user": (await users_by_id([user_id])).get(user_id)}
