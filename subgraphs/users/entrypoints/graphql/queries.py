"""What users shows."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ariadne import ObjectType, QueryType

from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.dataloader import data_loader
from shared.graphql.federation import Entity
from subgraphs.users.queries.address_forms import AddressForm, address_form
from subgraphs.users.queries.sessions import SessionView, sessions_of
from subgraphs.users.queries.users import UserView, users_by_id


class UserQueries:
    """The caller, and what anybody may know of addresses."""

    def bindable(self) -> QueryType:
        """The resolvers."""
        query = QueryType()
        query.set_field("me", self._me)
        query.set_field("addressForm", self._address_form)
        return query

    async def _me(self, _: object, info: Info) -> UserView | None:
        """Null when the account is gone although its token has not ended yet."""
        user_id = require_principal(info).user_id
        return (await users_by_id([user_id])).get(user_id)

    def _address_form(self, _: object, info: Info, *, country: str) -> AddressForm | None:
        return address_form(country)


class SessionFields:
    """Where a user is logged in."""

    def bindables(self) -> tuple[ObjectType, ObjectType]:
        """The resolvers."""
        user, session = ObjectType("User"), ObjectType("Session")
        user.set_field("sessions", self._sessions)
        session.set_field("isCurrent", self._is_current)
        return user, session

    async def _sessions(self, user: UserView, info: Info) -> list[SessionView]:
        return await data_loader(info.context, "sessions", sessions_of).get(user.id)

    def _is_current(self, session: SessionView, info: Info) -> bool:
        return require_principal(info).session_id == session.id


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, UserView]:
    """The caller alone; whoever else is asked for looks like nobody."""
    own = [user_id for user_id in ids if context.principal and user_id == context.principal.user_id]
    return await users_by_id(own) if own else {}


ENTITIES = (Entity("User", UserView, load_users),)
