"""The part of users in the supergraph; the contract is ``schema/users.graphql``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ariadne import MutationType, QueryType

from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.federation import Entity
from shared.graphql.mutations import payload
from shared.ids import try_parse_id
from subgraphs.users.commands import change_address_book as book
from subgraphs.users.commands.log_in import log_in
from subgraphs.users.commands.refresh_session import refresh_session
from subgraphs.users.commands.register import register
from subgraphs.users.domain.address import checked_address
from subgraphs.users.domain.tokens import TokenPair
from subgraphs.users.infrastructure.access_tokens import AccessTokens
from subgraphs.users.infrastructure.passwords import Passwords
from subgraphs.users.infrastructure.throttle import LoginThrottle
from subgraphs.users.queries.users import UserView, users_by_id

Input = Mapping[str, Any]

query = QueryType()
address_mutations = MutationType()


@query.field("me")
async def resolve_me(_: object, info: Info) -> UserView | None:
    """The caller; null when the account is gone although its token has not ended yet."""
    user_id = require_principal(info).user_id
    return (await users_by_id([user_id])).get(user_id)


@address_mutations.field("addressCreate")
@payload
async def resolve_address_create(_: object, info: Info, *, input: Input) -> dict[str, Any]:
    """Adds an address."""
    return {"address": await book.create_address(require_principal(info).user_id, checked_address(**input["address"]))}


@address_mutations.field("addressUpdate")
@payload
async def resolve_address_update(_: object, info: Info, *, input: Input) -> dict[str, Any]:
    """Gives an address other content."""
    address = checked_address(**input["address"])
    return {"address": await book.update_address(require_principal(info).user_id, try_parse_id(input["id"]), address)}


@address_mutations.field("addressDelete")
@payload
async def resolve_address_delete(_: object, info: Info, *, input: Input) -> dict[str, Any]:
    """Removes an address."""
    return {"deleted_id": await book.delete_address(require_principal(info).user_id, try_parse_id(input["id"]))}


@address_mutations.field("addressSetDefault")
@payload
async def resolve_address_set_default(_: object, info: Info, *, input: Input) -> dict[str, Any]:
    """Makes an address the default."""
    return {"address": await book.set_default_address(require_principal(info).user_id, try_parse_id(input["id"]))}


@dataclass(frozen=True, slots=True)
class Sessions:
    """The mutations that begin and go on with sessions, and what they need for it."""

    passwords: Passwords
    throttle: LoginThrottle
    tokens: AccessTokens

    def bindable(self) -> MutationType:
        """The resolvers."""
        mutations = MutationType()
        mutations.set_field("userRegister", payload(self._register))
        mutations.set_field("userLogin", payload(self._log_in))
        mutations.set_field("tokenRefresh", payload(self._refresh))
        return mutations

    async def _register(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return await _logged_in(
            *await register(**input, passwords=self.passwords, throttle=self.throttle, tokens=self.tokens)
        )

    async def _log_in(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        begun = await log_in(**input, passwords=self.passwords, throttle=self.throttle, tokens=self.tokens)
        return await _logged_in(*begun)

    async def _refresh(self, _: object, info: Info, *, input: Input) -> dict[str, Any]:
        return {"tokens": await refresh_session(input["refresh_token"], self.tokens)}


async def _logged_in(user_id: UUID, tokens: TokenPair) -> dict[str, Any]:
    return {"user": (await users_by_id([user_id])).get(user_id), "tokens": tokens}


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, UserView]:
    """The caller alone; whoever else is asked for looks like nobody."""
    own = [user_id for user_id in ids if context.principal and user_id == context.principal.user_id]
    return await users_by_id(own) if own else {}


BINDABLES = (query, address_mutations)
ENTITIES = (Entity("User", UserView, load_users),)
